"""Client-label ratios of one dialogue.

Every function takes the labels of one dialogue in order, shape (n_utterances,). ``None`` is a client turn
without a code. The published release codes change talk and nothing else, so there ``None`` means "no change
talk" and may hide sustain talk; Neutral means that the turn was coded and leans neither way.
"""

from kmi import CLIENT_LABELS, Label
from metrics.count_ratio import CountRatio
from metrics.ratios import Labels, count_labels

CLIENT_TURNS = (*CLIENT_LABELS, None)


def percent_change_talk(labels: Labels) -> CountRatio:
    """Give the percentage of change talk among change and sustain talk (%CT).

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); therapist labels are ignored.

    Returns:
        100·CT/(CT+ST), 0 to 100; ``nan`` if the dialogue holds neither, or holds a client turn without a code
        (which may be sustain talk).

    Example:
        >>> percent_change_talk([Label.CHANGE_TALK, Label.SUSTAIN_TALK, Label.NEUTRAL])
        50.0
        >>> percent_change_talk([Label.CHANGE_TALK, None])
        nan

    Source:
        Miller et al. (2003), MISC 2.1, summary scores: percent change talk.
    """
    if None in labels:
        return CountRatio(0, 0, scale=100)
    n_change = count_labels(labels, (Label.CHANGE_TALK,))
    return CountRatio(n_change, n_change + count_labels(labels, (Label.SUSTAIN_TALK,)), scale=100)


def change_talk_turn_share(labels: Labels) -> CountRatio:
    """Give the share of client turns that are change talk.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); therapist labels are ignored, ``None`` counts
            as a client turn without change talk, as the release means it.

    Returns:
        CT per client turn, 0 to 1; ``nan`` if there is no client turn.

    Example:
        >>> change_talk_turn_share([Label.OPEN_QUESTION, Label.CHANGE_TALK, Label.GENERAL, None])
        0.5

    Source:
        Miller et al. (2003), MISC 2.1: frequency of change talk, here over client turns.
    """
    return CountRatio(count_labels(labels, (Label.CHANGE_TALK,)), count_labels(labels, CLIENT_TURNS))


def sustain_talk_turn_share(labels: Labels) -> CountRatio:
    """Give the share of client turns that are sustain talk.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); therapist labels are ignored.

    Returns:
        ST per client turn, 0 to 1; ``nan`` if there is no client turn, or one without a code.

    Example:
        >>> sustain_talk_turn_share([Label.OPEN_QUESTION, Label.SUSTAIN_TALK, Label.GENERAL, Label.NEUTRAL])
        0.5

    Source:
        Miller et al. (2003), MISC 2.1: frequency of sustain talk, here over client turns.
    """
    if None in labels:
        return CountRatio(0, 0)
    return CountRatio(count_labels(labels, (Label.SUSTAIN_TALK,)), count_labels(labels, CLIENT_TURNS))
