from math import isnan

import pytest

from kmi import Label
from metrics.client_ratios import change_talk_turn_share, percent_change_talk, sustain_talk_turn_share

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


def test_percent_change_talk_equals_hand_count():
    # 100 · CT / (CT + ST) = 100 · 3 / (3 + 1); neutral turns do not count
    assert percent_change_talk([OQ, CT, SR, CT, CR, CT, OQ, ST, OQ, NE]) == 75.0


def test_percent_change_talk_is_undefined_where_sustain_talk_may_hide():
    assert isnan(percent_change_talk([OQ, CT, SR, None]))
    assert isnan(percent_change_talk([OQ, NE]))


def test_change_talk_turn_share_counts_uncoded_turns_as_no_change_talk():
    # 1 change talk of 4 client turns
    assert change_talk_turn_share([OQ, CT, SR, None, CR, NE, OQ, ST]) == 0.25


def test_sustain_talk_turn_share_equals_hand_count():
    # 2 of 3 client turns
    assert sustain_talk_turn_share([OQ, ST, SR, ST, CR, NE]) == pytest.approx(2 / 3)


def test_sustain_talk_turn_share_is_undefined_where_a_turn_is_uncoded():
    assert isnan(sustain_talk_turn_share([OQ, ST, SR, None]))


@pytest.mark.parametrize("metric", [percent_change_talk, change_talk_turn_share, sustain_talk_turn_share])
def test_client_ratio_is_undefined_without_a_client_turn(metric):
    assert isnan(metric([OQ, SR]))
