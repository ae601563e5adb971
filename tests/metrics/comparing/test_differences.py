from math import nan

import pytest

from metrics.comparing.differences import compare_values
from metrics.count_ratio import CountRatio
from metrics.evaluation import ScoreSettings

QUICK = ScoreSettings(n_resamples=500)


def test_difference_is_second_minus_first_over_what_is_defined():
    found = compare_values({"m": [1.0, 2.0, 3.0, nan, 4.0, 5.0]}, {"m": [4.0, 5.0, 6.0, 7.0, 8.0]}, QUICK)[
        "m"
    ]
    assert found.means == (3.0, 6.0)
    assert found.n_defined == (5, 5)
    assert found.difference == 3.0
    assert found.interval[0] < 3.0 < found.interval[1]
    # pairs of 25: ties at 4 and 5, below: 5 against 4, the rest above: (22 - 1) / 25
    assert found.effect.name == "cliff_delta"
    assert found.effect.value == pytest.approx(0.84)
    # variances 2.5 and 2.5: 7.8489 · 5 / 9 = 4.4
    assert found.n_per_arm == 5


def test_effect_of_yes_and_no_is_cohens_h():
    yes, no, unknown = CountRatio(1, 1), CountRatio(0, 1), CountRatio(0, 0)
    found = compare_values({"m": [yes, no, yes, no, unknown]}, {"m": [yes] * 4}, QUICK)["m"]
    assert (found.effect.name, round(found.effect.value, 4)) == ("cohen_h", 1.5708)


def test_few_dialogues_give_a_difference_without_interval_or_test():
    found = compare_values({"m": [1.0, 2.0]}, {"m": [2.0, 3.0]}, QUICK)["m"]
    assert (found.difference, found.interval, found.p_value, found.effect.interval) == (1.0, None, None, None)


def test_metric_that_one_source_lacks_is_undefined_and_one_of_one_source_alone_left_out():
    found = compare_values({"m": [nan] * 6, "n": [1.0] * 6}, {"m": [1.0] * 6}, QUICK)
    assert list(found) == ["m"]
    assert (found["m"].effect, found["m"].p_value, found["m"].n_per_arm) == (None, None, None)


def test_comparison_is_the_same_every_time():
    first, second = {"m": [1.0, 2.0, 5.0, 3.0, 2.0]}, {"m": [2.0, 2.0, 4.0, 6.0, 8.0]}
    assert compare_values(first, second, QUICK) == compare_values(first, second, QUICK)
