"""Therapist-label ratios of one dialogue: MITI summary scores, MISC percentages and shares of turns.

Every function takes the labels of one dialogue in order, shape (n_utterances,). ``None`` is a client turn
without a code, as in the published release, and is not the same as Neutral. Every function returns a
`CountRatio`.
"""

from collections.abc import Collection, Sequence

from kmi import QUESTIONS, REFLECTIONS, THERAPIST_LABELS, Label
from metrics.count_ratio import CountRatio

Labels = Sequence[Label | None]

MI_CONSISTENT = (*REFLECTIONS, Label.OPEN_QUESTION, Label.AFFIRM)
THERAPIST_INPUT = (Label.GIVE_INFORMATION, Label.ADVISE)


def count_labels(labels: Labels, wanted: Collection[Label | None]) -> int:
    """Count the turns whose label is one of those wanted.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,).
        wanted: The labels to count; ``None`` in it counts client turns without a code.

    Returns:
        Number of turns, 0 or more.

    Example:
        >>> count_labels([Label.OPEN_QUESTION, None, Label.GENERAL], QUESTIONS)
        1
    """
    return sum(label in wanted for label in labels)


def drop_opening(labels: Labels) -> Labels:
    """Leave out the first therapist turn, a formula in most dialogues; the one place that does so.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        The labels without the first therapist label, shape (n_utterances - 1,).

    Example:
        >>> drop_opening([None, Label.GENERAL, None])
        [None, None]
    """
    opening = next((i for i, label in enumerate(labels) if label in THERAPIST_LABELS), len(labels))
    return [*labels[:opening], *labels[opening + 1 :]]


def reflection_to_question_ratio(labels: Labels) -> CountRatio:
    """Divide the number of reflections by the number of questions (R:Q).

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        Reflections per question, 0 or more; ``nan`` if the dialogue holds no question.

    Example:
        >>> reflection_to_question_ratio([Label.COMPLEX_REFLECTION, Label.OPEN_QUESTION])
        1.0

    Source:
        Moyers, Manuel and Ernst (2014), MITI Coding Manual 4.2.1, summary scores: fair 1, good 2. MITI
        counts one reflection and one question a volley; here each turn has one label.
    """
    return CountRatio(count_labels(labels, REFLECTIONS), count_labels(labels, QUESTIONS))


def percent_complex_reflections(labels: Labels) -> CountRatio:
    """Give the percentage of reflections that are complex (%CR).

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        100·CR/(SR+CR), 0 to 100; ``nan`` if the dialogue holds no reflection.

    Example:
        >>> percent_complex_reflections([Label.COMPLEX_REFLECTION, Label.SIMPLE_REFLECTION])
        50.0

    Source:
        Moyers, Manuel and Ernst (2014), MITI Coding Manual 4.2.1, summary scores: fair 40 %, good 50 %.
    """
    n_complex = count_labels(labels, (Label.COMPLEX_REFLECTION,))
    return CountRatio(n_complex, count_labels(labels, REFLECTIONS), scale=100)


def percent_open_questions(labels: Labels) -> CountRatio:
    """Give the percentage of questions that are open (%OQ).

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        100·OQ/(OQ+CQ), 0 to 100; ``nan`` if the dialogue holds no question.

    Example:
        >>> percent_open_questions([Label.OPEN_QUESTION, None, Label.CLOSED_QUESTION, None])
        50.0

    Source:
        Miller et al. (2003), MISC 2.1, summary scores; StoryMI (arXiv 2605.27393) calls the same share
        openness.
    """
    n_open = count_labels(labels, (Label.OPEN_QUESTION,))
    return CountRatio(n_open, count_labels(labels, QUESTIONS), scale=100)


def percent_mi_consistent(labels: Labels) -> CountRatio:
    """Give the percentage of MI-consistent among MI-consistent and advising turns (like MISC's %MIC).

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        100·(R+OQ+AF)/(R+OQ+AF+AD), 0 to 100; ``nan`` if the dialogue holds none of these labels.

    Example:
        >>> percent_mi_consistent([Label.AFFIRM, Label.OPEN_QUESTION, Label.SIMPLE_REFLECTION, Label.ADVISE])
        75.0

    Source:
        Miller et al. (2003), MISC 2.1: %MIC = MICO/(MICO+MIIN). Our labels have no confront, direct or warn
        and do not tell advice with permission from advice without it, so all advice stands for
        MI-inconsistent turns.
    """
    n_consistent = count_labels(labels, MI_CONSISTENT)
    return CountRatio(n_consistent, n_consistent + count_labels(labels, (Label.ADVISE,)), scale=100)


def reflection_share(labels: Labels) -> CountRatio:
    """Give the share of reflections among reflections and questions; unlike R:Q it is bounded.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        R/(R+Q), 0 to 1; ``nan`` if the dialogue holds neither.

    Example:
        >>> reflection_share([Label.SIMPLE_REFLECTION, Label.CLOSED_QUESTION])
        0.5

    Source:
        R:Q of Moyers, Manuel and Ernst (2014), MITI 4.2.1, as r/(1+r), which stays defined without questions.
    """
    n_reflections = count_labels(labels, REFLECTIONS)
    return CountRatio(n_reflections, n_reflections + count_labels(labels, QUESTIONS))


def _turn_share(labels: Labels, wanted: Collection[Label]) -> CountRatio:
    return CountRatio(count_labels(labels, wanted), count_labels(labels, THERAPIST_LABELS))


def reflection_turn_share(labels: Labels) -> CountRatio:
    """Give the share of therapist turns that are reflections.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        R/T, 0 to 1; ``nan`` if there is no therapist turn.

    Example:
        >>> reflection_turn_share([Label.GENERAL, None, Label.COMPLEX_REFLECTION, None])
        0.5

    Source:
        Moyers, Manuel and Ernst (2014), MITI 4.2.1, behavior counts, over therapist turns.
    """
    return _turn_share(labels, REFLECTIONS)


def input_turn_share(labels: Labels) -> CountRatio:
    """Give the share of therapist turns that inform or advise.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        (GI+AD)/T, 0 to 1; ``nan`` if there is no therapist turn.

    Example:
        >>> input_turn_share([Label.GIVE_INFORMATION, Label.ADVISE, Label.AFFIRM, Label.GENERAL])
        0.5

    Source:
        Wu et al. (2022), AnnoMI: the behavior "therapist input" (information, advice, options, negotiation).
    """
    return _turn_share(labels, THERAPIST_INPUT)


def general_turn_share(labels: Labels) -> CountRatio:
    """Give the share of therapist turns that only greet, structure, facilitate, thank or close.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,); client labels are ignored.

    Returns:
        General/T, 0 to 1; ``nan`` if there is no therapist turn.

    Example:
        >>> general_turn_share([Label.GENERAL, Label.OPEN_QUESTION])
        0.5

    Source:
        Kim et al. (2025), KMI: the label General; MITI 4.2.1 leaves such turns without a code.
    """
    return _turn_share(labels, (Label.GENERAL,))
