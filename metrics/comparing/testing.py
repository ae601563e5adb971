"""Tests of a difference between two sources, and their correction for many metrics."""

from collections.abc import Sequence

import numpy as np

from metrics.bootstrap import CELLS_AT_ONCE

N_PERMUTATIONS = 10_000


def permutation_p_values(
    first: np.ndarray, second: np.ndarray, rng: np.random.Generator, n_permutations: int = N_PERMUTATIONS
) -> np.ndarray:
    """Test for each metric whether the values of two sources differ, by dealing the dialogues out anew.

    Args:
        first: Values of the first source, shape (n, n_metrics); ``nan`` where undefined.
        second: Values of the second, shape (m, n_metrics).
        rng: Source of the permutations, shared by all metrics.
        n_permutations: Number of permutations, 1 or more.

    Returns:
        Two-sided p-values, shape (n_metrics,), at least 1 / (n_permutations + 1): the share of permutations,
        the one found included, in which the mean ranks of the sources lie as far apart. 1 where a source
        has no value.

    Example:
        >>> same = np.ones((6, 1))
        >>> permutation_p_values(same, same, np.random.default_rng(1), 9).tolist()
        [1.0]

    Source:
        Wilcoxon (1945), Individual comparisons by ranking methods; Mann and Whitney (1947): the test that
        belongs to Cliff's delta, here exact for ties too. Phipson and Smyth (2010): a p-value is never 0.
    """
    ranks = np.column_stack([_centered_ranks(column) for column in np.concatenate([first, second]).T])
    is_second = np.repeat([0.0, 1.0], [len(first), len(second)])
    found = _distances(ranks, is_second[None, :])[0]
    n_as_far, step = np.zeros(ranks.shape[1]), max(1, CELLS_AT_ONCE // len(ranks))
    for start in range(0, n_permutations, step):
        size = min(step, n_permutations - start)
        dealt = rng.permuted(np.broadcast_to(is_second, (size, len(ranks))), axis=1)
        n_as_far += (_distances(ranks, dealt) >= found - 1e-9).sum(axis=0)
    return (n_as_far + 1) / (n_permutations + 1)


def _centered_ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks less their mean, equal values sharing one; ``nan`` stays."""
    ranks, defined = np.full(len(values), np.nan), ~np.isnan(values)
    _, places, counts = np.unique(values[defined], return_inverse=True, return_counts=True)
    ranks[defined] = (np.cumsum(counts) - (counts - 1) / 2)[places] - (defined.sum() + 1) / 2
    return ranks


def _distances(ranks: np.ndarray, is_second: np.ndarray) -> np.ndarray:
    """Return the distance of the two mean ranks in each deal, shape (n_deals, n_metrics); 0 if undefined."""
    defined = ~np.isnan(ranks)
    known = np.where(defined, ranks, 0.0)
    second, n_second = is_second @ known, is_second @ defined
    n_first = defined.sum(axis=0) - n_second
    with np.errstate(divide="ignore", invalid="ignore"):  # the ranks sum up to 0: first = -second
        return np.nan_to_num(np.abs(second / n_second + second / n_first), nan=0.0, posinf=0.0)


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """Raise p-values so that one below α among many is chance with a probability of α at most.

    Args:
        p_values: P-values of one family of tests, shape (n_tests,), 0 to 1.

    Returns:
        Adjusted p-values in the same order, 0 to 1.

    Example:
        >>> holm_adjusted([0.04, 0.01, 0.02])  # .01 · 3, .02 · 2, .04 · 1, never falling
        [0.04, 0.03, 0.04]

    Source:
        Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
        Statistics 6.
    """
    adjusted, least = [0.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
