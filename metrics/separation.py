"""How well a value tells two groups apart."""

from collections.abc import Iterable
from math import isnan, nan


def probability_higher(first: Iterable[float], second: Iterable[float]) -> float:
    """Give the probability that a value of the first group is above one of the second (AUC).

    Args:
        first: Values of one group; ``nan`` ones are left out.
        second: Values of the other.

    Returns:
        Share of pairs in which the first is higher, ties counting half, 0 to 1; ``nan`` if a group is empty.

    Example:
        >>> probability_higher([2.0, 3.0], [1.0, 2.0])
        0.875

    Source:
        Mann and Whitney (1947), U over the number of pairs; Hanley and McNeil (1982): the area
        under the ROC curve.
    """
    a, b = ([value for value in group if not isnan(value)] for group in (first, second))
    wins = sum((x > y) + (x == y) / 2 for x in a for y in b)
    return wins / (len(a) * len(b)) if a and b else nan
