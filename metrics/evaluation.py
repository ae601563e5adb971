"""Metrics of a group of dialogues: values of each, their mean with an interval, and the pooled value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from metrics.bootstrap import bootstrap_intervals, mean_over_dialogues
from metrics.count_ratio import CountRatio, pool_ratios
from metrics.dialogues import ClientCoding, Dialogue
from metrics.divergence import LabelCounts, count_label_pairs
from metrics.metric import Level, Metric
from metrics.ratios import Labels, drop_opening
from metrics.registry import METRICS, TEXT_METRICS
from metrics.text.analysis import TextDialogue

DIALOGUE_METRICS = tuple(metric for metric in METRICS if metric.level is not Level.CORPUS)
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
    utterances = [dialogue.utterances for dialogue in dialogues]
    values = {}
    for metric in DIALOGUE_METRICS:
        inputs = whole if metric.counts_opening else without_opening
        inputs = utterances if metric.level is Level.UTTERANCES else inputs
        is_coded = coding >= metric.client_coding
        values[metric.name] = [metric.function(one) if is_coded else CountRatio(0, 0) for one in inputs]
    return values


def text_values(dialogues: Sequence[TextDialogue], coding: ClientCoding) -> dict[str, list[float]]:
    """Compute every text metric of every dialogue.

    Args:
        dialogues: A whole collection in one language, shape (n_dialogues,), at least one.
        coding: How the collection codes client turns; metrics that need more are undefined.

    Returns:
        Values by name of the metrics that the language has, each of shape (n_dialogues,); ``nan`` where
        undefined. What compares dialogues, compares those of the whole collection.
    """
    values = {}
    for metric in TEXT_METRICS:
        if dialogues[0].language not in metric.languages:
            continue
        if coding < metric.client_coding:
            values[metric.name] = [CountRatio(0, 0)] * len(dialogues)
        elif metric.level is Level.COLLECTION:
            values[metric.name] = metric.function(dialogues)
        else:
            values[metric.name] = [metric.function(dialogue) for dialogue in dialogues]
    return values


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
    values: Mapping[str, Sequence[float]],
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
    labels = [drop_opening(dialogue.labels) for dialogue in dialogues]
    joined = [label for sequence in labels for label in sequence]
    pooled = {metric.name: _pooled(metric, values[metric.name], joined) for metric in DIALOGUE_METRICS}
    estimates = _estimates(values, pooled, settings)
    counts = count_label_pairs(labels, reference.labels)
    for metric in CORPUS_METRICS:
        estimates[metric.name] = Estimate(
            mean=nan,
            low=nan,
            high=nan,
            pooled=metric.function(counts, reference),
            n_defined=len(dialogues),
        )
    return estimates


def estimate_texts(
    dialogues: Sequence[TextDialogue], values: Mapping[str, Sequence[float]], settings: ScoreSettings
) -> dict[str, Estimate]:
    """Estimate every text metric over a group of dialogues.

    Args:
        dialogues: The group in one language, shape (n_dialogues,), at least one.
        values: Its values from `text_values`.
        settings: Bootstrap settings.

    Returns:
        An estimate for each metric that `values` names.
    """
    joined = replace(dialogues[0], turns=tuple(turn for dialogue in dialogues for turn in dialogue.turns))
    pooled = {
        metric.name: _pooled(metric, values[metric.name], joined)
        for metric in TEXT_METRICS
        if metric.name in values
    }
    return _estimates(values, pooled, settings)


def _estimates(
    values: Mapping[str, Sequence[float]], pooled: Mapping[str, float], settings: ScoreSettings
) -> dict[str, Estimate]:
    table = np.array(list(values.values()), dtype=float).T
    rng = np.random.default_rng(settings.random_seed)
    intervals = bootstrap_intervals(table, rng, settings.n_resamples, settings.confidence)
    n_defined = (~np.isnan(table)).sum(axis=0)
    return {
        name: Estimate(
            mean=float(mean), low=float(low), high=float(high), pooled=pooled[name], n_defined=int(n)
        )
        for name, mean, (low, high), n in zip(
            values, mean_over_dialogues(table), intervals, n_defined, strict=True
        )
    }


def _pooled(metric: Metric, values: Sequence[float], joined: Labels | TextDialogue) -> float:
    """Pool counts, or compute the metric of all turns of a group as if of one dialogue."""
    if all(isinstance(value, CountRatio) for value in values):
        return float(pool_ratios(values))
    if not metric.pools or metric.level is Level.COLLECTION:
        return nan
    return metric.function(joined)
