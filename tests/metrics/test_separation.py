import numpy as np
import pytest

from metrics.separation import area_interval, area_under_curve


@pytest.mark.parametrize(
    ("high", "low", "expected"),
    [
        pytest.param([3, 4], [3, 1], 3.5 / 4, id="a tie counts half"),
        pytest.param([1, 1], [2, 2], 0.0, id="upside down"),
        pytest.param([2, 2], [2], 0.5, id="nothing but ties"),
    ],
)
def test_area_equals_hand_count(high, low, expected):
    assert area_under_curve(high, low) == expected


def test_area_of_an_empty_group_is_undefined():
    assert np.isnan(area_under_curve([], [1]))
    assert np.isnan(area_interval([], [1], np.random.default_rng(1))).all()


def test_area_interval_of_separate_groups_is_one_and_of_mixed_ones_wide():
    assert area_interval([4, 5], [1, 2], np.random.default_rng(1)) == pytest.approx((1.0, 1.0))
    low, high = area_interval([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], np.random.default_rng(1))
    assert low < 0.4 < 0.6 < high
