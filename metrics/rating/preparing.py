"""Dialogues of several sources -> the packet for raters and its key."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kmi import Category
from metrics.dialogues import Dialogue
from metrics.rating.content_notes import content_notes
from metrics.rating.items import Item
from metrics.rating.packet import Key, KeyDialogue, Packet, Pair, ShownDialogue, ShownUtterance
from metrics.rating.sampling import draw_checks, draw_dialogues, draw_pairs

CATEGORIES = {str(category): category for category in Category}


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSettings:
    """What to draw.

    Attributes:
        n: Dialogues of each source.
        n_checks: Most utterances to label in each dialogue.
        n_pairs: Most pairs to compare.
    """

    n: int
    n_checks: int
    n_pairs: int
    random_seed: int

    def __post_init__(self) -> None:
        """Refuse numbers that draw nothing."""
        for name, least in (("n", 1), ("n_checks", 0), ("n_pairs", 0)):
            if (value := getattr(self, name)) < least:
                option = name.removeprefix("n_")
                raise ValueError(f"--{option} is {value}; allowed is {least} or more")


def build_packet(
    sources: Mapping[str, Sequence[Dialogue]],
    items: Sequence[Item],
    settings: PacketSettings,
    command: str = "",
) -> tuple[Packet, Key]:
    """Draw dialogues and put them under blinded ids.

    Args:
        sources: Dialogues by the source's name, at least one source.
        items: Questions to ask of each dialogue.
        settings: How much to draw, and the random seed.
        command: What rebuilds the packet, for the key.

    Returns:
        The packet for raters and its key; the same arguments give the same two.

    Raises:
        ValueError: If a source has too few dialogues, or one has utterances without text.
    """
    rng = random.Random(settings.random_seed)
    drawn = draw_dialogues(sources, settings.n, rng)
    origins = [(source, dialogue) for source, dialogues in drawn.items() for dialogue in dialogues]
    rng.shuffle(origins)
    blinded = {id(dialogue): f"D{number:02d}" for number, (_, dialogue) in enumerate(origins, start=1)}
    labels = {
        f"{blinded[id(dialogue)]}.{number}": str(dialogue.labels[number - 1])
        for _, dialogue in origins
        for number in draw_checks(dialogue, settings.n_checks, rng)
    }
    packet = Packet(
        items=tuple(items),
        dialogues=tuple(_shown(dialogue, blinded[id(dialogue)], source) for source, dialogue in origins),
        checks=tuple(labels),
        pairs=tuple(
            Pair(id=f"P{number:02d}", dialogues=(blinded[id(one)], blinded[id(other)]))
            for number, (one, other) in enumerate(draw_pairs(drawn, settings.n_pairs, rng), start=1)
        ),
    )
    return packet, _key(packet, origins, labels, tuple(sources), command)


def _key(
    packet: Packet,
    origins: Sequence[tuple[str, Dialogue]],
    labels: Mapping[str, str],
    sources: tuple[str, ...],
    command: str,
) -> Key:
    return Key(
        packet=packet.hash,
        command=command,
        sources=sources,
        items={item.name: item.language for item in packet.items},
        dialogues={
            shown.id: KeyDialogue(
                source=source, id=dialogue.id, category=dialogue.category, language=shown.language
            )
            for shown, (source, dialogue) in zip(packet.dialogues, origins, strict=True)
        },
        checks=labels,
        pairs={pair.id: pair.dialogues for pair in packet.pairs},
    )


def _shown(dialogue: Dialogue, blinded_id: str, source: str) -> ShownDialogue:
    """Take what a rater may see, in Korean if every utterance has it, else in English."""
    for language in ("ko", "en"):
        texts = [getattr(utterance, f"text_{language}") for utterance in dialogue.utterances]
        if all(isinstance(text, str) and text.strip() for text in texts):
            break
    else:
        raise ValueError(
            f"{source}, dialogue {dialogue.id}: some utterances have no text; each needs 'utterance_ko', or "
            "each 'utterance_en'"
        )
    category = CATEGORIES.get(str(dialogue.category))
    names = {"ko": category.name_ko, "en": str(category)} if category else {}
    if dialogue.category and not category:
        names = {"ko": dialogue.category, "en": dialogue.category}
    turns = [
        ShownUtterance(role=str(utterance.role), text=text.strip())
        for utterance, text in zip(dialogue.utterances, texts, strict=True)
    ]
    notes = tuple(map(str, content_notes(dialogue, texts)))
    return ShownDialogue(
        id=blinded_id, language=language, category=names, notes=notes, utterances=tuple(turns)
    )
