"""A ratio that remembers its counts, so that ratios of many dialogues can be pooled."""

from collections.abc import Iterable
from math import nan
from typing import Self


class CountRatio(float):
    """Quotient of two counts: a plain float to its reader, with both counts kept for pooling.

    Attributes:
        numerator: Number of events, 0 or more.
        denominator: Number of chances, 0 or more; with 0 the value is ``nan`` (undefined).
        scale: 1 for shares and ratios, 100 for percentages.

    Example:
        >>> CountRatio(1, 4, scale=100)
        25.0
        >>> CountRatio(0, 0)
        nan
    """

    __slots__ = ("denominator", "numerator", "scale")

    def __new__(cls, numerator: int, denominator: int, scale: int = 1) -> Self:
        """Divide the counts and keep them."""
        ratio = super().__new__(cls, scale * numerator / denominator if denominator else nan)
        ratio.numerator, ratio.denominator, ratio.scale = numerator, denominator, scale
        return ratio


def pool_ratios(ratios: Iterable[CountRatio]) -> CountRatio:
    """Divide the summed numerators by the summed denominators: every event weighs the same.

    Args:
        ratios: The same metric of several dialogues, shape (n_dialogues,), all of one scale; undefined ones
            add nothing.

    Returns:
        The pooled ratio, in the unit of its parts; ``nan`` if all denominators are 0.

    Example:
        >>> pool_ratios([CountRatio(1, 1), CountRatio(0, 3)])
        0.25
    """
    ratios = list(ratios)
    scale = ratios[0].scale if ratios else 1
    return CountRatio(sum(r.numerator for r in ratios), sum(r.denominator for r in ratios), scale)
