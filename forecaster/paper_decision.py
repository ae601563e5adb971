"""The decision module of the KMI paper: from three forecast labels to the one that the therapist speaks.

Kept beside ours for faithful generation and for comparison. Our own rules sample from the whole forecast,
since taking the top of it under hard rules moves the label statistics away from the experts'.

Source:
    Kim et al. (2025), KMI, section 3 and the authors' generator; the rules as this module states them.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from forecaster.corpus import Turn
from kmi import QUESTIONS, REFLECTIONS, Label, Role

AFFIRM_PROBABILITY = 0.2
OPEN_QUESTION_REJECTION_PROBABILITY = 0.2
N_CANDIDATES = 3
WINDOW = 6
"""Utterances that the forecaster sees."""


def as_paper_sees(turns: Sequence[Turn]) -> list[Turn]:
    """Show a session as the paper's forecaster sees it: the opening question counts as General (their Other).

    Args:
        turns: All turns so far, the therapist's opening first.

    Example:
        >>> as_paper_sees([Turn(Role.THERAPIST, Label.OPEN_QUESTION)])[0].label.value
        'General'
    """
    if not turns:
        return []
    return [replace(turns[0], label=Label.GENERAL), *turns[1:]]


def top_labels(forecast: Mapping[Label, float], n: int = N_CANDIDATES) -> list[Label]:
    """Return the n most probable labels, most probable first; ties keep the forecast's order."""
    return sorted(forecast, key=lambda label: -forecast[label])[:n]


def decide_as_paper(
    candidates: Sequence[Label | None], labels: Sequence[Label], rng: random.Random, *, is_last: bool = False
) -> Label:
    """Decide the therapist's next label by the paper's rules.

    1. After change talk, Affirm with probability .2.
    2. Advise among the first two candidates is taken, and no rule applies to it.
    3. Else the first candidate that `_passes` lets through is taken.
    4. If none is: after two questions in a row Simple Reflection; after two reflections in a row Open or
       Closed Question, at random; else Simple Reflection or General, at random. The limits of rule 3 are not
       asked again here, so that even a last turn can be a question.

    Args:
        candidates: Forecast labels, most probable first; None stands for one that could not be parsed.
        labels: Labels of all turns so far, the opening as General; the last is the client's.
        rng: Source of randomness. A number is drawn after change talk, for each Open Question weighed, and
            for a choice of rule 4.
        is_last: Whether the session ends with this turn.

    Returns:
        The label to speak.

    Example:
        >>> history = [Label.GENERAL, Label.NEUTRAL]
        >>> decide_as_paper([Label.GIVE_INFORMATION, Label.ADVISE], history, random.Random(1)).value
        'Advise'
    """
    if labels and labels[-1] is Label.CHANGE_TALK and rng.random() < AFFIRM_PROBABILITY:
        return Label.AFFIRM
    if Label.ADVISE in candidates[:2]:
        return Label.ADVISE
    own = [label for label in labels if label.role is Role.THERAPIST]
    for label in candidates[:N_CANDIDATES]:
        if label is not None and _passes(label, own, rng, is_last):
            return label
    if _ends_with(own, QUESTIONS, 2):
        return Label.SIMPLE_REFLECTION
    if _ends_with(own, REFLECTIONS, 2):
        return rng.choice((Label.OPEN_QUESTION, Label.CLOSED_QUESTION))
    return rng.choice((Label.SIMPLE_REFLECTION, Label.GENERAL))


def _passes(label: Label, own: Sequence[Label], rng: random.Random, is_last: bool) -> bool:
    """Tell whether a candidate may be spoken after the therapist's labels so far."""
    if label is Label.OPEN_QUESTION and rng.random() < OPEN_QUESTION_REJECTION_PROBABILITY:
        return False
    if label in QUESTIONS and (is_last or _ends_with(own, QUESTIONS, 2)):
        return False
    if label in REFLECTIONS and _ends_with(own, REFLECTIONS, 3):
        return False
    return not _ends_with(own, (label,), 2)


def _ends_with(own: Sequence[Label], kinds: Sequence[Label], n: int) -> bool:
    return len(own) >= n and all(label in kinds for label in own[-n:])
