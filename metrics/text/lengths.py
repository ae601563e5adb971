"""Length of turns: do they vary as talk does, or are all of one size?"""

from collections.abc import Sequence
from math import nan, sqrt

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import Language, TextDialogue, TextTurn

SHORT_TURN_CHARACTERS = {Language.KOREAN: 10, Language.ENGLISH: 20}
"""Ten Korean characters are two or three words; English takes about twice as many characters."""


def length_variation(lengths: Sequence[float]) -> float:
    """Divide the standard deviation of lengths by their mean.

    Args:
        lengths: Lengths of turns, shape (n_turns,), 0 or more.

    Returns:
        Coefficient of variation, 0 or more, with the standard deviation of the population; ``nan`` for fewer
        than two turns or a mean of 0.

    Example:
        >>> length_variation([1, 3])
        0.5

    Source:
        Pearson (1896), Mathematical contributions to the theory of evolution III: coefficient of variation.
    """
    if len(lengths) < 2 or not sum(lengths):
        return nan
    mean = sum(lengths) / len(lengths)
    return sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths)) / mean


def therapist_length_variation_ratio(dialogue: TextDialogue) -> float:
    """Divide the standard deviation of the lengths of therapist turns by their mean.

    Args:
        dialogue: One dialogue with words; or the turns of many, for the pooled value.

    Returns:
        Coefficient of variation of lengths in characters, 0 or more; ``nan`` for fewer than two turns.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> therapist_length_variation_ratio(dialogue("T General: a", "C: Long talk.", "T General: abc"))
        0.5

    Source:
        Ours, by `length_variation`. Of 193 early outputs of the KMI generator the pooled value is .29.
    """
    return length_variation(_lengths(dialogue.turns_of(Role.THERAPIST)))


def client_length_variation_ratio(dialogue: TextDialogue) -> float:
    """Divide the standard deviation of the lengths of client turns by their mean.

    Args:
        dialogue: One dialogue with words; or the turns of many, for the pooled value.

    Returns:
        As `therapist_length_variation_ratio`, of client turns.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> client_length_variation_ratio(dialogue("C: ab", "T General: So?", "C: ab"))
        0.0

    Source:
        Ours, by `length_variation`. Of 193 early outputs of the KMI generator the pooled value is .40.
    """
    return length_variation(_lengths(dialogue.turns_of(Role.CLIENT)))


def short_client_turn_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of client turns that are short: at most 10 characters in Korean, 20 in English.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Short turns per client turn, 0 to 1; ``nan`` without a client turn.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> short_client_turn_share(dialogue("C: Maybe.", "T General: Go on.", "C: I want to see my son."))
        0.5

    Source:
        Ours: people often answer in a word or two; generated clients hardly ever do (.002 of the turns of 193
        early outputs of the KMI generator).
    """
    limit = SHORT_TURN_CHARACTERS[dialogue.language]
    lengths = _lengths(dialogue.turns_of(Role.CLIENT))
    return CountRatio(sum(length <= limit for length in lengths), len(lengths))


def client_talk_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of all words that the client says.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Client's tokens per token, 0 to 1; ``nan`` without a word.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> client_talk_share(dialogue("T General: Go on.", "C: I tried it twice, maybe thrice."))
        0.75

    Source:
        Miller et al. (2003), MISC 2.1: therapist talk time as percent of the session, here the rest of it,
        in words for time.
    """
    client = sum(len(turn.words.tokens) for turn in dialogue.turns_of(Role.CLIENT))
    return CountRatio(client, sum(len(turn.words.tokens) for turn in dialogue.turns))


def _lengths(turns: Sequence[TextTurn]) -> list[int]:
    return [len(turn.text) for turn in turns]
