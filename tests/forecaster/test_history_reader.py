import json

import pytest

from forecaster.agreement import argmax_agreement
from forecaster.history_reader import HistoryError, parse_dialogue, read_history, read_parallel
from kmi import THERAPIST_LABELS, Label, Role

ASK = {"role": "Therapist", "label": "Open Question", "utterance_ko": "왜요?", "utterance_en": "Why?"}
SAY = {"role": "Client", "label": None, "utterance_ko": "힘들어요.", "utterance_en": "It is hard."}


def test_client_without_label_reads_as_neutral():
    turns = parse_dialogue([ASK, SAY], "here")
    assert [turn.label for turn in turns] == [Label.OPEN_QUESTION, Label.NEUTRAL]
    assert [turn.text for turn in turns] == ["왜요?", "힘들어요."]


def test_field_chooses_the_text():
    assert parse_dialogue({"dialogue": [SAY]}, "here", "utterance_en")[0].text == "It is hard."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "empty session"),
        ({"turns": []}, "no dialogue"),
        (["Hi"], "turn 1 is no object"),
        ([{**ASK, "role": "Doctor"}], "role 'Doctor' is unknown"),
        ([{**ASK, "label": "Joke"}], "label 'Joke' is unknown; allowed: Simple Reflection"),
        ([{**ASK, "label": None}], "label None is unknown"),
        ([{**ASK, "label": "Neutral"}], "belongs to the Client"),
    ],
)
def test_what_is_no_dialogue_is_refused(content, message):
    with pytest.raises(HistoryError, match=message):
        parse_dialogue(content, "here")


def test_unreadable_files_are_refused(tmp_path):
    with pytest.raises(HistoryError, match="cannot read"):
        read_history(tmp_path / "none.json")
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(HistoryError, match="is not JSON"):
        read_history(tmp_path / "a.json")
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    with pytest.raises(HistoryError, match="no list of dialogues"):
        read_parallel(tmp_path / "b.json")


class ByLength:
    """Forecasts Open Question after a text of fewer than ten characters, else Advise."""

    role = Role.THERAPIST

    def predict_proba_batch(self, histories):
        chosen = [
            Label.OPEN_QUESTION if len(history[-1].text) < 10 else Label.ADVISE for history in histories
        ]
        return [{label: float(label is choice) for label in THERAPIST_LABELS} for choice in chosen]


def test_agreement_counts_turns_with_the_same_argmax(tmp_path):
    path = tmp_path / "p.json"
    short = {**SAY, "utterance_en": "Hard."}
    # After SAY: Open Question in Korean, Advise in English; after `short` Open Question in both.
    path.write_text(json.dumps([{"dialogue": [ASK, SAY, ASK, short, ASK]}]), encoding="utf-8")
    assert argmax_agreement(ByLength(), read_parallel(path)) == 0.5


def test_agreement_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no therapist turn"):
        argmax_agreement(ByLength(), [])
