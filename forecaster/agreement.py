"""Measures whether a model forecasts the same from Korean text as from its English translation."""

from collections.abc import Sequence

from forecaster.corpus import Turn
from forecaster.interface import Forecaster
from forecaster.paper_decision import top_labels
from kmi import Role

Parallel = Sequence[tuple[Sequence[Turn], Sequence[Turn]]]


def argmax_agreement(model: Forecaster, dialogues: Parallel) -> float:
    """Return the share of therapist turns whose most probable label is the same in both languages.

    Args:
        model: Forecaster of the therapist's label.
        dialogues: Korean and English turns of each dialogue, with the same roles.

    Returns:
        0 to 1, over all therapist turns that follow a client turn.

    Raises:
        ValueError: If there is no such turn.
    """
    ends = [
        [i for i, turn in enumerate(korean) if i and turn.role is Role.THERAPIST is not korean[i - 1].role]
        for korean, _ in dialogues
    ]
    n = sum(map(len, ends))
    if not n:
        raise ValueError("the dialogues hold no therapist turn after a client turn; give whole dialogues")
    tops = []
    for language in (0, 1):
        histories = [pair[language][:end] for pair, own in zip(dialogues, ends, strict=True) for end in own]
        tops.append([top_labels(forecast, 1) for forecast in model.predict_proba_batch(histories)])
    return sum(first == second for first, second in zip(*tops, strict=True)) / n
