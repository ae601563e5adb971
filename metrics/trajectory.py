"""How client language moves through one session.

Every function takes the labels of one dialogue in order, shape (n_utterances,), and looks at client turns
alone. A position is that of a client turn among the client turns: 0 the first, 1 the last.
"""

from collections.abc import Iterable
from math import nan

from kmi import Label
from metrics.client_ratios import CLIENT_TURNS
from metrics.count_ratio import CountRatio, pool_ratios
from metrics.ratios import Labels

MIN_CLIENT_TURNS = 3


def _client_labels(labels: Labels) -> list[Label | None]:
    return [label for label in labels if label in CLIENT_TURNS]


def change_talk_slope(labels: Labels) -> float:
    """Give the rise of change talk from the first to the last client turn, by least squares.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order; therapist labels are ignored.

    Returns:
        Slope of the line through (position, 1 for change talk or 0): the change of the share of change talk
        over the whole session, about −1.5 to 1.5; above 0 if it becomes more. ``nan`` with fewer than three
        client turns.

    Example:
        >>> change_talk_slope([None, None, Label.CHANGE_TALK])
        1.0

    Source:
        Amrhein et al. (2003), Client commitment language during motivational interviewing predicts drug use
        outcomes: the slope of commitment over a session; here of the frequency of change talk, not strength.
    """
    client = _client_labels(labels)
    if len(client) < MIN_CLIENT_TURNS:
        return nan
    center = (len(client) - 1) / 2
    spread = sum((place - center) ** 2 for place in range(len(client)))
    rise = sum(place - center for place, label in enumerate(client) if label is Label.CHANGE_TALK)
    return (len(client) - 1) * rise / spread


def change_talk_turning_point_share(labels: Labels) -> float:
    """Give the point of a session at which sustain talk turns into change talk.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order; therapist labels are ignored.

    Returns:
        Share of client turns, 0 to 1, that stand before the split with the most sustain talk before it and
        change talk after it, the earliest of equals: 0 if change talk outweighs from the start, 1 if it never
        does. ``nan`` without both change and sustain talk, or with a client turn without a code.

    Example:
        >>> ST, CT, NE = Label.SUSTAIN_TALK, Label.CHANGE_TALK, Label.NEUTRAL
        >>> change_talk_turning_point_share([ST, NE, CT, CT])
        0.25

    Source:
        Page (1954), Continuous inspection schemes: the change point is where the cumulative sum is extreme;
        the sum here is of sustain talk minus change talk. Miller and Rollnick (2013): from sustain to change.
    """
    client = _client_labels(labels)
    if None in client or not {Label.CHANGE_TALK, Label.SUSTAIN_TALK} <= set(client):
        return nan
    sums = [0]
    for label in client:
        sums.append(sums[-1] + (label is Label.SUSTAIN_TALK) - (label is Label.CHANGE_TALK))
    return sums.index(max(sums)) / len(client)


def change_talk_last_third_share(labels: Labels) -> CountRatio:
    """Give the share of client turns in the last third of a session that are change talk.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order; therapist labels are ignored.

    Returns:
        CT per client turn of the last third, 0 to 1; ``nan`` if it holds no client turn.

    Example:
        >>> change_talk_last_third_share([None, None, Label.CHANGE_TALK])
        1.0

    Source:
        Amrhein et al. (2003): commitment at the end of the session foretells the outcome.
    """
    return change_talk_curve(labels, 3)[-1]


def change_talk_curve(labels: Labels, n_parts: int) -> list[CountRatio]:
    """Give the share of change talk in each of several equal parts of a session.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order; therapist labels are ignored.
        n_parts: Number of parts, 1 or more: 3 for thirds, 10 for deciles.

    Returns:
        CT per client turn of each part, 0 to 1, shape (n_parts,); ``nan`` for a part without a client turn.
        Client turn i of n belongs to part floor(i · n_parts / n).

    Example:
        >>> change_talk_curve([None, Label.CHANGE_TALK, None, Label.CHANGE_TALK], 2)
        [0.5, 0.5]

    Source:
        Amrhein et al. (2003): deciles of the session.
    """
    client = _client_labels(labels)
    parts = [place * n_parts // len(client) for place in range(len(client))]
    hits = [part for part, label in zip(parts, client, strict=True) if label is Label.CHANGE_TALK]
    return [CountRatio(hits.count(part), parts.count(part)) for part in range(n_parts)]


def pooled_change_talk_curve(dialogues: Iterable[Labels], n_parts: int) -> list[CountRatio]:
    """Pool the curves of many dialogues part by part: every client turn weighs the same.

    Args:
        dialogues: Labels of each dialogue.
        n_parts: Number of parts.

    Returns:
        CT per client turn of each part, shape (n_parts,); ``nan`` for a part without a client turn.

    Example:
        >>> pooled_change_talk_curve([[None], [Label.CHANGE_TALK]], 1)
        [0.5]
    """
    curves = [change_talk_curve(labels, n_parts) for labels in dialogues]
    return [pool_ratios(curve[part] for curve in curves) for part in range(n_parts)]
