from math import isnan

import pytest

from metrics.text.agreement import (
    agreeing_start_after_reflection_share,
    agreeing_start_share,
    starts_with_agreement,
)
from metrics.text.analysis import Language
from metrics.text.examples import dialogue


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("네.", True),
        ("예, 그렇게 할게요.", True),
        ("맞아요 그때가 힘들었어요.", True),
        ("예전에는 안 그랬어요.", False),
        ("네가 뭘 알아.", False),
        ("아니요.", False),
        ("그래요?", False),
    ],
)
def test_korean_agreement_is_a_whole_word_at_the_start(text, agrees):
    assert starts_with_agreement(text, Language.KOREAN) is agrees


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("Yeah, I guess.", True),
        ("That's right.", True),
        ("Mm-hmm.", True),
        ("Yesterday I drank.", False),
        ("Rightly so.", False),
        ("No, yes.", False),
        ("Okay.", False),
    ],
)
def test_english_agreement_is_a_whole_word_at_the_start(text, agrees):
    assert starts_with_agreement(text, Language.ENGLISH) is agrees


def test_agreement_is_counted_over_client_turns_and_after_reflections_alone():
    talk = dialogue(
        "T General: Yes.",
        "C: Yes.",
        "T Simple Reflection: You tried.",
        "C: Exactly.",
        "T Complex Reflection: It hurt.",
        "C: Not really.",
    )
    assert agreeing_start_share(talk) == 2 / 3
    assert agreeing_start_after_reflection_share(talk) == 1 / 2


def test_agreement_is_undefined_without_a_turn_to_look_at():
    assert isnan(agreeing_start_share(dialogue("T General: Yes.")))
    assert isnan(agreeing_start_after_reflection_share(dialogue("T General: Yes.", "C: Yes.")))
