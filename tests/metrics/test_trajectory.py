from math import isnan

import pytest

from kmi import Label
from metrics.trajectory import (
    change_talk_curve,
    change_talk_last_third_share,
    change_talk_slope,
    change_talk_turning_point_share,
    pooled_change_talk_curve,
)

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


@pytest.mark.parametrize(
    ("labels", "slope"),
    [
        pytest.param([NE, OQ, NE, OQ, CT], 1.0, id="therapist turns don't count"),
        pytest.param([CT, NE, NE], -1.0, id="falls"),
        pytest.param([CT, ST, CT], 0.0, id="level"),
        # positions 0, 1/3, 2/3, 1 around 1/2; sum of products 1/6 + 1/2, of squares 5/9: 2/3 over 5/9
        pytest.param([None, None, CT, CT], 1.2, id="four turns"),
    ],
)
def test_slope_equals_hand_count(labels, slope):
    assert change_talk_slope(labels) == pytest.approx(slope)


def test_slope_is_undefined_with_two_client_turns():
    assert isnan(change_talk_slope([NE, OQ, CT]))


@pytest.mark.parametrize(
    ("labels", "point"),
    [
        pytest.param([ST, ST, CT, CT], 0.5, id="turns in the middle"),
        pytest.param([CT, OQ, NE, ST], 0.0, id="change talk from the start, the earliest of equals"),
        pytest.param([CT, ST, ST], 1.0, id="never"),
        pytest.param([ST, CT, NE, NE, ST, ST, CT, CT], 6 / 8, id="last turn counts"),
    ],
)
def test_turning_point_equals_hand_count(labels, point):
    assert change_talk_turning_point_share(labels) == point


@pytest.mark.parametrize("labels", [[CT, CT], [ST, NE], [ST, None, CT], []])
def test_turning_point_is_undefined_without_both_kinds_or_with_uncoded_turns(labels):
    assert isnan(change_talk_turning_point_share(labels))


def test_curve_splits_client_turns_evenly():
    # seven client turns in three parts: floor(3i/7) puts 0-2, 3-4 and 5-6 together
    labels = [CT, NE, NE, CT, CT, NE, CT]
    assert change_talk_curve(labels, 3) == [1 / 3, 1.0, 0.5]
    assert change_talk_last_third_share(labels) == 0.5


def test_curve_of_a_short_session_has_undefined_parts():
    curve = change_talk_curve([CT], 3)
    assert curve[0] == 1.0
    assert isnan(curve[1]) and isnan(curve[2])
    assert isnan(change_talk_last_third_share([]))


def test_pooled_curve_weighs_every_turn_the_same():
    assert pooled_change_talk_curve([[CT, NE], [CT, CT, NE, NE]], 2) == [1.0, 0.0]
    assert pooled_change_talk_curve([[CT], [NE, NE, NE]], 1) == [0.25]
