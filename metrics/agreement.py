"""Agreement of two coders or raters: Cohen's kappa, plain and weighted, and its bootstrap interval."""

from collections.abc import Hashable, Sequence
from math import nan

import numpy as np

WEIGHTINGS = ("nominal", "linear", "quadratic")


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], weighting: str = "nominal") -> float:
    """Measure how much more two coders agree than chance would have them.

    Kappa = 1 - sum(w O) / sum(w E), with O the shares of each pair of categories, E the shares if the coders
    were independent, and w the disagreement: 1 for any two categories, or their distance or its square.

    Args:
        first: Categories by one coder, shape (n,); numbers unless the weighting is nominal.
        second: Categories by the other, shape (n,), in the same order.
        weighting: One of `WEIGHTINGS`.

    Returns:
        At most 1; 0 is chance; ``nan`` if there are no pairs, or both coders use one same category alone.

    Raises:
        ValueError: If the lengths differ or the weighting is unknown.

    Example:
        >>> round(cohen_kappa("aabb", "aabc"), 4)
        0.6
        >>> round(cohen_kappa([1, 2, 3, 3], [1, 2, 3, 1], "quadratic"), 4)
        0.3846

    Source:
        Cohen (1960), A Coefficient of Agreement for Nominal Scales; Cohen (1968), Weighted Kappa.
    """
    counts, penalties = _tabulate(first, second, np.zeros(len(first), int), weighting)
    return float(_kappas(counts, penalties)[0])


def agreement_intervals(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    groups: Sequence[Hashable],
    rng: np.random.Generator,
    n_resamples: int = 2000,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give 95 % percentile bootstrap intervals of nominal kappa and of the share of equal categories.

    Args:
        first: Categories by one coder, shape (n,).
        second: Categories by the other, shape (n,).
        groups: Dialogue of each pair, shape (n,); dialogues are resampled whole, since their pairs are not
            independent.
        rng: Source of the draws.
        n_resamples: Number of resamples, 1 or more.

    Returns:
        Lower and upper end for kappa, and for the share; ``nan`` where no resample defines the figure.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
    """
    names = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    numbers = np.array([names[group] for group in groups], int)
    counts, penalties = _tabulate(first, second, numbers, "nominal")
    if not len(counts):
        return (nan, nan), (nan, nan)
    draws = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=n_resamples)
    tables = np.tensordot(draws, counts, 1)
    shares = tables.trace(axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    return _middle(_kappas(tables, penalties)), _middle(shares)


def _middle(values: np.ndarray) -> tuple[float, float]:
    if np.isnan(values).all():
        return nan, nan
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def _tabulate(
    first: Sequence[Hashable], second: Sequence[Hashable], groups: np.ndarray, weighting: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return counts of category pairs, shape (n_groups, k, k), and the penalty of each pair, shape (k, k)."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} categories; both coders must code the same items")
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting {weighting!r} is not one of {', '.join(WEIGHTINGS)}")
    categories = sorted({*first, *second})
    place = {category: number for number, category in enumerate(categories)}
    n_groups = int(groups.max()) + 1 if len(groups) else 0
    counts = np.zeros((n_groups, len(categories), len(categories)))
    rows, columns = [place[c] for c in first], [place[c] for c in second]
    np.add.at(counts, (groups, rows, columns), 1.0)
    if weighting == "nominal":
        return counts, 1.0 - np.eye(len(categories))
    distances = np.abs(np.subtract.outer(categories, categories)).astype(float)
    return counts, distances if weighting == "linear" else distances**2


def _kappas(counts: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """Return the kappa of each table, shape (n,); ``nan`` where no disagreement is expected."""
    if not len(counts):
        return np.array([nan])
    totals = counts.sum(axis=(1, 2))
    expected = counts.sum(2)[:, :, None] * counts.sum(1)[:, None, :]
    found = (counts * penalties).sum(axis=(1, 2)) * totals
    chance = (expected * penalties).sum(axis=(1, 2))
    return 1 - np.divide(found, chance, out=np.full(len(counts), nan), where=chance > 0)
