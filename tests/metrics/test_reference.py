"""Every figure of the reference that AnnoMI and the sample of the original allow is measured again."""

import json

import pytest

from kmi import REFLECTIONS, Label
from metrics.dialogues import ClientCoding
from metrics.evaluation import metric_values
from metrics.metric import Level
from metrics.ratios import drop_opening
from metrics.registry import METRICS
from metrics.report import REFERENCE_FIGURES
from metrics.separation import area_under_curve
from metrics.transitions import transition_probability

FIGURES = json.loads(REFERENCE_FIGURES.read_text(encoding="utf-8"))["metrics"]
LABEL_METRICS = {metric.name: metric for metric in METRICS if metric.level is Level.DIALOGUE}
SEPARATING = {
    name: figures["auc_high_over_low"] for name, figures in FIGURES.items() if "auc_high_over_low" in figures
}


def values(name, sessions):
    metric = LABEL_METRICS[name]
    return [metric.function(s if metric.counts_opening else drop_opening(s)) for s in sessions]


def mean(numbers):
    defined = [float(number) for number in numbers if number == number]
    return sum(defined) / len(defined)


def auc(name, high, low):
    """Area over the sessions that define the metric."""
    groups = ([value for value in values(name, sessions) if value == value] for sessions in (high, low))
    return area_under_curve(*groups)


def agrees(found, figure, *, percent):
    """Within the interval of the figure or within .02 of it."""
    low, high = figure["interval"] or (figure["mean"], figure["mean"])
    slack = 2.0 if percent else 0.02
    return low <= found <= high or abs(found - figure["mean"]) <= slack + 1e-9


@pytest.mark.parametrize("corpus", ["annomi_high", "annomi_low"])
@pytest.mark.parametrize("name", [name for name in FIGURES if name in LABEL_METRICS])
def test_label_metric_of_annomi_is_the_published_one(name, corpus, request):
    found = mean(values(name, request.getfixturevalue(corpus)))
    assert agrees(found, FIGURES[name][corpus], percent=name.startswith("percent_"))


@pytest.mark.parametrize("name", SEPARATING)
def test_label_metric_tells_high_from_low_as_published(name, annomi_high, annomi_low):
    found = auc(name, annomi_high, annomi_low)
    assert found == pytest.approx(SEPARATING[name], abs=0.025)


def test_strongest_metrics_tell_high_from_low(annomi_high, annomi_low):
    assert auc("percent_mi_consistent", annomi_high, annomi_low) >= 0.90
    assert auc("reflection_turn_share", annomi_high, annomi_low) >= 0.90
    assert auc("input_turn_share", annomi_high, annomi_low) <= 0.10


def test_reflection_of_sustain_talk_was_published_over_sessions_with_four_chances(annomi_high, annomi_low):
    def over_sessions(sessions, least):
        found = [transition_probability(s, (Label.SUSTAIN_TALK,), REFLECTIONS) for s in sessions]
        return mean(ratio for ratio in found if ratio.denominator >= least)

    assert over_sessions(annomi_high, 4) == pytest.approx(0.40, abs=0.01)
    assert over_sessions(annomi_low, 4) == pytest.approx(0.10, abs=0.01)
    assert over_sessions(annomi_high, 1) == pytest.approx(0.36, abs=0.01)
    assert over_sessions(annomi_low, 1) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("name", [name for name in LABEL_METRICS if "original_kmi" in FIGURES.get(name, {})])
def test_label_metric_of_the_original_is_the_published_one(name, original):
    found = mean(metric_values(original, ClientCoding.CHANGE_TALK)[name])
    assert agrees(found, FIGURES[name]["original_kmi"], percent=name.startswith("percent_"))
