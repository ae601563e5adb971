from math import isnan

import numpy as np
import pytest

from metrics.rating.reliability import (
    intraclass_correlations,
    krippendorff_alpha,
    wilson_interval,
)

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = [[value for value in unit if value is not None] for unit in zip(*OBSERVERS, strict=True)]


def test_icc_is_lowered_by_a_rater_who_is_always_one_higher():
    # things differ by 1 (mean square 2 * .25 * 2 = 1), raters by 1 (mean square 1), no error:
    # ICC(2,1) = 1 / (1 + 2 * 1 / 2), ICC(2,k) = 1 / (1 + 1 / 2)
    assert intraclass_correlations(np.array([[1, 2], [2, 3]])) == (pytest.approx(1 / 2), pytest.approx(2 / 3))


@pytest.mark.parametrize("ratings", [[[1], [2]], [[1, 2]], [[3, 3], [3, 3]]])
def test_icc_is_undefined_for_one_rater_one_thing_or_no_difference(ratings):
    assert all(map(isnan, intraclass_correlations(np.array(ratings))))


@pytest.mark.parametrize(("is_ordered", "expected"), [(False, 0.743), (True, 0.815)])
def test_alpha_equals_the_published_example(is_ordered, expected):
    assert round(krippendorff_alpha(UNITS, is_ordered=is_ordered), 3) == expected


@pytest.mark.parametrize("units", [[], [[1], [2]], [[3, 3], [3, 3]]])
def test_alpha_is_undefined_without_pairs_or_difference(units):
    assert isnan(krippendorff_alpha(units, is_ordered=True))


def test_wilson_interval_of_all_wins_stays_inside_the_unit():
    # p = 1: lower end n / (n + z^2) = 4 / (4 + 3.8415)
    lower, upper = wilson_interval(1.0, 4)
    assert (round(lower, 3), round(upper, 9)) == (0.510, 1.0) and upper <= 1


def test_wilson_interval_of_nothing_is_undefined():
    assert all(map(isnan, wilson_interval(0.0, 0)))
