import json

import pytest

from forecaster.corpus import Session, Turn
from generation.commands.arguments import SETTINGS
from generation.settings import load_settings
from kmi import Label, Role
from metrics.__main__ import main
from metrics.coding import commands
from metrics.coding.requests import coding_question
from metrics.readers import read_dialogues
from metrics.transcripts import parse_transcript
from tests.generation.stand_in_endpoint import serving

ROW = {
    "id": 3,
    "category_en": "Family",
    "profile": {"target_behavior": "평일 음주"},
    "dialogue": [
        {"role": "Therapist", "utterance_ko": "어떻게 지내세요?", "label": "General"},
        {"role": "Client", "utterance_ko": "그냥 그래요."},
    ],
}
LABELS = ("Open Question", "Neutral")


def answer(schema, messages):
    codes = [{"n": n, "label": label} for n, label in enumerate(LABELS, start=1)]
    return json.dumps({"codes": codes})


@pytest.fixture
def chats(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    path = tmp_path / "chats.json"
    path.write_text(json.dumps([ROW], ensure_ascii=False), encoding="utf-8")
    return path


def code(*options):
    return main(["code", *map(str, options)])


def test_coding_request_is_the_one_that_generation_makes():
    prompt = load_settings(SETTINGS).asking["coder"].prompt
    request = coding_question(parse_transcript(ROW, default_id="x"), prompt).open().state
    assert (request.stage, request.prompt, request.temperature) == ("code", prompt, 0.0)
    assert request.messages[1].content == (
        "목표 행동: 평일 음주\n\n1. 상담자: 어떻게 지내세요?\n2. 내담자: 그냥 그래요."
    )


def test_code_by_a_model_keeps_given_labels_and_what_score_reads(chats, tmp_path, capsys):
    out, store = tmp_path / "labeled.jsonl", tmp_path / "store.sqlite"
    with serving(answer=answer) as server:
        options = ["--backend", "openai", "--base-url", server.url, "--model", "m", "--store", store]
        assert code(chats, "--out", out, *options) == 0
        assert server.n_asked == 1
        first = out.read_bytes()
        assert code(chats, "--out", out, "--backend", "store", "--store", store) == 0
    assert out.read_bytes() == first
    row = json.loads(first)
    assert [(turn["label"], turn["given_label"]) for turn in row["dialogue"]] == [
        ("Open Question", "General"),
        ("Neutral", None),
    ]
    assert row["coder"] == "snapshot with plan_code_v2"
    (dialogue,) = read_dialogues(str(out)).dialogues
    assert (dialogue.id, dialogue.category) == ("3", "Family")
    printed = capsys.readouterr().out
    assert "1 dialogues with 2 utterances labeled by snapshot" in printed
    assert "therapist, 8 labels" in printed


def test_code_names_the_reason_where_no_answer_is_usable(chats, tmp_path, capsys):
    wrong = json.dumps({"codes": [{"n": 1, "label": "Neutral"}, {"n": 2, "label": "Neutral"}]})
    with serving(answer=lambda schema, messages: wrong) as server:
        options = ["--backend", "openai", "--base-url", server.url, "--model", "m"]
        assert code(chats, *options, "--store", tmp_path / "s.sqlite", "--out", tmp_path / "o.jsonl") == 1
        assert server.n_asked == 3
    assert "no answer was usable" in capsys.readouterr().err


class OneLabelEach:
    def label_turns(self, turns, encoder):
        return [Label.AFFIRM if turn.role is Role.THERAPIST else Label.CHANGE_TALK for turn in turns]


@pytest.fixture
def stand_in_classifier(monkeypatch):
    monkeypatch.setattr(commands, "load_classifier", OneLabelEach)
    monkeypatch.setattr(commands, "load_encoder", lambda: None)


@pytest.mark.usefixtures("stand_in_classifier")
def test_code_without_a_backend_takes_the_classifier(chats, tmp_path):
    out = tmp_path / "labeled.jsonl"
    assert code(chats, "--out", out) == 0
    row = json.loads(out.read_text(encoding="utf-8"))
    assert [turn["label"] for turn in row["dialogue"]] == ["Affirm", "Change Talk"]
    assert row["coder"] == "classifier"


@pytest.mark.usefixtures("stand_in_classifier")
def test_code_of_annomi_keeps_labels_under_a_digest_and_no_text(tmp_path, monkeypatch):
    turns = (
        Turn(Role.THERAPIST, Label.GENERAL, "Good morning."),
        Turn(Role.CLIENT, Label.NEUTRAL, "Morning."),
    )
    sessions = [Session(0, "high", "sleep", turns)]
    monkeypatch.setattr("metrics.asking.annomi.read_annomi", lambda path: sessions)
    out = tmp_path / "labels.jsonl"
    assert code("--annomi", "AnnoMI-full.csv", "--out", out) == 0
    row = json.loads(out.read_text(encoding="utf-8"))
    assert row["labels"] == ["Affirm", "Change Talk"]
    assert set(row) == {"digest", "labels"}


def test_code_needs_one_source(chats, capsys):
    assert code() == 1
    assert code(chats, "--annomi", "x.csv") == 1
    assert capsys.readouterr().err.count("give one of PATH and --annomi") == 2
