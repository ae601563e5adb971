from math import isnan, sqrt

import pytest

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.lengths import (
    client_length_variation_ratio,
    client_talk_share,
    length_variation,
    short_client_turn_share,
    therapist_length_variation_ratio,
)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        pytest.param([2, 2, 2], 0.0, id="all alike"),
        # mean 4, squared distances 4 + 4 + 0 over 3
        pytest.param([2, 6, 4], sqrt(8 / 3) / 4, id="population standard deviation"),
    ],
)
def test_variation_equals_hand_count(lengths, expected):
    assert length_variation(lengths) == pytest.approx(expected)


@pytest.mark.parametrize("lengths", [[], [5], [0, 0]])
def test_variation_is_undefined_without_two_lengths(lengths):
    assert isnan(length_variation(lengths))


def test_each_speaker_has_a_variation():
    talk = dialogue("T General: ab", "C: abcd", "T General: abcdef", "C: abcd")
    assert therapist_length_variation_ratio(talk) == 0.5  # 2 and 6: distance 2 from the mean 4
    assert client_length_variation_ratio(talk) == 0.0


def test_short_turns_have_a_limit_of_their_language():
    eleven, ten = "가" * 11, "가" * 10
    korean = dialogue("T General: 네.", f"C: {ten}", f"C: {eleven}", language=Language.KOREAN)
    assert short_client_turn_share(korean) == 0.5
    english = dialogue("T General: Okay.", f"C: {'a' * 20}", f"C: {'a' * 21}")
    assert short_client_turn_share(english) == 0.5


def test_talk_of_the_client_is_counted_in_words():
    assert client_talk_share(dialogue("T General: one two three", "C: four")) == 0.25
    assert isnan(client_talk_share(dialogue("T General: …")))
