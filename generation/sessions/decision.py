"""Decision of the therapist's next label, in mode `turns`: our rule and the paper's."""

import random
from collections.abc import Mapping, Sequence

from forecaster.corpus import Turn
from forecaster.interface import Forecaster
from forecaster.paper_decision import WINDOW, as_paper_sees, decide_as_paper, top_labels
from kmi import QUESTIONS, Label, Role

MI_MASKS = {
    Label.SUSTAIN_TALK: (Label.CLOSED_QUESTION, Label.GIVE_INFORMATION, Label.ADVISE),
    Label.CHANGE_TALK: (Label.CLOSED_QUESTION, Label.GIVE_INFORMATION, Label.ADVISE),
}
"""Therapist labels that may not follow a client label: change and sustain talk are met by listening."""


def next_label(
    rule: str, forecaster: Forecaster, turns: Sequence[Turn], rng: random.Random, *, is_last: bool = False
) -> Label:
    """Forecast and decide the label of a therapist's turn after the opening.

    Args:
        rule: `sampled` for ours (`decide`), `paper` for that of Kim et al. (2025)
            (`forecaster.paper_decision`), whose forecaster sees the last six utterances alone.
        forecaster: Model of the therapist's next label.
        turns: All turns so far; the last is the client's.
        rng: Source of randomness.
        is_last: Whether the session ends with this turn.
    """
    if rule == "paper":
        turns = as_paper_sees(turns)
        candidates = top_labels(forecaster.predict_proba(turns[-WINDOW:]))
        return decide_as_paper(candidates, [turn.label for turn in turns], rng, is_last=is_last)
    labels = [turn.label for turn in turns]
    return decide(forecaster.predict_proba(turns), labels, rng, is_last=is_last)


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
