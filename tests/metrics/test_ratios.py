from math import isnan

import pytest

from kmi import Label
from metrics import ratios

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


@pytest.mark.parametrize(
    ("metric", "labels", "expected"),
    [
        # R:Q = (SR + CR) / (OQ + CQ) = 2 / 1
        pytest.param("reflection_to_question_ratio", [SR, CR, OQ], 2.0, id="both kinds of reflection count"),
        pytest.param("reflection_to_question_ratio", [CR, OQ, CQ], 0.5, id="both kinds of question count"),
        pytest.param("reflection_to_question_ratio", [CT, OQ, None], 0.0, id="client labels are ignored"),
        # %CR = 100 · 1 / (2 + 1)
        pytest.param("percent_complex_reflections", [SR, SR, CR, OQ, AF], 100 / 3, id="CR of three"),
        # %OQ = 100 · 3 / (3 + 1)
        pytest.param("percent_open_questions", [OQ, CT, OQ, OQ, CQ, SR], 75.0, id="OQ of four"),
        # %MIC = 100 · (SR 1 + CR 1 + OQ 1 + AF 1) / (4 + AD 1); CQ, GI and GE stand apart
        pytest.param(
            "percent_mi_consistent", [SR, CR, OQ, AF, AD, CQ, GI, GE], 80.0, id="AD alone is against"
        ),
        # R / (R + Q) = 2 / (2 + 3)
        pytest.param("reflection_share", [SR, CR, OQ, OQ, CQ, GE, None], 0.4, id="reflections of five"),
        # R / T = 2 / 5; the three client turns are no therapist turns
        pytest.param(
            "reflection_turn_share", [SR, CR, OQ, GE, AD, CT, NE, None], 0.4, id="two of five turns"
        ),
        # (GI + AD) / T = (1 + 1) / 4
        pytest.param("input_turn_share", [GI, AD, SR, GE, ST, None], 0.5, id="information and advice"),
        # General / T = 1 / 4
        pytest.param("general_turn_share", [GE, AF, CQ, CR, NE], 0.25, id="one of four"),
    ],
)
def test_ratio_equals_hand_count(metric, labels, expected):
    assert getattr(ratios, metric)(labels) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("metric", "labels"),
    [
        pytest.param("reflection_to_question_ratio", [SR, CT], id="R:Q without a question"),
        pytest.param("percent_complex_reflections", [OQ, CT], id="%CR without a reflection"),
        pytest.param("percent_open_questions", [SR, CT], id="%OQ without a question"),
        pytest.param("percent_mi_consistent", [GE, CQ, GI], id="%MIC with neither side"),
        pytest.param("reflection_share", [GE, AF], id="R/(R+Q) with neither"),
        pytest.param("reflection_turn_share", [CT, None], id="R/T without a therapist turn"),
        pytest.param("input_turn_share", [], id="input without a turn"),
        pytest.param("general_turn_share", [NE], id="General without a therapist turn"),
    ],
)
def test_ratio_is_undefined_without_its_denominator(metric, labels):
    assert isnan(getattr(ratios, metric)(labels))


def test_count_labels_tells_no_label_from_neutral():
    assert ratios.count_labels([None, None, NE], (None,)) == 2
    assert ratios.count_labels([None, None, NE], (NE,)) == 1
