import pytest

from kmi import Label, Role
from metrics.dialogues import ClientCoding, Dialogue, Utterance, client_coding_of


def spoken(*labels):
    return Dialogue(
        id="1",
        utterances=(
            Utterance(role=Role.THERAPIST, label=Label.OPEN_QUESTION),
            *(Utterance(role=Role.CLIENT, label=label) for label in labels),
        ),
    )


def test_utterance_refuses_a_label_of_the_other_speaker():
    with pytest.raises(ValueError, match="'Change Talk' belongs to the Client, not the Therapist"):
        Utterance(role=Role.THERAPIST, label=Label.CHANGE_TALK)


def test_utterance_of_the_therapist_needs_a_label():
    with pytest.raises(ValueError, match="needs a label"):
        Utterance(role=Role.THERAPIST, label=None)


def test_dialogue_refuses_silence_of_the_therapist():
    with pytest.raises(ValueError, match="no utterance by the Therapist among 1"):
        Dialogue(id="1", utterances=(Utterance(role=Role.CLIENT, label=None),))


@pytest.mark.parametrize(
    ("collection", "expected"),
    [
        pytest.param([spoken(None), spoken(None, None)], ClientCoding.NONE, id="no client label"),
        pytest.param([spoken(None), spoken(Label.CHANGE_TALK)], ClientCoding.CHANGE_TALK, id="as released"),
        pytest.param(
            [spoken(Label.CHANGE_TALK), spoken(Label.NEUTRAL)], ClientCoding.FULL, id="neutral coded"
        ),
        pytest.param([spoken(Label.SUSTAIN_TALK)], ClientCoding.FULL, id="sustain talk coded"),
    ],
)
def test_client_coding_is_read_from_the_whole_collection(collection, expected):
    assert client_coding_of(collection) is expected
