"""The words of one text, as every text metric sees them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one text, in order.

    Attributes:
        tokens: Every word or morpheme without punctuation, in lower case.
        content: Stems of what bears meaning: Korean nouns, verbs, adjectives and roots; English words that
            are no function words.
        nouns: Korean nouns; English words are not told apart by kind, so there are none.
        forms: Korean morphemes, punctuation included; none in English.
        tags: Their Sejong tags, in the same places.
    """

    tokens: tuple[str, ...]
    content: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
