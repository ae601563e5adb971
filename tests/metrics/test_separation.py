from math import isnan, nan

import pytest

from metrics.separation import probability_higher


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [([3, 4], [1, 2], 1.0), ([1], [1], 0.5), ([1, nan], [0, 2, nan], 0.5)],
)
def test_probability_equals_hand_count(first, second, expected):
    assert probability_higher(first, second) == expected


def test_probability_without_a_value_is_undefined():
    assert isnan(probability_higher([nan], [1.0]))
