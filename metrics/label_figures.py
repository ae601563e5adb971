"""Labels of a group of dialogues in figures: how often each occurs, and what follows upon what."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kmi import Label, Role
from metrics.dialogues import Dialogue
from metrics.trajectory import pooled_change_talk_curve

NOT_CODED = "(no label)"
CURVE_PARTS = {"thirds": 3, "deciles": 10}


def label_shares(dialogues: Iterable[Dialogue]) -> dict[str, dict[str, float]]:
    """Count each label, and give its share of its speaker's turns, openings included.

    Args:
        dialogues: Any number of dialogues.

    Returns:
        `count` and `share` (0 to 1) for every label of the contract and, under `NOT_CODED`, for client
        turns without a code; a share is ``nan`` if the speaker has no turn.
    """
    labels = Counter(label for dialogue in dialogues for label in dialogue.labels)
    turns = Counter()
    for label, n in labels.items():
        turns[_speaker(label)] += n
    return {
        _name(label): {
            "count": labels[label],
            "share": labels[label] / turns[_speaker(label)] if turns[_speaker(label)] else math.nan,
        }
        for label in (*Label, None)
    }


def label_transitions(dialogues: Iterable[Dialogue]) -> dict[str, dict[str, int]]:
    """Count which label follows upon which when the other speaker takes over, openings included.

    Args:
        dialogues: Any number of dialogues.

    Returns:
        Counts by label and next label, in the order of the contract; a client turn without a code is
        `NOT_CODED`. What never occurs is left out.

    Example:
        >>> from metrics.dialogues import Utterance
        >>> turns = [Utterance(role=a.role, label=a) for a in (Label.OPEN_QUESTION, Label.CHANGE_TALK)]
        >>> label_transitions([Dialogue(id="1", utterances=tuple(turns))])
        {'Open Question': {'Change Talk': 1}}
    """
    counts = Counter(
        (before, after)
        for dialogue in dialogues
        for before, after in pairwise(dialogue.labels)
        if _speaker(before) is not _speaker(after)
    )
    labels = (*Label, None)
    rows = {
        _name(before): {_name(after): counts[before, after] for after in labels if counts[before, after]}
        for before in labels
    }
    return {before: row for before, row in rows.items() if row}


def change_talk_curves(dialogues: Sequence[Dialogue]) -> dict[str, list[float]]:
    """Pool the share of change talk over thirds and over deciles of the sessions.

    Args:
        dialogues: Dialogues whose change talk is coded.

    Returns:
        Change talk per client turn of each part, 0 to 1, under the names of `CURVE_PARTS`; ``nan`` for a part
        without a client turn.
    """
    labels = [dialogue.labels for dialogue in dialogues]
    return {name: pooled_change_talk_curve(labels, n) for name, n in CURVE_PARTS.items()}


def _speaker(label: Label | None) -> Role:
    return Role.CLIENT if label is None else label.role


def _name(label: Label | None) -> str:
    return NOT_CODED if label is None else label.value
