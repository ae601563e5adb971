"""Strengths of systems from pairwise comparisons: the Bradley–Terry model with bootstrap intervals."""

from collections.abc import Sequence

import numpy as np

Comparison = tuple[int, int, float]
"""Number of the first system, number of the second, and the first one's result: 1 won, 0.5 tied, 0 lost."""

PRIOR_WINS = 0.5
MAX_ROUNDS = 10_000
TOLERANCE = 1e-10


def bradley_terry(
    comparisons: Sequence[Comparison], n_systems: int, prior_wins: float = PRIOR_WINS
) -> np.ndarray:
    """Fit strengths s such that system i beats j with probability s_i / (s_i + s_j).

    Args:
        comparisons: Results; a tie counts half a win for each.
        n_systems: Number of systems, 2 or more.
        prior_wins: Wins added each way to every two systems, so that one that always won stays finite.

    Returns:
        Log strengths with mean 0, shape (n_systems,); their difference is the log odds of winning.

    Raises:
        ValueError: If there is no comparison, or without a prior a system never won or never lost.

    Example:
        >>> three_to_one = [(0, 1, 1.0)] * 3 + [(0, 1, 0.0)]
        >>> strengths = bradley_terry(three_to_one, 2, prior_wins=0.0)
        >>> round(win_probability(strengths[0] - strengths[1]), 6)
        0.75

    Source:
        Bradley and Terry (1952), Rank Analysis of Incomplete Block Designs; Hunter (2004), MM Algorithms for
        Generalized Bradley–Terry Models, equation 3.
    """
    if not comparisons:
        raise ValueError("no comparison to rank systems by")
    return _fit(_win_table(comparisons, n_systems) + prior_wins * (1 - np.eye(n_systems)))


def strength_intervals(
    comparisons: Sequence[Comparison], n_systems: int, rng: np.random.Generator, n_resamples: int = 1000
) -> np.ndarray:
    """Give 95 % percentile bootstrap intervals of every difference of log strengths, resampling comparisons.

    Args:
        comparisons: Results, each of its own pair of dialogues.
        n_systems: Number of systems, 2 or more.
        rng: Source of the draws.
        n_resamples: Number of resamples, 1 or more.

    Returns:
        Lower and upper ends of s_i - s_j on the log scale, shape (n_systems, n_systems, 2).
    """
    draws = rng.integers(len(comparisons), size=(n_resamples, len(comparisons)))
    fits = np.array([bradley_terry([comparisons[i] for i in draw], n_systems) for draw in draws])
    differences = fits[:, :, None] - fits[:, None, :]
    return np.moveaxis(np.quantile(differences, [0.025, 0.975], axis=0), 0, -1)


def win_probability(difference: float) -> float:
    """Turn a difference of log strengths into the probability that the first system wins."""
    return float(1 / (1 + np.exp(-difference)))


def _win_table(comparisons: Sequence[Comparison], n_systems: int) -> np.ndarray:
    wins = np.zeros((n_systems, n_systems))
    for first, second, result in comparisons:
        wins[first, second] += result
        wins[second, first] += 1 - result
    return wins


def _fit(wins: np.ndarray) -> np.ndarray:
    games, totals = wins + wins.T, wins.sum(1)
    if (totals == 0).any() or (wins.sum(0) == 0).any():
        raise ValueError("a system never won or never lost: its strength is unbounded without a prior")
    strengths = np.ones(len(wins))
    for _ in range(MAX_ROUNDS):
        updated = totals / (games / np.add.outer(strengths, strengths)).sum(1)
        updated /= np.exp(np.log(updated).mean())
        if np.abs(updated - strengths).max() < TOLERANCE:
            break
        strengths = updated
    return np.log(updated)
