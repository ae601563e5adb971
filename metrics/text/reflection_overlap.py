"""How much of a reflection the client has just said in the same words: parroting, or added meaning?"""

from collections.abc import Collection
from itertools import pairwise

from kmi import REFLECTIONS, Label, Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue


def simple_reflection_overlap_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of a simple reflection's content words that the client's turn before it holds.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Content words said before per content word, summed over the simple reflections that directly follow a
        client turn, 0 (all new) to 1 (all repeated); ``nan`` without such a reflection.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> simple_reflection_overlap_share(
        ...     dialogue("C Change Talk: I worry about smoking", "T Simple Reflection: smoking scares you")
        ... )
        0.5

    Source:
        MITI 4.2.1 (Moyers et al., 2014): a simple reflection adds little to what the client said. Word
        overlap as its measure is ours; 193 early outputs of the KMI generator have .77.
    """
    return _overlap(dialogue, (Label.SIMPLE_REFLECTION,))


def complex_reflection_overlap_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of a complex reflection's content words that the client's turn before it holds.

    Args:
        dialogue: One dialogue with words.

    Returns:
        As `simple_reflection_overlap_share`, over complex reflections.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> complex_reflection_overlap_share(
        ...     dialogue("C Change Talk: I worry about smoking", "T Complex Reflection: health matters now")
        ... )
        0.0

    Source:
        MITI 4.2.1 (Moyers et al., 2014): a complex reflection adds substantial meaning or emphasis.
    """
    return _overlap(dialogue, (Label.COMPLEX_REFLECTION,))


def reflection_overlap_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of the content words of all reflections that the client's turn before them holds.

    Args:
        dialogue: One dialogue with words.

    Returns:
        As `simple_reflection_overlap_share`, over simple and complex reflections.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> reflection_overlap_share(
        ...     dialogue("C Change Talk: I worry about smoking", "T Complex Reflection: smoking scares you")
        ... )
        0.5

    Source:
        MITI 4.2.1 (Moyers et al., 2014), as for the two kinds of reflection.
    """
    return _overlap(dialogue, REFLECTIONS)


def _overlap(dialogue: TextDialogue, labels: Collection[Label]) -> CountRatio:
    repeated = total = 0
    for before, turn in pairwise(dialogue.turns):
        if turn.label in labels and before.role is Role.CLIENT:
            said = set(before.words.content)
            repeated += sum(word in said for word in turn.words.content)
            total += len(turn.words.content)
    return CountRatio(repeated, total)
