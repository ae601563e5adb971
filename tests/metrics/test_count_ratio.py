from math import isnan

from metrics.count_ratio import CountRatio, pool_ratios


def test_count_ratio_is_a_float_with_its_counts():
    ratio = CountRatio(3, 4, scale=100)
    assert ratio == 75.0
    assert (ratio.numerator, ratio.denominator, ratio.scale) == (3, 4, 100)


def test_count_ratio_without_chances_is_undefined():
    assert isnan(CountRatio(0, 0))


def test_pooled_ratio_weighs_every_event_the_same():
    # (1 + 1) / (1 + 3) = 50 %, where the mean of the two would be (100 + 33.3) / 2 = 66.7 %
    assert pool_ratios([CountRatio(1, 1, 100), CountRatio(1, 3, 100)]) == 50.0


def test_pooled_ratio_ignores_undefined_parts_and_is_undefined_without_any():
    assert pool_ratios([CountRatio(0, 0), CountRatio(1, 2)]) == 0.5
    assert isnan(pool_ratios([CountRatio(0, 0)]))
    assert isnan(pool_ratios([]))
