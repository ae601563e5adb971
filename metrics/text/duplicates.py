"""Repetition across a collection: the same utterance again, nearly the same one, nearly the same dialogue.

Each metric takes the whole collection and gives one value a dialogue, so that means and intervals over
dialogues are those of any other metric.
"""

from collections import Counter
from collections.abc import Sequence

from metrics.count_ratio import CountRatio
from metrics.text.analysis import Language, TextDialogue
from metrics.text.minhash import Likeness, has_near_duplicate

MIN_CHARACTERS = 15
"""Utterances up to this length ("네, 감사합니다.") are alike for good reasons."""
RUN_CHARACTERS = {Language.KOREAN: 3, Language.ENGLISH: 5}
"""A Korean syllable carries about as much as two letters."""


def exact_duplicate_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Give the share of a dialogue's utterances over 15 characters that repeat an earlier one exactly.

    Args:
        dialogues: The collection, shape (n_dialogues,), in order: what comes first is no repetition.

    Returns:
        Repetitions per such utterance, 0 to 1, shape (n_dialogues,); ``nan`` for a dialogue without one. The
        pooled value is the share of utterances that one could strike out.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Open Question: What would you like to change?")
        >>> exact_duplicate_share([a, a])
        [0.0, 1.0]

    Source:
        Lee et al. (2022), Deduplicating training data makes language models better. Of 193 early outputs of
        the KMI generator .010; of 285 .013 was measured before.
    """
    seen: set[str] = set()
    values = []
    for texts in _long_texts(dialogues):
        n_repeated = 0
        for text in texts:
            n_repeated += text in seen
            seen.add(text)
        values.append(CountRatio(n_repeated, len(texts)))
    return values


def near_duplicate_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Give the share of a dialogue's utterances over 15 characters that another one nearly equals.

    Args:
        dialogues: The collection, shape (n_dialogues,).

    Returns:
        Utterances with another, in any dialogue, of Jaccard similarity .7 or more on character runs (3 in
        Korean, 5 in English), per such utterance; 0 to 1, shape (n_dialogues,); ``nan`` for a dialogue
        without one.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Open Question: What would you like to change about smoking?")
        >>> b = dialogue("T Open Question: What would you like to change about smoking then?")
        >>> near_duplicate_share([a, b, dialogue("T Affirm: You kept your word all week.")])
        [1.0, 1.0, 0.0]

    Source:
        Lee et al. (2022), Deduplicating training data makes language models better: NearDup by MinHash.
    """
    texts = _long_texts(dialogues)
    flags = iter(
        has_near_duplicate(
            [text for found in texts for text in found],
            Likeness(_run_length(dialogues), least=0.7, n_bands=16, n_rows=4),
        )
    )
    return [CountRatio(sum(next(flags) for _ in found), len(found)) for found in texts]


def near_duplicate_dialogue_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Tell which dialogues another one nearly equals.

    Args:
        dialogues: The collection, shape (n_dialogues,).

    Returns:
        1 where another dialogue has a Jaccard similarity of .5 or more on character runs of the whole talk,
        else 0; shape (n_dialogues,).

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a, b = dialogue("T Affirm: You kept your word."), dialogue("T General: Good to see you again.")
        >>> near_duplicate_dialogue_share([a, b, a])
        [1.0, 0.0, 1.0]

    Source:
        Lee et al. (2022), as `near_duplicate_share`; the lower threshold since a copied dialogue with new
        names and numbers is still a copy.
    """
    whole = [" ".join(turn.text for turn in dialogue.turns) for dialogue in dialogues]
    likeness = Likeness(_run_length(dialogues), least=0.5, n_bands=20, n_rows=3)
    return [CountRatio(int(flag), 1) for flag in has_near_duplicate(whole, likeness)]


def common_texts(dialogues: Sequence[TextDialogue], n: int = 10) -> list[tuple[str, int]]:
    """List the utterances over 15 characters that occur most often.

    Args:
        dialogues: The collection.
        n: How many at most.

    Returns:
        Texts with their counts, 2 or more, most frequent first.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Open Question: What would you like to change?")
        >>> common_texts([a, a])
        [('What would you like to change?', 2)]
    """
    counts = Counter(text for found in _long_texts(dialogues) for text in found)
    return [(text, count) for text, count in counts.most_common(n) if count > 1]


def _long_texts(dialogues: Sequence[TextDialogue]) -> list[list[str]]:
    return [[turn.text for turn in d.turns if len(turn.text) > MIN_CHARACTERS] for d in dialogues]


def _run_length(dialogues: Sequence[TextDialogue]) -> int:
    return RUN_CHARACTERS[dialogues[0].language] if dialogues else RUN_CHARACTERS[Language.KOREAN]
