"""One source against another, metric by metric: difference, effect size, test, and dialogues needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from metrics.bootstrap import MIN_DIALOGUES, bootstrap_means, mean_over_dialogues, percentile_intervals
from metrics.comparing.effects import cliff_delta, cliff_delta_interval, cohen_h, cohen_h_interval
from metrics.comparing.power import dialogues_per_arm
from metrics.comparing.testing import permutation_p_values
from metrics.count_ratio import CountRatio
from metrics.evaluation import ScoreSettings

Values = Mapping[str, Sequence[float]]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Size of a difference, free of the metric's unit.

    Attributes:
        name: `cliff_delta`, or `cohen_h` where a dialogue's value is yes or no.
        value: Above 0 if the second source has more.
        interval: ``None`` with fewer than `MIN_DIALOGUES` dialogues in a source.
    """

    name: str
    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One metric of two sources; ``None`` stands for what too few dialogues define.

    Attributes:
        means: Means over the dialogues of each source that define the metric.
        n_defined: Numbers of these dialogues.
        difference: Second mean minus the first, in the metric's unit.
        interval: Its bootstrap interval; the dialogues of each source are drawn anew.
        effect: Size of the difference.
        p_value: Of the permutation test, before correction.
        variances: Of the values over the dialogues of each source.
        n_per_arm: Dialogues of each source in which a true difference of this size shows at 80 % power.
    """

    means: tuple[float, float]
    n_defined: tuple[int, int]
    difference: float
    interval: Interval | None
    effect: Effect | None
    p_value: float | None
    variances: tuple[float, float] | None
    n_per_arm: int | None


def compare_values(first: Values, second: Values, settings: ScoreSettings) -> dict[str, Difference]:
    """Compare every metric that both sources have.

    Args:
        first: Values of the first source by metric, each of shape (n_dialogues,); ``nan`` where undefined.
        second: Those of the second source.
        settings: Bootstrap settings.

    Returns:
        Differences by metric, in the order of the first.
    """
    names = [name for name in first if name in second]
    tables = [np.array([values[name] for name in names], float).T for values in (first, second)]
    rng = np.random.default_rng(settings.random_seed)
    counts = np.array([(~np.isnan(table)).sum(axis=0) for table in tables])
    enough = (counts >= MIN_DIALOGUES).all(axis=0)
    intervals, p_values = np.full((len(names), 2), np.nan), np.full(len(names), np.nan)
    if enough.any():
        chosen = [table[:, enough] for table in tables]
        draws = [bootstrap_means(table, rng, settings.n_resamples) for table in chosen]
        intervals[enough] = percentile_intervals(draws[1] - draws[0], settings.confidence)
        p_values[enough] = permutation_p_values(*chosen, rng)
    means = np.array([mean_over_dialogues(table) for table in tables])
    return {
        name: _difference(
            (first[name], second[name]),
            (float(means[0, i]), float(means[1, i])),
            (float(intervals[i, 0]), float(intervals[i, 1])) if enough[i] else None,
            None if isnan(p_values[i]) else float(p_values[i]),
            settings.confidence,
        )
        for i, name in enumerate(names)
    }


def _difference(
    values: tuple[Sequence[float], Sequence[float]],
    means: tuple[float, float],
    interval: Interval | None,
    p_value: float | None,
    confidence: float,
) -> Difference:
    defined = [[value for value in column if not isnan(value)] for column in values]
    n_defined = (len(defined[0]), len(defined[1]))
    difference = means[1] - means[0]
    variances = tuple(float(np.var(column, ddof=1)) for column in defined) if min(n_defined) > 1 else None
    return Difference(
        means=means,
        n_defined=n_defined,
        difference=difference,
        interval=interval,
        effect=_effect(values, means, defined, confidence),
        p_value=p_value,
        variances=variances,
        n_per_arm=dialogues_per_arm(difference, variances) if variances else None,
    )


def _effect(
    values: tuple[Sequence[float], Sequence[float]],
    means: tuple[float, float],
    defined: Sequence[Sequence[float]],
    confidence: float,
) -> Effect | None:
    counts = (len(defined[0]), len(defined[1]))
    if not min(counts):
        return None
    has_interval = min(counts) >= MIN_DIALOGUES
    if all(map(is_yes_or_no, values)):
        interval = cohen_h_interval(means, counts, confidence) if has_interval else None
        return Effect(name="cohen_h", value=cohen_h(*means), interval=interval)
    interval = cliff_delta_interval(*defined, confidence) if has_interval else None
    return Effect(name="cliff_delta", value=cliff_delta(*defined), interval=interval)


def is_yes_or_no(values: Sequence[float]) -> bool:
    """Tell whether a metric's value of each dialogue is yes or no, so that its mean is a share of dialogues.

    Args:
        values: Values of one metric, shape (n_dialogues,).

    Example:
        >>> is_yes_or_no([CountRatio(1, 1), CountRatio(0, 0)]), is_yes_or_no([CountRatio(1, 2)])
        (True, False)
    """
    return all(isinstance(v, CountRatio) and v.denominator <= 1 and v.scale == 1 for v in values)
