from math import isnan

import pytest

from metrics.text.analysis import Language
from metrics.text.examples import dialogue
from metrics.text.reflection_overlap import (
    complex_reflection_overlap_share,
    reflection_overlap_share,
    simple_reflection_overlap_share,
)


def test_overlap_counts_content_words_of_all_reflections_of_one_kind():
    talk = dialogue(
        "C Change Talk: I worry about smoking and my lungs",  # worry, smok, lung
        "T Simple Reflection: you worry about smoking",  # worry, smok: both said
        "C Neutral: sleep is bad",  # sleep, bad
        "T Simple Reflection: nights scare you",  # night, scar: none said
        "C Neutral: sleep is bad",
        "T Complex Reflection: sleep frightens you",  # sleep, frighten: one said
    )
    assert simple_reflection_overlap_share(talk) == 2 / 4
    assert complex_reflection_overlap_share(talk) == 1 / 2
    assert reflection_overlap_share(talk) == 3 / 6


def test_overlap_in_korean_is_of_stems_not_of_endings():
    talk = dialogue(
        "C Neutral: 버스를 타면 무서워요.",
        "T Simple Reflection: 버스를 타실 때 무서우시군요.",
        language=Language.KOREAN,
    )
    # 버스, 타, 때, 무섭: all but 때 were said
    assert simple_reflection_overlap_share(talk) == 3 / 4


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param(("T Simple Reflection: You are tired.",), id="no client turn before"),
        pytest.param(("C: Tired.", "T Affirm: Tired and still here."), id="no reflection"),
        pytest.param(("C: Tired.", "T General: Hm.", "T Simple Reflection: Tired."), id="not right after"),
    ],
)
def test_overlap_is_undefined_without_a_reflection_of_a_client_turn(turns):
    assert isnan(simple_reflection_overlap_share(dialogue(*turns)))
