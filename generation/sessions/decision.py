"""Decision of the therapist's next label from a forecast, in mode `turns`."""

import random
from collections.abc import Mapping, Sequence

from kmi import QUESTIONS, Label, Role

MI_MASKS = {
    Label.SUSTAIN_TALK: (Label.CLOSED_QUESTION, Label.GIVE_INFORMATION, Label.ADVISE),
    Label.CHANGE_TALK: (Label.CLOSED_QUESTION, Label.GIVE_INFORMATION, Label.ADVISE),
}
"""Therapist labels that may not follow a client label: change and sustain talk are met by listening."""


def decide(
    forecast: Mapping[Label, float], labels: Sequence[Label], rng: random.Random, *, is_last: bool = False
) -> Label:
    """Draw the therapist's next label from the calibrated forecast under the rules of MI.

    Not drawn: General (a session under way needs none), what `MI_MASKS` bars after the client's label, a
    label for the third time in a row, and a question in the last turn.

    Args:
        forecast: Probability of each therapist label.
        labels: Labels of all turns so far, oldest first; the last is the client's.
        rng: Source of randomness; one draw is taken.
        is_last: Whether the session ends with this turn.

    Returns:
        The label to speak.

    Example:
        >>> forecast = {Label.ADVISE: 0.9, Label.COMPLEX_REFLECTION: 0.1}
        >>> decide(forecast, [Label.OPEN_QUESTION, Label.SUSTAIN_TALK], random.Random(1)).value
        'Complex Reflection'

    Source:
        Miller and Rollnick (2013), chapters 12 to 14; sampling instead of taking the most probable label,
        since that keeps the experts' label statistics.
    """
    own = [label for label in labels if label.role is Role.THERAPIST]
    barred = {Label.GENERAL, *MI_MASKS.get(labels[-1] if labels else None, ())}
    if len(own) >= 2 and own[-1] is own[-2]:
        barred.add(own[-1])
    if is_last:
        barred.update(QUESTIONS)
    allowed = [(label, share) for label, share in forecast.items() if label not in barred]
    remaining = rng.random() * sum(share for _, share in allowed)
    for label, share in allowed:
        remaining -= share
        if remaining < 0:
            return label
    return allowed[-1][0]
