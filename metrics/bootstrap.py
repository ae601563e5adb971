"""Bootstrap intervals of means over dialogues."""

import numpy as np

MIN_DIALOGUES = 5
"""Below this many values the percentile interval is far too narrow, so none is given."""
CELLS_AT_ONCE = 4_000_000


def mean_over_dialogues(values: np.ndarray) -> np.ndarray:
    """Average each metric over the dialogues in which it is defined.

    Args:
        values: Metric values, shape (n_dialogues, n_metrics); ``nan`` where undefined.

    Returns:
        Means, shape (n_metrics,); ``nan`` for a metric that no dialogue defines.

    Example:
        >>> mean_over_dialogues(np.array([[1.0, np.nan], [2.0, np.nan]])).tolist()
        [1.5, nan]
    """
    return _weighted_means(values, np.ones((1, len(values))))[0]


def _weighted_means(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    defined = ~np.isnan(values)
    counts = weights @ defined
    sums = weights @ np.where(defined, values, 0.0)
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)


def bootstrap_intervals(
    values: np.ndarray, rng: np.random.Generator, n_resamples: int = 2000, confidence: float = 0.95
) -> np.ndarray:
    """Give percentile bootstrap intervals of the mean of each metric, resampling whole dialogues.

    Args:
        values: Metric values, shape (n_dialogues, n_metrics); ``nan`` where undefined. All metrics share
            the draws.
        rng: Source of the draws.
        n_resamples: Number of resamples, 1 or more.
        confidence: Share of resampled means inside the interval, between 0 and 1.

    Returns:
        Lower and upper ends, shape (n_metrics, 2), in the unit of the values; ``nan`` for a metric that
        fewer than `MIN_DIALOGUES` dialogues define.

    Example:
        >>> bootstrap_intervals(np.ones((6, 1)), np.random.default_rng(1)).tolist()
        [[1.0, 1.0]]

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3, percentile interval.
    """
    intervals = np.full((values.shape[1], 2), np.nan)
    enough = (~np.isnan(values)).sum(axis=0) >= MIN_DIALOGUES
    if not enough.any():
        return intervals
    means = bootstrap_means(values[:, enough], rng, n_resamples)
    intervals[enough] = percentile_intervals(means, confidence)
    return intervals


def bootstrap_means(values: np.ndarray, rng: np.random.Generator, n_resamples: int) -> np.ndarray:
    """Average each metric over each resample of the dialogues.

    Args:
        values: Metric values, shape (n_dialogues, n_metrics); ``nan`` where undefined.
        rng: Source of the draws.
        n_resamples: Number of resamples, 1 or more.

    Returns:
        Means, shape (n_resamples, n_metrics); ``nan`` where no drawn dialogue defines the metric.

    Example:
        >>> bootstrap_means(np.ones((3, 1)), np.random.default_rng(1), 2).tolist()
        [[1.0], [1.0]]
    """
    n_dialogues = len(values)
    step = max(1, CELLS_AT_ONCE // n_dialogues)
    shares = np.full(n_dialogues, 1 / n_dialogues)
    sizes = (min(step, n_resamples - start) for start in range(0, n_resamples, step))
    return np.concatenate(
        [
            _weighted_means(values, rng.multinomial(n_dialogues, shares, size=size).astype(float))
            for size in sizes
        ]
    )


def percentile_intervals(draws: np.ndarray, confidence: float = 0.95) -> np.ndarray:
    """Cut the tails off the draws of each column.

    Args:
        draws: Resampled statistics, shape (n_resamples, n_columns); ``nan`` draws don't count.
        confidence: Share of draws inside, between 0 and 1.

    Returns:
        Lower and upper ends, shape (n_columns, 2).

    Example:
        >>> percentile_intervals(np.arange(101.0)[:, None], 0.5).tolist()
        [[25.0, 75.0]]
    """
    tail = (1 - confidence) / 2
    return np.nanquantile(draws, [tail, 1 - tail], axis=0).T
