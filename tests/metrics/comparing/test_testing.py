from itertools import combinations

import numpy as np
import pytest

from metrics.comparing.testing import holm_adjusted, permutation_p_values


def p_value(first, second, n=20_000):
    columns = (np.array(values, float)[:, None] for values in (first, second))
    return permutation_p_values(*columns, np.random.default_rng(1), n)[0]


def test_p_value_equals_the_share_of_all_deals():
    first, second = [1.0, 2.0, 4.0, 7.0], [3.0, 8.0, 9.0, 10.0]
    # ranks 1 2 4 5 against 3 6 7 8: of the 70 deals count those whose rank sum is as far from 18 as 24 is
    sums = [sum(deal) for deal in combinations(range(1, 9), 4)]
    expected = sum(abs(total - 18) >= 6 for total in sums) / 70
    assert p_value(first, second) == pytest.approx(expected, abs=0.01)


def test_p_value_counts_ties_half_and_leaves_undefined_values_out():
    assert p_value([1, 1, 1, 1], [1, 1, 1, 1]) == 1.0
    with_gaps = p_value([1, 2, 4, 7, np.nan], [3, np.nan, 8, 9, 10])
    assert with_gaps == pytest.approx(p_value([1, 2, 4, 7], [3, 8, 9, 10]), abs=0.05)
    assert p_value([np.nan, np.nan], [1, 2]) == 1.0


def test_p_value_is_never_nought_and_the_same_for_one_seed():
    far = p_value(range(20), range(100, 120), 99)
    assert far == 0.01
    assert p_value(range(20), range(10, 30)) == p_value(range(20), range(10, 30))


def test_test_without_a_difference_rejects_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    columns = rng.exponential(size=(45, 400)).round(1)
    found = permutation_p_values(columns[:15], columns[15:], rng, 500)
    assert 0.02 <= (found < 0.05).mean() <= 0.08


@pytest.mark.parametrize(
    ("found", "adjusted"),
    [
        pytest.param([], [], id="no test"),
        pytest.param([0.03], [0.03], id="one test"),
        # sorted .005 · 4, .01 · 3, .03 · 2, .04 · 1: .02, .03, .06, .06 since it may not fall
        pytest.param([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02], id="four tests"),
        pytest.param([0.6, 0.7], [1.0, 1.0], id="never above 1"),
    ],
)
def test_holm_equals_hand_count(found, adjusted):
    assert holm_adjusted(found) == pytest.approx(adjusted)
