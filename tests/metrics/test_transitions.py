from math import isnan

import pytest

from kmi import Label
from metrics import transitions

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


@pytest.mark.parametrize(
    ("metric", "labels", "expected"),
    [
        # three open questions: answered by CT, by NE, by an uncoded turn -> 1/3; the closed one stands apart
        pytest.param(
            "change_talk_after_open_question_probability",
            [OQ, CT, OQ, NE, OQ, None, CQ, CT],
            1 / 3,
            id="open questions alone",
        ),
        # SR -> CT, CR -> ST, OQ -> CT, AF -> NE: 2/4; AD, GI, CQ and GE -> CT do not count
        pytest.param(
            "change_talk_after_mi_consistent_probability",
            [SR, CT, CR, ST, OQ, CT, AF, NE, AD, CT, GI, CT, CQ, CT, GE, CT],
            0.5,
            id="MI-consistent turns alone",
        ),
        # CT -> CR, CT -> OQ, CT -> SR; NE -> SR does not count: 2/3
        pytest.param(
            "reflection_after_change_talk_probability",
            [GE, CT, CR, CT, OQ, CT, SR, NE, SR],
            2 / 3,
            id="change talk reflected",
        ),
        # ST -> CR, ST -> AD: 1/2
        pytest.param(
            "reflection_after_sustain_talk_probability",
            [OQ, ST, CR, CT, GE, ST, AD],
            0.5,
            id="sustain talk reflected",
        ),
    ],
)
def test_transition_equals_hand_count(metric, labels, expected):
    assert getattr(transitions, metric)(labels) == pytest.approx(expected)


def test_transition_leaves_out_turns_that_the_same_speaker_follows():
    # OQ -> SR is the therapist going on; only OQ -> CT is an answer: 1/1
    assert transitions.change_talk_after_open_question_probability([OQ, SR, OQ, CT]) == 1.0
    # CT -> CT is the client going on; only CT -> GE is an answer: 0/1
    assert transitions.reflection_after_change_talk_probability([CT, CT, GE]) == 0.0


def test_transition_is_undefined_without_an_answer():
    assert isnan(transitions.change_talk_after_open_question_probability([SR, CT, OQ]))
    assert isnan(transitions.change_talk_after_mi_consistent_probability([AD, CT]))
    assert isnan(transitions.reflection_after_change_talk_probability([OQ, CT]))
    assert isnan(transitions.reflection_after_sustain_talk_probability([OQ, None, SR]))
