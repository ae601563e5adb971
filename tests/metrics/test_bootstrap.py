import numpy as np
import pytest

from metrics.bootstrap import MIN_DIALOGUES, bootstrap_intervals, mean_over_dialogues


def test_mean_skips_undefined_dialogues():
    values = np.array([[1.0, np.nan], [np.nan, np.nan], [4.0, np.nan]])
    # (1 + 4) / 2; the second metric is defined nowhere
    np.testing.assert_equal(mean_over_dialogues(values), [2.5, np.nan])


def test_interval_has_the_width_of_theory():
    # 400 dialogues, half 0 and half 1: standard error of the mean = .5 / 20 = .025, interval .5 ± 1.96 · .025
    values = np.repeat([0.0, 1.0], 200)[:, None]
    low, high = bootstrap_intervals(values, np.random.default_rng(7), n_resamples=4000)[0]
    assert low == pytest.approx(0.5 - 0.049, abs=0.005)
    assert high == pytest.approx(0.5 + 0.049, abs=0.005)


def test_interval_of_undefined_dialogues_equals_that_of_the_defined_ones_in_width():
    # the undefined half must add nothing: the standard error is that of the 200 defined ones, .5 / sqrt(200)
    values = np.concatenate([np.repeat([0.0, 1.0], 100), np.full(200, np.nan)])[:, None]
    low, high = bootstrap_intervals(values, np.random.default_rng(7), n_resamples=4000)[0]
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / 200**0.5, abs=0.01)


def test_interval_is_not_given_for_a_handful():
    values = np.arange(MIN_DIALOGUES - 1, dtype=float)[:, None]
    assert np.isnan(bootstrap_intervals(values, np.random.default_rng(7))).all()


def test_interval_depends_on_the_generator_alone(monkeypatch):
    values = np.random.default_rng(3).random((50, 4))
    first = bootstrap_intervals(values, np.random.default_rng(7))
    assert (first == bootstrap_intervals(values, np.random.default_rng(7))).all()
    assert (first != bootstrap_intervals(values, np.random.default_rng(8))).any()
    monkeypatch.setattr("metrics.bootstrap.CELLS_AT_ONCE", 50 * 100)
    np.testing.assert_allclose(first, bootstrap_intervals(values, np.random.default_rng(7)))
