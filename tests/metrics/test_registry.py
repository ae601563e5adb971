import inspect

import pytest

from metrics.metric import Level, Unit
from metrics.registry import METRICS, TEXT_METRICS

ALL = (*METRICS, *TEXT_METRICS)


def test_names_and_titles_are_unique():
    assert len({metric.name for metric in ALL}) == len(ALL) == len({metric.title for metric in ALL})


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_metric_has_a_summary_a_source_and_a_worked_example(metric):
    assert metric.summary.endswith((".", "?"))
    assert metric.source
    assert ">>> " in inspect.getdoc(metric.function)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_name_tells_the_unit(metric):
    endings = {
        Unit.RATIO: "_ratio",
        Unit.PROBABILITY: "_probability",
        Unit.BITS: "_divergence",
        Unit.SLOPE: "_slope",
    }
    endings |= {Unit.SHARE: ("_share", "_entropy", "_balance")}
    if metric.unit in endings:
        assert metric.name.endswith(endings[metric.unit])
    assert metric.name.startswith("percent_") is (metric.unit is Unit.PERCENT)


def test_transitions_alone_count_the_opening():
    assert {m.name for m in METRICS if m.counts_opening} == {
        m.name for m in METRICS if m.unit is Unit.PROBABILITY
    }


def test_divergences_alone_are_corpus_metrics():
    assert {m.name for m in METRICS if m.level is Level.CORPUS} == {
        m.name for m in METRICS if m.unit is Unit.BITS
    }


def test_text_metrics_take_words():
    assert {metric.level for metric in TEXT_METRICS} == {Level.TEXT, Level.COLLECTION}
