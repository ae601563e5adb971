"""Agreement of any number of raters: ICC(2,1) and ICC(2,k), Krippendorff's alpha; and Wilson's interval."""

from collections import Counter
from collections.abc import Callable, Sequence
from math import nan, sqrt
from typing import Any

import numpy as np

Z_95 = 1.959964
"""Quantile .975 of the standard normal distribution."""


def intraclass_correlations(ratings: np.ndarray) -> tuple[float, float]:
    """Compute ICC(2,1) and ICC(2,k): absolute agreement of one rater, and of the mean of all.

    Args:
        ratings: Every rater's rating of every thing, shape (n_things, n_raters), nothing missing.

    Returns:
        ICC(2,1) and ICC(2,k), at most 1; ``nan`` with fewer than two things or raters, or if no rating
        differs from another.

    Example:
        >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
        >>> [round(value, 2) for value in intraclass_correlations(np.array(ratings))]
        [0.29, 0.62]

    Source:
        Shrout and Fleiss (1979), Intraclass correlations, Psychological Bulletin 86(2), 420-428; the example
        is their Table 2, the results their Table 4.
    """
    n, k = ratings.shape
    if n < 2 or k < 2:
        return nan, nan
    grand = ratings.mean()
    between_things = k * ((ratings.mean(axis=1) - grand) ** 2).sum()
    between_raters = n * ((ratings.mean(axis=0) - grand) ** 2).sum()
    rest = ((ratings - grand) ** 2).sum() - between_things - between_raters
    things, raters, error = between_things / (n - 1), between_raters / (k - 1), rest / ((n - 1) * (k - 1))
    single = things + (k - 1) * error + k * (raters - error) / n
    average = things + (raters - error) / n
    return _quotient(things - error, single), _quotient(things - error, average)


def _quotient(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator > 1e-12 else nan


def krippendorff_alpha(units: Sequence[Sequence[Any]], *, is_ordered: bool) -> float:
    """Compute the agreement of any number of raters, some of whose values may be missing.

    Args:
        units: The values given to each thing, shape (n_units, up to n_raters); a thing with fewer than two
            values counts for nothing.
        is_ordered: Values are ordered levels (ordinal difference); else they are names (nominal difference).

    Returns:
        At most 1; 0 is chance; ``nan`` if no thing has two values or all values are the same.

    Example:
        >>> krippendorff_alpha([["a", "a"], ["b", "b"], ["a", "b"], ["a"]], is_ordered=False)
        0.4444444444444444

    Source:
        Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections C and D.
    """
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in units for value in unit)
    distance = _ordinal_distance(totals) if is_ordered else _nominal_distance
    observed = sum(sum(distance(a, b) for a in unit for b in unit) / (len(unit) - 1) for unit in units)
    expected = sum(n * m * distance(a, b) for a, n in totals.items() for b, m in totals.items())
    return float(1 - (totals.total() - 1) * observed / expected) if expected else nan


def _nominal_distance(a: Any, b: Any) -> float:
    return float(a != b)


def _ordinal_distance(totals: Counter[Any]) -> Callable[[Any, Any], float]:
    """Square the number of values between two levels, each end counted half."""
    levels = sorted(totals)
    before = dict(zip(levels, np.cumsum([0] + [totals[level] for level in levels]), strict=False))
    middle = {level: before[level] + totals[level] / 2 for level in levels}
    return lambda a, b: float((middle[a] - middle[b]) ** 2)


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """Give the 95 % interval of a share.

    Args:
        share: Observed share, 0 to 1; a tie may count half.
        n: Number of independent things it was observed on.

    Returns:
        Lower and upper end, 0 to 1; ``nan`` if `n` is 0.

    Example:
        >>> [round(end, 3) for end in wilson_interval(0.8, 10)]
        [0.49, 0.943]

    Source:
        Wilson (1927), Probable inference, Journal of the American Statistical Association 22, 209-212.
    """
    if not n:
        return nan, nan
    center = share + Z_95**2 / (2 * n)
    half = Z_95 * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return max(0.0, (center - half) / (1 + Z_95**2 / n)), min(1.0, (center + half) / (1 + Z_95**2 / n))
