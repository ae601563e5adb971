import inspect

import pytest

from metrics.registry import METRICS, Level, Unit


def test_names_and_titles_are_unique():
    assert (
        len({metric.name for metric in METRICS}) == len(METRICS) == len({metric.title for metric in METRICS})
    )


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_metric_has_a_summary_a_source_and_a_worked_example(metric):
    assert metric.summary.endswith((".", "?"))
    assert metric.source
    assert ">>> " in inspect.getdoc(metric.function)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_name_tells_the_unit(metric):
    endings = {Unit.RATIO: "_ratio", Unit.PROBABILITY: "_probability", Unit.BITS: "_divergence"}
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
