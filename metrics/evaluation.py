"""Metrics of a group of dialogues: values of each, their mean with an interval, and the pooled value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from kmi import THERAPIST_LABELS
from metrics.bootstrap import bootstrap_intervals, mean_over_dialogues
from metrics.count_ratio import CountRatio, pool_ratios
from metrics.dialogues import ClientCoding, Dialogue
from metrics.divergence import LabelCounts, count_label_pairs
from metrics.ratios import Labels
from metrics.registry import METRICS, Level, Metric

DIALOGUE_METRICS = tuple(metric for metric in METRICS if metric.level is Level.DIALOGUE)
CORPUS_METRICS = tuple(metric for metric in METRICS if metric.level is Level.CORPUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSettings:
    """What a report depends on besides the dialogues.

    Attributes:
        random_seed: Start of the bootstrap's draws; every group starts afresh from it.
        n_resamples: Bootstrap resamples, 1 or more.
        confidence: Share of resampled means inside an interval, between 0 and 1.
    """

    random_seed: int = 20250101
    n_resamples: int = 2000
    confidence: float = 0.95

    def __post_init__(self) -> None:
        """Refuse settings without meaning."""
        if self.n_resamples < 1:
            raise ValueError(f"n_resamples: {self.n_resamples} is not allowed; 1 or more")
        if self.random_seed < 0:
            raise ValueError(f"random_seed: {self.random_seed} is not allowed; 0 or more")
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence: {self.confidence} is not allowed; above 0 and below 1")


def drop_opening(labels: Labels) -> Labels:
    """Leave out the first therapist turn, a formula in most dialogues; the one place that does so.

    Args:
        labels: Labels of one dialogue, shape (n_utterances,), in order.

    Returns:
        The labels without the first therapist label, shape (n_utterances - 1,).

    Example:
        >>> from kmi import Label
        >>> drop_opening([None, Label.GENERAL, None])
        [None, None]
    """
    opening = next((i for i, label in enumerate(labels) if label in THERAPIST_LABELS), len(labels))
    return [*labels[:opening], *labels[opening + 1 :]]


def metric_values(dialogues: Sequence[Dialogue], coding: ClientCoding) -> dict[str, list[float]]:
    """Compute every dialogue-level metric of every dialogue.

    Args:
        dialogues: Dialogues, shape (n_dialogues,).
        coding: How the collection codes client turns; metrics that need more are undefined.

    Returns:
        Values by metric name, each of shape (n_dialogues,), in the metric's unit; ``nan`` where undefined.
        Ratios keep their counts.
    """
    whole = [dialogue.labels for dialogue in dialogues]
    without_opening = [drop_opening(labels) for labels in whole]
    return {
        metric.name: [
            metric.function(labels) for labels in (whole if metric.counts_opening else without_opening)
        ]
        if coding >= metric.client_coding
        else [CountRatio(0, 0)] * len(dialogues)
        for metric in DIALOGUE_METRICS
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One metric of one group of dialogues; ``nan`` where undefined.

    Attributes:
        mean: Mean over the dialogues that define it; ``nan`` for a corpus metric.
        low: Lower end of the bootstrap interval of the mean.
        high: Upper end of the bootstrap interval of the mean.
        pooled: Value of the whole group: summed counts divided once, or the metric of all its labels.
        n_defined: Number of dialogues that define it.
    """

    mean: float
    low: float
    high: float
    pooled: float
    n_defined: int


def estimate_group(
    dialogues: Sequence[Dialogue],
    values: dict[str, list[float]],
    reference: LabelCounts,
    settings: ScoreSettings,
) -> dict[str, Estimate]:
    """Estimate every metric over a group of dialogues.

    Args:
        dialogues: The group, shape (n_dialogues,), at least one.
        values: Its values from `metric_values`.
        reference: Counts that corpus metrics compare with.
        settings: Bootstrap settings.

    Returns:
        An estimate for each metric of the registry, by name.
    """
    table = np.array([values[metric.name] for metric in DIALOGUE_METRICS], dtype=float).T
    rng = np.random.default_rng(settings.random_seed)
    intervals = bootstrap_intervals(table, rng, settings.n_resamples, settings.confidence)
    labels = [drop_opening(dialogue.labels) for dialogue in dialogues]
    estimates = {
        metric.name: Estimate(
            mean=float(mean),
            low=float(low),
            high=float(high),
            pooled=_pooled(metric, values[metric.name], labels),
            n_defined=int(n),
        )
        for metric, mean, (low, high), n in zip(
            DIALOGUE_METRICS,
            mean_over_dialogues(table),
            intervals,
            (~np.isnan(table)).sum(axis=0),
            strict=True,
        )
    }
    counts = count_label_pairs(labels, reference.labels)
    for metric in CORPUS_METRICS:
        pooled = metric.function(counts, reference)
        estimates[metric.name] = Estimate(
            mean=nan, low=nan, high=nan, pooled=pooled, n_defined=len(dialogues)
        )
    return estimates


def _pooled(metric: Metric, values: Sequence[float], labels: Iterable[Labels]) -> float:
    if all(isinstance(value, CountRatio) for value in values):
        return float(pool_ratios(values))
    return metric.function([label for sequence in labels for label in sequence])
