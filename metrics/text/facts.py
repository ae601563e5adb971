"""Does the client's situation surface in what the client says?"""

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue


def fact_recall_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of the nouns of the client's situation that the client ever says.

    Args:
        dialogue: One dialogue with words; its profile's `situation` gives the facts.

    Returns:
        Different nouns said per different noun of the situation, 0 to 1; ``nan`` without a profile, and in a
        language other than the profile's.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> turns = ("T General: 네.", "C: 버스를 못 타요.")
        >>> fact_recall_share(
        ...     dialogue(*turns, language=Language.KOREAN, situation="버스에서 내렸다. 택시를 탄다.")
        ... )
        0.5

    Source:
        Ours. For 285 early outputs of the KMI generator, whose situations were forum posts, .21.
    """
    said = {noun for turn in dialogue.turns_of(Role.CLIENT) for noun in turn.words.nouns}
    return CountRatio(len(dialogue.facts & said), len(dialogue.facts))
