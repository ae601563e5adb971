import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from metrics.__main__ import main
from metrics.coding.recorded import fresh_codings, recorded_codings
from metrics.transcripts import parse_transcript

DATA = Path(__file__).parents[3] / "kmi" / "data"
REQUESTS_WITHOUT_REVISION = 2
ROW = {"id": 7, "dialogue": [{"role": "Therapist", "utterance_ko": "어서 오세요.", "label": "General"}]}


@pytest.fixture(scope="module")
def codings():
    return list(recorded_codings())


@pytest.fixture(scope="module")
def dialogues():
    return pd.concat(pd.read_parquet(path) for path in sorted(DATA.glob("dialogues-*.parquet")))


def test_recorded_codings_hold_every_utterance_of_every_dialogue(codings, dialogues):
    expected = {str(row.id): len(row.dialogue) for row in dialogues.itertuples()}
    assert Counter(one.group for one in codings) == expected


def test_recorded_codings_agree_where_nothing_was_revised(codings, dialogues):
    unrevised = {
        str(row.id): [turn["label"] for turn in row.dialogue]
        for row in dialogues.itertuples()
        if len(row.provenance["completions"]) == REQUESTS_WITHOUT_REVISION
    }
    assert unrevised
    for name, final in unrevised.items():
        pairs = [(one.given, one.coded) for one in codings if one.group == name]
        assert pairs == [(label, label) for label in final]


def test_recorded_codings_keep_what_the_first_coder_read_otherwise(codings, dialogues):
    coded_once = {
        str(row.id)
        for row in dialogues.itertuples()
        if len(row.provenance["completions"]) == REQUESTS_WITHOUT_REVISION
    }
    differing = {one.group for one in codings if one.given is not one.coded}
    assert differing
    assert not differing & coded_once


def test_fresh_codes_stand_beside_the_final_labels(tmp_path):
    codes = tmp_path / "codes.jsonl"
    codes.write_text(json.dumps({"id": "7", "codes": ["Open Question"]}) + "\n", encoding="utf-8")
    (one,) = fresh_codings([parse_transcript(ROW, default_id="x")], codes)
    assert (one.group, one.given.value, one.coded.value, one.n_words) == ("7", "General", "Open Question", 2)


@pytest.mark.parametrize(
    "record", [{"id": "8", "codes": ["General"]}, {"id": "7", "codes": ["General", "Neutral"]}]
)
def test_fresh_codes_of_another_dialogue_are_refused(tmp_path, record):
    codes = tmp_path / "codes.jsonl"
    codes.write_text(json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"codes.jsonl, line 1: dialogue {record['id']} has . turns here"):
        list(fresh_codings([parse_transcript(ROW, default_id="x")], codes))


def test_command_writes_both_codings(dialogues, tmp_path, capsys):
    out = tmp_path / "agreement.json"
    assert main(["coder", "recorded", "--data", str(DATA.parent), "--out", str(out)]) == 0
    before, fresh = json.loads(out.read_text(encoding="utf-8"))
    assert (before["n_dialogues"], fresh["n_dialogues"]) == (len(dialogues), 60)
    printed = capsys.readouterr().out
    assert before["title"] in printed and fresh["title"] in printed
