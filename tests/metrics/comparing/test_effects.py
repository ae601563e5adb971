from math import pi, sqrt

import numpy as np
import pytest

from metrics.comparing.effects import cliff_delta, cliff_delta_interval, cohen_h, cohen_h_interval

Z = 1.959964


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([1, 2, 3], [1, 2, 3], 0.0, id="the same values"),
        pytest.param([1, 2], [3, 4], 1.0, id="all above"),
        pytest.param([3, 4], [1, 2], -1.0, id="all below"),
        pytest.param([1, 1, 1, 1], [0, 1, 1, 2, 2], 0.2, id="4·2 above, 4·1 below, of 20 pairs"),
    ],
)
def test_cliff_delta_counts_pairs(first, second, expected):
    assert cliff_delta(first, second) == pytest.approx(expected)


def test_cliff_delta_is_undefined_without_values():
    assert np.isnan(cliff_delta([], [1.0]))
    assert np.isnan(cliff_delta_interval([1.0], [1.0, 2.0])).all()


def test_cliff_delta_interval_equals_the_sum_by_hand():
    # first 1, 3; second 2, 4: signs of second - first: (+, -), (+, +), so delta = 2/4.
    # Means by second: 0 and 1; by first: 1 and 0. Squared from .5: .25 each, so 4·.5 + 4·.5 = 4 in all;
    # sum of squares of the four signs from .5: 4 - 4·.25 = 3. Variance (4 - 3) / (2·2·1·1) = .25, above the
    # least, (1 - .25) / 3 = .25.
    low, high = cliff_delta_interval([1, 3], [2, 4])
    spread = Z * sqrt(0.25) * sqrt(0.75**2 + Z**2 * 0.25)
    below = 1 - 0.25 + Z**2 * 0.25
    assert low == pytest.approx((0.5 - 0.125 - spread) / below, abs=1e-5)
    assert high == pytest.approx(min(1, (0.5 - 0.125 + spread) / below), abs=1e-5)


def test_cliff_delta_interval_turns_with_the_sources():
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=30), rng.normal(0.5, size=20)
    low, high = cliff_delta_interval(first, second)
    assert cliff_delta_interval(second, first) == pytest.approx((-high, -low))
    assert cliff_delta_interval([5, 6, 7, 8], [1, 2, 3, 4])[0] == -1.0


def test_cliff_delta_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(11)
    # second is normal with mean .5, first with 0: P(second > first) = Phi(.5 / √2) = .6382, delta = .2763
    hits = sum(
        low <= 0.2763 <= high
        for low, high in (
            cliff_delta_interval(rng.normal(size=24), rng.normal(0.5, size=40)) for _ in range(400)
        )
    )
    assert 0.92 <= hits / 400 <= 0.98


def test_cohen_h_equals_the_table_of_cohen():
    # Cohen (1988), table 6.2.2: phi(.50) = 1.571, phi(.25) = 1.047
    assert cohen_h(0.25, 0.50) == pytest.approx(1.571 - 1.047, abs=0.001)
    assert cohen_h(0.0, 1.0) == pytest.approx(pi)
    assert cohen_h_interval((0.0, 1.0), (4, 4))[1] == pi
