"""A packet -> one text for readers without a browser, such as language models."""

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from metrics.rating.items import CANNOT_TELL, LEVELS, TIE, label_choices
from metrics.rating.packet import FORMAT, Packet
from metrics.rating.rating_page import page_order

TEMPLATE = "reading_packet.md.j2"


def render_reading_packet(packet: Packet, rater: str = "", random_seed: int = 0) -> str:
    """Render the packet as Markdown, with the form of the answer that `rate collect` reads.

    Args:
        packet: What to rate.
        rater: Name for the example answer; empty leaves a placeholder.
        random_seed: Start of the order of dialogues and pairs, with the rater's name.

    Returns:
        Markdown; each utterance is one line that begins with its number and role.
    """
    order, pairs = page_order(packet, rater, random_seed)
    dialogues = {dialogue.id: dialogue for dialogue in packet.dialogues}
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,
        keep_trailing_newline=True,
    )
    environment.filters["one_line"] = lambda text: " ".join(text.split())
    return environment.get_template(TEMPLATE).render(
        packet=packet,
        dialogues=[dialogues[name] for name in order],
        pairs=pairs,
        labels=label_choices(),
        example=_example(packet, order[0], rater),
        cannot_tell=CANNOT_TELL,
        tie=TIE,
    )


def _example(packet: Packet, first: str, rater: str) -> str:
    """Show the form of an answer, with the middle of the scale for every item of one dialogue."""
    example = {
        "format": FORMAT,
        "packet": packet.hash,
        "rater": rater or "your name",
        "ratings": {first: {item.name: LEVELS[len(LEVELS) // 2] for item in packet.items}},
        "checks": {},
        "preferences": {},
        "comments": {first: "what decided the ratings, in a sentence"},
    }
    return json.dumps(example, ensure_ascii=False, indent=1)
