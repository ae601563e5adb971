"""A judge behind a real HTTP server, dialogues for it, and a small AnnoMI, half of it good."""

import json
from contextlib import contextmanager

import pytest

from forecaster.corpus import Session, Turn
from kmi import Label, Role
from metrics.__main__ import main
from tests.generation.stand_in_endpoint import serving
from tests.metrics.judging.stand_in_judge import GOOD_WORD


def _session(number, quality):
    said = f"I {GOOD_WORD} you, visitor {number}." if quality == "high" else f"Stop it, visitor {number}."
    turns = (
        Turn(Role.THERAPIST, Label.COMPLEX_REFLECTION, said),
        Turn(Role.CLIENT, Label.NEUTRAL, "Well."),
    )
    return Session(number, quality, "drinking", turns)


@pytest.fixture(autouse=True)
def small_annomi(monkeypatch):
    sessions = [_session(n, "high" if n < 3 else "low") for n in range(6)]
    monkeypatch.setattr("metrics.asking.annomi.read_annomi", lambda path: sessions)
    monkeypatch.setattr("generation.backends.endpoint.wait_seconds", lambda *_: 0.001)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")


@pytest.fixture
def chats(tmp_path):
    """Write a file of dialogues: `chats(name, texts)`, one therapist turn each."""

    def write(name, texts):
        path = tmp_path / f"{name}.jsonl"
        rows = [
            {"id": n, "messages": [{"role": "assistant", "content": text}]} for n, text in enumerate(texts)
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def judge(tmp_path):
    """Run a command of the judge in a folder of its own: `judge(step, *options)`."""

    def run(step, *options, store="store"):
        common = ["--store", tmp_path / f"{store}.sqlite", "--validations", tmp_path / "validations"]
        return main(["judge", step, *map(str, [*options, *common])])

    return run


@pytest.fixture
def served():
    """Serve a judge: `with served(rate) as (server, options)`."""

    @contextmanager
    def serve(answer):
        with serving(answer=answer) as server:
            yield server, ["--backend", "openai", "--base-url", server.url, "--model", "alias"]

    return serve
