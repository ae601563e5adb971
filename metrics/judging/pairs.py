"""Pairs: which of two transcripts is the better MI, asked in both orders; inconsistent answers tie."""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

from generation.prompts import Prompt
from generation.sessions.reading import read_answer
from generation.sessions.rendering import blind_transcript
from metrics.asking.question import N_NAME, Question
from metrics.judging.rubric import require_quotes
from metrics.transcripts import Transcript

DEFAULT_PROMPT = "compare_v1"
MAX_TOKENS = 1000
RESULTS = {"A": 1.0, "B": 0.0, "tie": 0.5}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two transcripts of two systems.

    Attributes:
        systems: Numbers of the systems.
        first: Transcript of the first.
        second: Transcript of the second.
    """

    systems: tuple[int, int]
    first: Transcript
    second: Transcript

    @property
    def names(self) -> tuple[str, str]:
        """Names of the questions in the given and in the swapped order."""
        return _name(self.first, self.second), _name(self.second, self.first)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a pair: 1 if its first transcript is better in both orders, 0 if the second is, else 0.5."""

    pair: Pair
    result: float
    is_consistent: bool


def draw_pairs(
    systems: Sequence[Sequence[Transcript]], rng: random.Random, n_pairs: int | None = None
) -> list[Pair]:
    """Pair the transcripts of every two systems: by id where they share ids, else at random.

    Args:
        systems: Transcripts of each system.
        rng: Source of the draws.
        n_pairs: Most pairs of any two systems; None for as many as the smaller one has.

    Returns:
        Pairs in which no transcript of a system meets the same other system twice.
    """
    pairs = []
    for one, other in combinations(range(len(systems)), 2):
        found = _shared(systems[one], systems[other]) or _at_random(systems[one], systems[other], rng)
        chosen = sorted(rng.sample(range(len(found)), min(n_pairs or len(found), len(found))))
        pairs += [Pair((one, other), *found[i]) for i in chosen]
    return pairs


def pair_questions(pairs: Sequence[Pair], prompt: Prompt) -> Iterator[Question]:
    """Ask about each pair in both orders."""
    for pair in pairs:
        for first, second in ((pair.first, pair.second), (pair.second, pair.first)):
            yield Question(
                name=_name(first, second),
                stage="compare",
                prompt=prompt,
                values={
                    "transcript_a": blind_transcript(first.turns),
                    "transcript_b": blind_transcript(second.turns),
                },
                max_tokens=MAX_TOKENS,
                read=partial(read_preference, prompt=prompt, first=first, second=second),
            )


def read_preference(content: str, prompt: Prompt, first: Transcript, second: Transcript) -> float:
    """Read an answer: 1 if transcript A is better, 0 if B is, 0.5 for a tie.

    Raises:
        UnusableError: If the answer breaks the schema, or a quotation is not in its transcript.
    """
    answer = read_answer(content, prompt.schema)
    require_quotes({"quote_a": answer["quote_a"]}, first)
    require_quotes({"quote_b": answer["quote_b"]}, second)
    return RESULTS[answer["better"]]


def verdicts(pairs: Sequence[Pair], values: Mapping[str, Any]) -> list[Verdict]:
    """Bring both orders of each pair together; a pair with an unreadable answer is left out.

    Args:
        pairs: The pairs.
        values: Preferences by the names of their questions.
    """
    found = []
    for pair in pairs:
        forth, back = (values.get(name) for name in pair.names)
        if forth is not None and back is not None:
            is_consistent = forth + back == 1
            found.append(Verdict(pair, forth if is_consistent else 0.5, is_consistent))
    return found


def _name(first: Transcript, second: Transcript) -> str:
    return hashlib.sha256(f"{first.digest} {second.digest}".encode()).hexdigest()[:N_NAME]


def _shared(first: Sequence[Transcript], second: Sequence[Transcript]) -> list[tuple[Transcript, Transcript]]:
    by_id = {transcript.id: transcript for transcript in second}
    return [(transcript, by_id[transcript.id]) for transcript in first if transcript.id in by_id]


def _at_random(
    first: Sequence[Transcript], second: Sequence[Transcript], rng: random.Random
) -> list[tuple[Transcript, Transcript]]:
    n = min(len(first), len(second))
    return list(zip(rng.sample(list(first), n), rng.sample(list(second), n), strict=True))
