from math import isnan

import pytest

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.stems import (
    common_ending_share,
    common_opening_share,
    common_phrase_share,
    common_phrases,
    gunyo_ending_share,
    repeated_start_share,
)


def korean(*turns):
    return dialogue(*turns, language=Language.KOREAN)


def test_opening_ignores_punctuation_and_case():
    talks = [
        korean("T General: 안녕하세요, 최근에 어떠세요?"),
        korean("T General: 안녕하세요 최근에 힘든 일은요?"),
        korean("T General: 어서 오세요."),
    ]
    assert common_opening_share(talks) == [1.0, 1.0, 0.0]


def test_ending_is_sought_over_all_therapist_turns():
    first = korean("T General: 힘드셨군요.", "C: 아니군요.", "T General: 슬프시군요!")
    second = korean("T General: 그렇군요…", "C: 네.", "T General: 어떠세요?")
    assert common_ending_share([first, second]) == [1.0, 0.5]


@pytest.mark.parametrize(
    ("text", "share"),
    [("힘드셨군요.", 1.0), ("힘드셨군요!”", 1.0), ("힘드셨군요. 언제부터요?", 0.0), ("군요가 뭐예요?", 0.0)],
)
def test_gunyo_counts_at_the_end_of_a_turn(text, share):
    assert gunyo_ending_share(korean(f"T General: {text}")) == share


def test_phrase_counts_once_a_dialogue():
    often = dialogue("T General: on your mind", "T General: What is on your mind?", "T General: on your mind")
    again = dialogue("T General: What is on your mind today?")
    other = dialogue("T General: What is new?")
    assert common_phrase_share([often, again, other]) == [1.0, 1.0, 0.0]
    assert common_phrases([often, again, other], n=2) == [("is on your", 2 / 3), ("on your mind", 2 / 3)]


def test_phrase_of_one_dialogue_alone_is_not_listed():
    assert common_phrases([dialogue("T General: Tell me more.")]) == []


def test_repeated_starts_are_those_after_the_first_of_their_kind():
    turns = ("You feel sad.", "You feel lost.", "You feel it.", "And now?")
    assert repeated_start_share(dialogue(*(f"T General: {turn}" for turn in turns))) == 2 / 3
    assert isnan(repeated_start_share(dialogue("T General: Hello.")))
