"""Draws what a packet holds: dialogues of each source, utterances to label, pairs to compare."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, zip_longest

from metrics.dialogues import Dialogue

Sources = Mapping[str, Sequence[Dialogue]]


def draw_dialogues(sources: Sources, n: int, rng: random.Random) -> dict[str, list[Dialogue]]:
    """Draw the same number of dialogues of every source, balanced over categories.

    Categories that all sources have come first, one dialogue of each in turn, so that sources meet in the
    same categories; other categories fill what is left.

    Args:
        sources: Dialogues by source.
        n: Dialogues of each source, 1 or more.
        rng: Source of the draws.

    Returns:
        The drawn dialogues by source.

    Raises:
        ValueError: If a source has fewer than `n` dialogues.
    """
    for name, dialogues in sources.items():
        if len(dialogues) < n:
            raise ValueError(f"{name}: {len(dialogues)} dialogues to draw from, {n} asked for; lower --n")
    found = [{str(dialogue.category) for dialogue in dialogues} for dialogues in sources.values()]
    shared = sorted(set.intersection(*found))
    others = sorted(set.union(*found) - set(shared))
    rng.shuffle(shared)
    rng.shuffle(others)
    return {
        name: (_in_turn(dialogues, shared, rng) + _in_turn(dialogues, others, rng))[:n]
        for name, dialogues in sources.items()
    }


def _in_turn(dialogues: Sequence[Dialogue], categories: Sequence[str], rng: random.Random) -> list[Dialogue]:
    """Take one dialogue of each category in turn until none is left."""
    groups = [[d for d in dialogues if str(d.category) == category] for category in categories]
    for group in groups:
        rng.shuffle(group)
    return [dialogue for turn in zip_longest(*groups) for dialogue in turn if dialogue is not None]


def draw_pairs(drawn: Sources, n: int, rng: random.Random) -> list[tuple[Dialogue, Dialogue]]:
    """Draw pairs of dialogues of one category from different sources, in random order within the pair.

    Args:
        drawn: Drawn dialogues by source. Dialogues without a category may meet each other.
        n: Most pairs to draw, 0 or more.
        rng: Source of the draws.

    Returns:
        Up to `n` pairs; for the same two sources no dialogue occurs twice.
    """
    pairs = []
    for first, second in combinations(drawn, 2):
        groups: dict[str | None, tuple[list[Dialogue], list[Dialogue]]] = defaultdict(lambda: ([], []))
        for side, source in enumerate((first, second)):
            for dialogue in drawn[source]:
                groups[dialogue.category][side].append(dialogue)
        pairs += [pair for group in groups.values() for pair in zip(*group, strict=False)]
    rng.shuffle(pairs)
    return [pair if rng.random() < 0.5 else pair[::-1] for pair in pairs[:n]]


def draw_checks(dialogue: Dialogue, n: int, rng: random.Random) -> list[int]:
    """Draw the utterances of a dialogue whose label is checked, each equally likely.

    Args:
        dialogue: The dialogue; client turns without a label are not drawn.
        n: Most utterances to draw, 0 or more.
        rng: Source of the draws.

    Returns:
        Numbers of the utterances, ascending, the first utterance being 1.
    """
    labeled = [number for number, label in enumerate(dialogue.labels, start=1) if label is not None]
    return sorted(rng.sample(labeled, min(n, len(labeled))))
