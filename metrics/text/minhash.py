"""Texts that share most of their character runs, found by MinHash among many without comparing all pairs.

Source:
    Broder (1997), On the resemblance and containment of documents; banding after Leskovec, Rajaraman and
    Ullman (2020), Mining of Massive Datasets, chapter 3.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

BASE = np.uint64(0x100000001B3)
"""Odd, so that no part of a character run is lost; the prime of the FNV hash."""
NEIGHBORS = 8
"""Members of a bucket that each is compared with: texts from one template would give millions of pairs."""
MIXER = np.uint64(0x9E3779B97F4A7C15)
"""Carries every bit to the upper half; 2 to the power of 64 over the golden ratio (Knuth, section 6.4)."""
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
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault("".join(text.split()), []).append(place)
    different = list(places)
    alike = [len(places[text]) > 1 for text in different]
    runs_of = cache(partial(shingles, n=likeness.n_characters))
    for a, b in candidate_pairs(different, likeness):
        if (
            not (alike[a] and alike[b])
            and jaccard(runs_of(different[a]), runs_of(different[b])) >= likeness.least
        ):
            alike[a] = alike[b] = True
    found = [False] * len(texts)
    for text, is_alike in zip(different, alike, strict=True):
        for place in places[text]:
            found[place] = is_alike
    return found


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Divide the number of common members by that of all members.

    Args:
        a: A set, not empty.
        b: Another.

    Returns:
        Similarity, 0 to 1.

    Example:
        >>> jaccard(frozenset("ab"), frozenset("bc"))
        0.3333333333333333
    """
    n_common = len(a & b)
    return n_common / (len(a) + len(b) - n_common)


def candidate_pairs(texts: Sequence[str], likeness: Likeness) -> Iterator[tuple[int, int]]:
    """Propose pairs of texts that may be alike.

    Args:
        texts: Texts without white space, shape (n_texts,).
        likeness: Bands and rows.

    Yields:
        Places of two texts that agree in a whole band; a pair may come more than once.
    """
    signatures = _signatures(texts, likeness.n_characters, likeness.n_bands * likeness.n_rows)
    for band in range(likeness.n_bands):
        rows = signatures[:, band * likeness.n_rows : (band + 1) * likeness.n_rows]
        buckets: dict[bytes, list[int]] = {}
        for place, row in enumerate(np.ascontiguousarray(rows)):
            buckets.setdefault(row.tobytes(), []).append(place)
        for members in buckets.values():
            for distance in range(1, min(NEIGHBORS + 1, len(members))):
                yield from zip(members, members[distance:], strict=False)


def _signatures(texts: Sequence[str], n_characters: int, n_hashes: int) -> np.ndarray:
    """Return the least hash of the runs of each text under each function, shape (n_texts, n_hashes)."""
    if not texts:
        return np.zeros((0, n_hashes), np.uint32)
    padded = [text.ljust(n_characters, "\0") for text in texts]
    runs = _hashed_runs("".join(padded), n_characters)
    starts = np.cumsum([0, *(len(text) for text in padded)])
    ends = starts[1:] - n_characters + 1  # a run that begins later would reach into the next text
    edges = np.column_stack([starts[:-1], ends]).ravel()
    rng = random.Random(RANDOM_SEED)
    signatures = np.empty((len(texts), n_hashes), np.uint32)
    hashed = np.empty_like(runs)
    for column in range(n_hashes):
        np.multiply(runs, np.uint32(rng.getrandbits(32) | 1), out=hashed)
        np.add(hashed, np.uint32(rng.getrandbits(32)), out=hashed)
        signatures[:, column] = np.minimum.reduceat(hashed, edges)[::2]
    return signatures


def _hashed_runs(text: str, n_characters: int) -> np.ndarray:
    """Hash the run at each place of a text, shape (n_runs + 1,); the last is no run."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    n_runs = len(codes) - n_characters + 1
    runs = np.zeros(n_runs + 1, np.uint64)
    for offset in range(n_characters):
        runs[:-1] = runs[:-1] * BASE + codes[offset : offset + n_runs]
    return (runs * MIXER >> np.uint64(32)).astype(np.uint32)
