"""Texts that share most of their character runs, found by MinHash among many without comparing all pairs.

Source:
    Broder (1997), On the resemblance and containment of documents; banding after Leskovec, Rajaraman and
    Ullman (2020), Mining of Massive Datasets, chapter 3.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

PRIME = np.uint64((1 << 31) - 1)
RANDOM_SEED = 20250101


@dataclass(frozen=True, slots=True)
class Likeness:
    """When two texts count as near-duplicates, and how they are found.

    Attributes:
        n_characters: Length of the character runs (shingles).
        least: Least Jaccard similarity of their sets of runs, above 0 to 1.
        n_bands: Bands of the MinHash signature.
        n_rows: Hashes in a band; a pair of similarity s is found with probability 1 − (1 − s^n_rows)^n_bands.
    """

    n_characters: int
    least: float
    n_bands: int
    n_rows: int


def shingles(text: str, n: int) -> frozenset[str]:
    """Return the runs of n characters of a text, white space taken out.

    Args:
        text: Any text.
        n: Length of a run.

    Returns:
        The different runs; a shorter text is one run.

    Example:
        >>> sorted(shingles("ab cd", 3))
        ['abc', 'bcd']
    """
    joined = "".join(text.split())
    return frozenset(joined[start : start + n] for start in range(max(1, len(joined) - n + 1)))


def has_near_duplicate(texts: Sequence[str], likeness: Likeness) -> list[bool]:
    """Tell which texts have a near-duplicate, or their like, among the others.

    Args:
        texts: Any number of texts, shape (n_texts,).
        likeness: What counts as near.

    Returns:
        One truth value a text, shape (n_texts,). Every pair that MinHash proposes is compared exactly, so
        none is called alike wrongly; few alike ones are missed.

    Example:
        >>> has_near_duplicate(["abcdefghij", "abcdefghij!", "zyxwvutsrq"], Likeness(3, 0.7, 16, 4))
        [True, True, False]
    """
    places: dict[frozenset[str], list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(shingles(text, likeness.n_characters), []).append(place)
    different = list(places)
    alike = [len(places[runs]) > 1 for runs in different]
    for a, b in candidate_pairs(different, likeness):
        if not (alike[a] and alike[b]):
            common = len(different[a] & different[b])
            if common >= likeness.least * (len(different[a]) + len(different[b]) - common):
                alike[a] = alike[b] = True
    found = [False] * len(texts)
    for runs, is_alike in zip(different, alike, strict=True):
        for place in places[runs]:
            found[place] = is_alike
    return found


def candidate_pairs(sets: Sequence[frozenset[str]], likeness: Likeness) -> Iterator[tuple[int, int]]:
    """Propose pairs of sets that may be alike.

    Args:
        sets: Sets of character runs, none empty, shape (n_sets,).
        likeness: Bands and rows.

    Yields:
        Places of two sets that agree in a whole band; a pair may come more than once.
    """
    signatures = _signatures(sets, likeness.n_bands * likeness.n_rows)
    for band in range(likeness.n_bands):
        rows = signatures[:, band * likeness.n_rows : (band + 1) * likeness.n_rows]
        buckets: dict[bytes, list[int]] = {}
        for place, row in enumerate(np.ascontiguousarray(rows)):
            buckets.setdefault(row.tobytes(), []).append(place)
        for members in buckets.values():
            yield from combinations(members, 2)


def _signatures(sets: Sequence[frozenset[str]], n_hashes: int) -> np.ndarray:
    """Return the least hash of each set under each hash function, shape (n_sets, n_hashes)."""
    if not sets:
        return np.zeros((0, n_hashes), np.uint64)
    ids = np.array([zlib.crc32(run.encode()) for runs in sets for run in runs], np.uint64) % PRIME
    starts = np.cumsum([0, *(len(runs) for runs in sets[:-1])])
    rng = random.Random(RANDOM_SEED)
    columns = []
    for _ in range(n_hashes):
        factor, offset = np.uint64(rng.randrange(1, int(PRIME))), np.uint64(rng.randrange(int(PRIME)))
        columns.append(np.minimum.reduceat((factor * ids + offset) % PRIME, starts))
    return np.stack(columns, axis=1)
