"""How well scores tell two groups of dialogues apart: area under the ROC curve, with its interval."""

from collections.abc import Sequence
from math import nan

import numpy as np


def area_under_curve(high: Sequence[float], low: Sequence[float]) -> float:
    """Give the probability that a dialogue of one group scores above one of the other, ties counting half.

    Args:
        high: Scores of the group that should be higher, shape (n,).
        low: Scores of the other group, shape (m,).

    Returns:
        0 to 1; 0.5 is no separation; ``nan`` if a group is empty.

    Example:
        >>> area_under_curve([3, 4], [3, 1])
        0.875

    Source:
        Hanley and McNeil (1982), The Meaning and Use of the Area under a ROC Curve, Radiology 143.
    """
    wins = _wins(high, low)
    return float(wins.mean()) if wins.size else nan


def area_interval(
    high: Sequence[float], low: Sequence[float], rng: np.random.Generator, n_resamples: int = 2000
) -> tuple[float, float]:
    """Give the 95 % percentile bootstrap interval of `area_under_curve`, resampling within each group.

    Args:
        high: Scores of the group that should be higher, shape (n,).
        low: Scores of the other group, shape (m,).
        rng: Source of the draws.
        n_resamples: Number of resamples, 1 or more.

    Returns:
        Lower and upper end, 0 to 1; ``nan`` if a group is empty.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
    """
    wins = _wins(high, low)
    if not wins.size:
        return nan, nan
    n, m = wins.shape
    of_high = rng.multinomial(n, np.full(n, 1 / n), size=n_resamples) / n
    of_low = rng.multinomial(m, np.full(m, 1 / m), size=n_resamples) / m
    lower, upper = np.quantile(((of_high @ wins) * of_low).sum(1), [0.025, 0.975])
    return float(lower), float(upper)


def _wins(high: Sequence[float], low: Sequence[float]) -> np.ndarray:
    """Return 1, 0.5 or 0 for each pair, shape (n, m)."""
    difference = np.subtract.outer(np.asarray(high, float), np.asarray(low, float))
    return (np.sign(difference) + 1) / 2
