import numpy as np
import pytest

from forecaster.evaluate import score_forecasts
from forecaster.evaluation_report import render_table
from forecaster.forecast_figures import FIGURES, sum_by_dialogue, summarize
from kmi import THERAPIST_LABELS


@pytest.fixture
def forecasts():
    rng = np.random.RandomState(1)
    return rng.dirichlet(np.ones(8), 120), rng.randint(0, 8, 120), np.repeat(np.arange(12), 10)


def test_figures_equal_those_of_single_forecasts(forecasts):
    probabilities, targets, groups = forecasts
    summary = summarize([sum_by_dialogue(*forecasts)])
    rows = [dict(zip(THERAPIST_LABELS, row, strict=True)) for row in probabilities.tolist()]
    expected = score_forecasts(rows, [THERAPIST_LABELS[target] for target in targets])
    assert {name: summary[name] for name in FIGURES} == pytest.approx(expected)


def test_interval_of_dialogues_that_are_all_alike_is_a_point():
    probabilities = np.tile(np.array([[0.5, 0.1, 0.1, 0.1, 0.1, 0.05, 0.03, 0.02]]), (20, 1))
    targets, groups = np.tile([0, 1], 10), np.repeat(np.arange(10), 2)
    summary = summarize([sum_by_dialogue(probabilities, targets, groups)])
    assert summary["accuracy"] == 0.5
    assert summary["intervals"]["accuracy"] == [0.5, 0.5]
    assert summary["recall"]["Simple Reflection"] == 1.0
    assert summary["calibration"] == [{"n": 20.0, "stated": 0.5, "true": 0.5}]


def test_interval_covers_the_figure(forecasts):
    summary = summarize([sum_by_dialogue(*forecasts)])
    low, high = summary["intervals"]["accuracy"]
    assert low < summary["accuracy"] < high


def test_runs_are_averaged(forecasts):
    probabilities, targets, groups = forecasts
    right = np.eye(8)[targets] * 0.9 + 0.0125
    runs = [sum_by_dialogue(p, targets, groups) for p in (probabilities, right)]
    first = summarize(runs[:1])["accuracy"]
    assert summarize(runs)["accuracy"] == pytest.approx((first + 1) / 2)
    assert summarize(runs)["deviations"]["accuracy"] == pytest.approx((1 - first) / 2)


def test_table_shows_every_model(forecasts):
    summary = summarize([sum_by_dialogue(*forecasts)])
    row = {"model": "labels", "variant": "full", "n_targets": 120, "n_random_seeds": 1, **summary}
    table = render_table([row, {**row, "model": "best"}])
    assert "labels" in table and "best" in table and "recall by label" in table


def test_picture_is_written(forecasts, tmp_path):
    pytest.importorskip("matplotlib")
    from forecaster.confusion_picture import draw_confusion

    summary = summarize([sum_by_dialogue(*forecasts)])
    draw_confusion([{"model": "labels", "variant": "full", **summary}], tmp_path / "c.png")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
