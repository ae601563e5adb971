import math

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.label_figures import NOT_CODED, label_shares, label_transitions


def dialogue(*labels):
    turns = tuple(Utterance(role=Role.CLIENT if a is None else a.role, label=a) for a in labels)
    return Dialogue(id="1", utterances=turns)


def test_shares_are_of_the_speakers_own_turns():
    shares = label_shares([dialogue(Label.AFFIRM, None, Label.ADVISE, Label.CHANGE_TALK, Label.AFFIRM)])
    assert shares["Affirm"] == {"count": 2, "share": 2 / 3}
    assert shares[NOT_CODED] == {"count": 1, "share": 0.5}
    assert list(shares) == [*(label.value for label in Label), NOT_CODED]


def test_share_of_a_speaker_who_is_silent_is_undefined():
    assert math.isnan(label_shares([dialogue(Label.AFFIRM)])["Change Talk"]["share"])


def test_transitions_count_the_other_speakers_next_turn_within_a_dialogue():
    first = dialogue(Label.AFFIRM, Label.ADVISE, None, Label.ADVISE, None)
    second = dialogue(Label.GENERAL, Label.CHANGE_TALK)
    assert label_transitions([first, second]) == {
        "Advise": {NOT_CODED: 2},
        "General": {"Change Talk": 1},
        NOT_CODED: {"Advise": 1},
    }
