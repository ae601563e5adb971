import pytest

from kmi import Label, Role
from metrics.coding.labeling import label_dialogues

CHAT = {
    "id": "7",
    "messages": [
        {"role": "assistant", "content": "What brings you here?"},
        {"role": "user", "content": "I want to stop smoking.", "label": "Change Talk"},
    ],
}


def test_every_turn_gets_a_label_of_its_speaker_and_keeps_the_given_one():
    (row,) = label_dialogues([CHAT])
    assert (row["id"], row["coder"]) == ("7", "classifier")
    assert [Label(turn["label"]).role for turn in row["dialogue"]] == [Role.THERAPIST, Role.CLIENT]
    assert [turn["given_label"] for turn in row["dialogue"]] == [None, "Change Talk"]


def test_row_that_is_no_dialogue_is_named():
    with pytest.raises(ValueError, match=r"dialogues\[1\]: messages\[0\].*no text"):
        label_dialogues([CHAT, {"messages": [{"role": "assistant", "content": ""}]}])
