"""Effect sizes between the dialogues of two sources, each with its interval; above 0 the second has more.

Cliff's delta takes values of any kind and only asks which is larger, so it holds for the bounded, skewed
values of most metrics; Cohen's h is for what each dialogue either does or does not.
"""

from collections.abc import Sequence
from math import asin, nan, pi, sqrt
from statistics import NormalDist

import numpy as np


def cliff_delta(first: Sequence[float], second: Sequence[float]) -> float:
    """Give how much more often a dialogue of the second source lies above one of the first than below it.

    Args:
        first: Values of the first source, shape (n,), all defined.
        second: Values of the second, shape (m,), all defined.

    Returns:
        P(second > first) − P(second < first), −1 to 1; 0 if neither is more often larger; ``nan`` if a source
        has no value. By custom .15 is small, .33 medium, .47 large.

    Example:
        >>> cliff_delta([1, 2], [2, 3])  # three of the four pairs are larger, one is tied
        0.75

    Source:
        Cliff (1993), Dominance statistics: Ordinal analyses to answer ordinal questions, Psychological
        Bulletin 114; thresholds by Romano et al. (2006).
    """
    return float(_dominance(first, second).mean()) if len(first) and len(second) else nan


def cliff_delta_interval(
    first: Sequence[float], second: Sequence[float], confidence: float = 0.95
) -> tuple[float, float]:
    """Give the interval of `cliff_delta` that keeps inside −1 to 1.

    Args:
        first: Values of the first source, shape (n,), two or more.
        second: Values of the second, shape (m,), two or more.
        confidence: Share of intervals that hold the true value, between 0 and 1.

    Returns:
        Lower and upper end, −1 to 1; ``nan`` with fewer than two values in a source.

    Example:
        >>> low, high = cliff_delta_interval([1, 2, 3, 4], [5, 6, 7, 8])  # z² = 3.84: (4 − z²) / (4 + z²)
        >>> round(low, 3), high
        (0.02, 1.0)

    Source:
        Feng and Cliff (2004), Monte Carlo evaluation of ordinal d with improved confidence interval, Journal
        of Modern Applied Statistical Methods 3(2), with the unbiased variance; if all of one lie above all of
        the other, Wilson's bound for the smaller source.
    """
    n, m = len(first), len(second)
    if min(n, m) < 2:
        return nan, nan
    delta, z = cliff_delta(first, second), NormalDist().inv_cdf((1 + confidence) / 2)
    if abs(delta) == 1:
        bound = (min(n, m) - z**2) / (min(n, m) + z**2)
        return (bound, 1.0) if delta > 0 else (-1.0, -bound)
    of_second, of_first = _dominance(first, second), -_dominance(second, first)
    n_untied = _untied(first, second)
    total = n_untied - n * m * delta**2
    squares = n**2 * ((of_second - delta) ** 2).sum() + m**2 * ((of_first - delta) ** 2).sum()
    variance = max((squares - total) / (n * m * (n - 1) * (m - 1)), (1 - delta**2) / (n * m - 1))
    spread = z * sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
    ends = [(delta - delta**3 + sign * spread) / (1 - delta**2 + z**2 * variance) for sign in (-1, 1)]
    return max(-1.0, ends[0]), min(1.0, ends[1])


def cohen_h(first_share: float, second_share: float) -> float:
    """Give the distance of two shares on the scale on which every share is equally uncertain.

    Args:
        first_share: Share of the first source, 0 to 1.
        second_share: Share of the second, 0 to 1.

    Returns:
        2·asin(√second) − 2·asin(√first), −π to π. By custom .2 is small, .5 medium, .8 large.

    Example:
        >>> round(cohen_h(0.5, 1.0), 4)  # π − π/2
        1.5708

    Source:
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 6.
    """
    return 2 * asin(sqrt(second_share)) - 2 * asin(sqrt(first_share))


def cohen_h_interval(
    shares: tuple[float, float], counts: tuple[int, int], confidence: float = 0.95
) -> tuple[float, float]:
    """Give the interval of `cohen_h`.

    Args:
        shares: Shares of both sources, 0 to 1.
        counts: Numbers of dialogues that the shares are of, 1 or more each.
        confidence: Share of intervals that hold the true value, between 0 and 1.

    Returns:
        Lower and upper end, −π to π.

    Example:
        >>> low, high = cohen_h_interval((0.5, 0.5), (50, 50))  # 1.96 · √(1/50 + 1/50)
        >>> round(low, 3), round(high, 3)
        (-0.392, 0.392)

    Source:
        Cohen (1988), chapter 6: the variance of h is 1/n + 1/m.
    """
    h, z = cohen_h(*shares), NormalDist().inv_cdf((1 + confidence) / 2)
    spread = z * sqrt(sum(1 / n for n in counts))
    return max(-pi, h - spread), min(pi, h + spread)


def _dominance(first: Sequence[float], second: Sequence[float]) -> np.ndarray:
    """Return for each value of the second the share of the first below it less that above it, shape (m,)."""
    below, not_above = _places(first, second)
    return (below + not_above - len(first)) / len(first)


def _untied(first: Sequence[float], second: Sequence[float]) -> int:
    below, not_above = _places(first, second)
    return len(first) * len(second) - int((not_above - below).sum())


def _places(first: Sequence[float], second: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Count for each value of the second those of the first below it, and those not above it."""
    ordered = np.sort(np.asarray(first, float))
    return np.searchsorted(ordered, second, side="left"), np.searchsorted(ordered, second, side="right")
