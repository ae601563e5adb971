"""A packet -> one HTML page that needs no server and no network."""

import base64
import hashlib
import json
import random
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from metrics.rating.items import CANNOT_TELL, LEVELS, TIE, label_choices
from metrics.rating.packet import FORMAT, Packet, Pair

PAGE = Path(__file__).with_name("page")
SCRIPTS = ("store.js", "view.js", "main.js")


def render_page(packet: Packet, rater: str = "", random_seed: int = 0) -> str:
    """Render the rating page.

    Args:
        packet: What to rate.
        rater: Name of the only rater who may use the page; empty lets the rater type one.
        random_seed: Start of the order of dialogues and pairs, with the rater's name: each named rater has
            an order of their own.

    Returns:
        HTML; the same arguments give the same text. Its policy allows the page's own script and style and
        nothing else, no network included.
    """
    style = (PAGE / "rating.css").read_text(encoding="utf-8")
    script = "\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    script = f'"use strict";\n{script}'
    interface = read_interface()
    environment = Environment(loader=FileSystemLoader(PAGE), undefined=StrictUndefined, autoescape=True)
    return environment.get_template("rating.html.j2").render(
        title=interface["title"]["ko"],
        needs_script=interface["needs_script"]["ko"],
        style=style,
        style_hash=_source_hash(style),
        script=script,
        script_hash=_source_hash(script),
        data=json_for_script(_page_data(packet, rater, random_seed) | {"interface": interface}),
    )


def read_interface() -> dict[str, dict[str, str]]:
    """Read the page's own texts: by key, then by language."""
    return tomllib.loads((PAGE / "interface.toml").read_text(encoding="utf-8"))


def json_for_script(value: Any) -> str:
    r"""Write JSON that may stand inside a script element whatever its strings hold.

    Example:
        >>> json_for_script("</script>")
        '"\\u003c/script>"'
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def page_order(packet: Packet, rater: str, random_seed: int) -> tuple[list[str], list[Pair]]:
    """Shuffle dialogues, pairs, and the two dialogues of each pair for one rater.

    Args:
        packet: What to rate.
        rater: Name of the rater, empty if unknown.
        random_seed: Start of the draws, with the rater's name.

    Returns:
        Ids of all dialogues, and all pairs.
    """
    rng = random.Random(f"{random_seed}/{rater}")
    order = [dialogue.id for dialogue in packet.dialogues]
    rng.shuffle(order)
    pairs = [Pair(id=pair.id, dialogues=tuple(rng.sample(pair.dialogues, 2))) for pair in packet.pairs]
    rng.shuffle(pairs)
    return order, pairs


def _page_data(packet: Packet, rater: str, random_seed: int) -> dict[str, Any]:
    order, pairs = page_order(packet, rater, random_seed)
    return asdict(packet) | {
        "format": FORMAT,
        "packet": packet.hash,
        "rater": rater,
        "order": order,
        "pairs": [asdict(pair) for pair in pairs],
        "labels": label_choices(),
        "levels": LEVELS,
        "cannot_tell": CANNOT_TELL,
        "tie": TIE,
    }


def _source_hash(source: str) -> str:
    """Name an inline script or style in a Content-Security-Policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
