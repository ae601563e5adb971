"""Lag-1 transitions of one dialogue: what the other speaker does in the very next turn.

Every function takes the labels of one dialogue in order, shape (n_utterances,). ``None`` is a client turn
without a code; after a therapist turn it counts as an answer that is not change talk, as the published
release means it.
"""

from collections.abc import Collection
from itertools import pairwise

from kmi import REFLECTIONS, Label, Role
from metrics.count_ratio import CountRatio
from metrics.ratios import MI_CONSISTENT, Labels


def _role_of(label: Label | None) -> Role:
    return Role.CLIENT if label is None else label.role


def transition_probability(labels: Labels, given: Collection[Label], then: Collection[Label]) -> CountRatio:
    """Give the share of `given` turns that the other speaker answers, in the next turn, with one of `then`.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.
        given: Labels of one speaker to start from.
        then: Labels of the other speaker that count as the event.

    Returns:
        P(then | given), 0 to 1; ``nan`` if no `given` turn is followed by a turn of the other speaker.

    Example:
        >>> labels = [Label.OPEN_QUESTION, Label.CHANGE_TALK, Label.OPEN_QUESTION, Label.NEUTRAL]
        >>> transition_probability(labels, (Label.OPEN_QUESTION,), (Label.CHANGE_TALK,))
        0.5

    Source:
        Moyers and Martin (2006), Therapist influence on client language during motivational interviewing
        sessions: sequential analysis at lag 1; here conditional shares without their odds ratios.
    """
    answers = [b for a, b in pairwise(labels) if a in given and _role_of(b) is not a.role]
    return CountRatio(sum(answer in then for answer in answers), len(answers))


def change_talk_after_open_question_probability(labels: Labels) -> CountRatio:
    """Give the share of open questions answered with change talk: does asking evoke?

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        P(CT | OQ), 0 to 1; ``nan`` if no open question is answered.

    Example:
        >>> change_talk_after_open_question_probability([Label.OPEN_QUESTION, Label.CHANGE_TALK])
        1.0

    Source:
        Moyers and Martin (2006); Miller and Rollnick (2013), Motivational Interviewing: evoking.
    """
    return transition_probability(labels, (Label.OPEN_QUESTION,), (Label.CHANGE_TALK,))


def change_talk_after_mi_consistent_probability(labels: Labels) -> CountRatio:
    """Give the share of reflections, open questions and affirmations answered with change talk.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        P(CT | R, OQ or AF), 0 to 1; ``nan`` if no such turn is answered.

    Example:
        >>> labels = [Label.AFFIRM, Label.NEUTRAL, Label.SIMPLE_REFLECTION, Label.CHANGE_TALK]
        >>> change_talk_after_mi_consistent_probability(labels)
        0.5

    Source:
        Magill et al. (2014), The technical hypothesis of motivational interviewing: MI-consistent behavior
        and change talk; MI-consistent as in `metrics.ratios.percent_mi_consistent`.
    """
    return transition_probability(labels, MI_CONSISTENT, (Label.CHANGE_TALK,))


def reflection_after_change_talk_probability(labels: Labels) -> CountRatio:
    """Give the share of change talk that the therapist reflects at once.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        P(R | CT), 0 to 1; ``nan`` if no change talk is followed by a therapist turn.

    Example:
        >>> reflection_after_change_talk_probability([Label.CHANGE_TALK, Label.COMPLEX_REFLECTION])
        1.0

    Source:
        Moyers and Martin (2006); Moyers et al. (2014), MITI 4.2.1: Cultivating Change Talk.
    """
    return transition_probability(labels, (Label.CHANGE_TALK,), REFLECTIONS)


def reflection_after_sustain_talk_probability(labels: Labels) -> CountRatio:
    """Give the share of sustain talk that the therapist reflects at once.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        P(R | ST), 0 to 1; ``nan`` if no sustain talk is followed by a therapist turn.

    Example:
        >>> reflection_after_sustain_talk_probability([Label.SUSTAIN_TALK, Label.ADVISE])
        0.0

    Source:
        Moyers et al. (2014), MITI 4.2.1: Softening Sustain Talk; Miller and Rollnick (2013): reflect discord.
        Measured before on AnnoMI as .40 (high) and .10 (low): that is the mean over sessions with four or
        more such turns; over all that have any, as here, it is .36 and .05.
    """
    return transition_probability(labels, (Label.SUSTAIN_TALK,), REFLECTIONS)
