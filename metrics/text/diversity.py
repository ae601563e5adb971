"""Lexical diversity within a dialogue, and likeness of what the therapists of different dialogues say."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, log, nan

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue

Tokens = tuple[str, ...]

WINDOW_TOKENS = 100
BLEU_ORDER = 4
N_REFERENCES = 100
MAX_TURNS = 5
"""Turns of a dialogue that self-BLEU compares at most; enough for a mean over dialogues."""
RANDOM_SEED = 20250101


def distinct_unigram_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of different words among the words of a dialogue (distinct-1), window by window.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Different tokens per token, summed over windows of 100 tokens of the whole talk, so that long
        dialogues aren't worse; above 0 to 1; ``nan`` below 100 tokens.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> distinct_unigram_share(dialogue("T General: " + "well now " * 50))
        0.02

    Source:
        Li et al. (2016), A diversity-promoting objective function for neural conversation models: distinct-n;
        windows after Covington and McFall (2010), moving-average type-token ratio, here side by side.
    """
    return _distinct(dialogue, 1)


def distinct_bigram_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of different pairs of words among the pairs of a dialogue (distinct-2), by window.

    Args:
        dialogue: One dialogue with words.

    Returns:
        As `distinct_unigram_share`, over the 99 pairs of neighbors in each window of 100 tokens.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> round(distinct_bigram_share(dialogue("T General: " + "well now " * 50)), 4)  # 2 of 99 pairs
        0.0202

    Source:
        Li et al. (2016), distinct-n, in windows as `distinct_unigram_share`.
    """
    return _distinct(dialogue, 2)


def _distinct(dialogue: TextDialogue, n: int) -> CountRatio:
    tokens = tuple(token for turn in dialogue.turns for token in turn.words.tokens)
    starts = range(0, len(tokens) - WINDOW_TOKENS + 1, WINDOW_TOKENS)
    windows = [ngrams(tokens[start : start + WINDOW_TOKENS], n) for start in starts]
    return CountRatio(sum(len(set(window)) for window in windows), sum(map(len, windows)))


def ngrams(tokens: Tokens, n: int) -> list[Tokens]:
    """List the runs of n tokens.

    Args:
        tokens: Tokens in order.
        n: Length of a run, 1 or more.

    Returns:
        Runs in order, empty if there are fewer than n tokens.

    Example:
        >>> ngrams(("a", "b", "c"), 2)
        [('a', 'b'), ('b', 'c')]
    """
    return list(zip(*(tokens[start:] for start in range(n)), strict=False))


def self_bleu_share(dialogues: Sequence[TextDialogue]) -> list[float]:
    """Give the likeness of each dialogue's therapist turns to those of other dialogues (self-BLEU).

    Args:
        dialogues: The collection, shape (n_dialogues,).

    Returns:
        Mean BLEU of up to five of the dialogue's therapist turns that have at least four tokens, shape
        (n_dialogues,), 0 (no common run of words) to 1 (said elsewhere word for word). References are one
        therapist turn of each of up to 100 other dialogues; what is compared is drawn by a fixed seed.
        ``nan`` for a single dialogue, and for one without such a turn.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a, b = dialogue("T General: one two three four five"), dialogue("T General: six seven eight nine")
        >>> self_bleu_share([a, a, b])
        [1.0, 1.0, 0.0]

    Source:
        Zhu et al. (2018), Texygen: self-BLEU; Papineni et al. (2002): BLEU-4, not smoothed. References are
        sampled, since the value grows with their number: collections of over 100 dialogues compare.
    """
    said = [
        [turn.words.tokens for turn in d.turns_of(Role.THERAPIST) if len(turn.words.tokens) >= BLEU_ORDER]
        for d in dialogues
    ]
    rng = random.Random(RANDOM_SEED)
    speaking = [place for place, turns in enumerate(said) if turns]
    drawn = {
        place: rng.choice(said[place]) for place in rng.sample(speaking, min(N_REFERENCES + 1, len(speaking)))
    }
    shared = References(list(drawn.values())[:N_REFERENCES])
    values = []
    for place, spoken in enumerate(said):
        turns = rng.sample(spoken, min(MAX_TURNS, len(spoken)))
        references = shared
        if place in drawn:
            references = References([tokens for other, tokens in drawn.items() if other != place])
        values.append(sum(map(references.bleu, turns)) / len(turns) if turns and references.lengths else nan)
    return values


class References:
    """Texts that BLEU compares with: of each run of tokens the most that one of them holds, and lengths.

    Example:
        >>> References([("a", "b", "c", "d")]).bleu(("a", "b", "c", "d"))
        1.0
    """

    def __init__(self, texts: Iterable[Tokens]) -> None:
        self.lengths: list[int] = []
        self.most: dict[Tokens, int] = {}
        for text in texts:
            self.lengths.append(len(text))
            counts = Counter(run for n in range(1, BLEU_ORDER + 1) for run in ngrams(text, n))
            for run, count in counts.items():
                if count > self.most.get(run, 0):
                    self.most[run] = count

    def bleu(self, tokens: Tokens) -> float:
        """Give the BLEU of a text of at least four tokens.

        Args:
            tokens: The text.

        Returns:
            Geometric mean of the four precisions times the brevity penalty, 0 to 1.

        Source:
            Papineni et al. (2002), BLEU: clipped counts; the reference nearest in length, the shorter of two.
        """
        logs = 0.0
        for n in range(1, BLEU_ORDER + 1):
            counts = Counter(ngrams(tokens, n))
            common = sum(min(count, self.most.get(run, 0)) for run, count in counts.items())
            if not common:
                return 0.0
            logs += log(common / counts.total()) / BLEU_ORDER
        nearest = min(self.lengths, key=lambda length: (abs(length - len(tokens)), length))
        return exp(logs + min(0.0, 1 - nearest / len(tokens)))
