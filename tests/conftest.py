"""A small dataset, written by hand: what a test needs that must not depend on the one that ships.

And the mock endpoint, served for as long as a test runs.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mock_server import Mock, serve
from generation.dataset import write_dataset
from metrics.__main__ import main as score

THERAPIST_TURNS = (
    (
        "안녕하세요, 윤서 씨. 오늘 어떤 일로 오셨어요?",
        "Hello, Yunseo. What brings you here?",
    ),
    ("술자리를 줄이고 싶은 마음이 있으시군요.", "So part of you wants fewer nights out drinking."),
    ("다음 주 약속을 정해 보시는군요. 고맙습니다.", "You are setting a plan for next week. Thank you."),
)
CLIENT_TURNS = (
    ("요즘 술을 줄여야 하나 싶어요.", "Lately I wonder whether I should drink less."),
    ("그래도 회식은 못 빠져요.", "Still, I can't skip the company dinners."),
    ("네, 수요일은 쉬어 볼게요.", "Yes, I'll take Wednesday off."),
)


def _turn(role: str, texts: tuple[str, str], label: str, sublabel: str | None) -> dict[str, Any]:
    return {
        "role": role,
        "utterance_ko": texts[0],
        "utterance_en": texts[1],
        "label": label,
        "sublabel": sublabel,
        "planned_label": label,
        "written_label": label,
        "coded_label": None,
    }


def _dialogue(number: int, split: str, *, closing: bool) -> dict[str, Any]:
    turns = [
        _turn("Therapist", THERAPIST_TURNS[0], "General", "Greeting"),
        _turn("Client", CLIENT_TURNS[0], "Change Talk", "Need"),
        _turn("Therapist", THERAPIST_TURNS[1], "Complex Reflection", "Meaning"),
        _turn("Client", CLIENT_TURNS[1], "Sustain Talk", None),
        _turn("Therapist", THERAPIST_TURNS[2], "Affirm", "Step"),
        _turn("Client", CLIENT_TURNS[2], "Change Talk", "Commitment"),
    ]
    return {
        "id": number,
        "split": split,
        "category_ko": "중독·집착",
        "category_en": "Addiction·Obsession",
        "dialogue": turns if closing else turns[:-1],
        "stage_of_change": "contemplation",
        "risk": "alcohol_drugs",
        "session_attempt": 1,
        "profile": {
            "name": f"강윤서{number}",
            "address": "윤서 씨",
            "age": 41,
            "age_group": "40-49",
            "gender": "female",
            "region": "대전",
            "occupation": "회사원",
            "household": "남편과 산다",
            "referred_by": "workplace",
            "referral_reason": "건강 검진 뒤 보건실에서 권했다",
            "situation": ["주 4회 소주 한 병을 마신다", "간 수치가 높게 나왔다"],
            "target_behavior": "평일 음주",
            "reasons_for_change": ["건강"],
            "reasons_against_change": ["회식"],
            "stage_of_change": "contemplation",
            "resistance": "moderate",
            "speech_style": "짧고 담담하다",
            "risk": "alcohol_drugs",
            "risk_detail": "금단 증상은 없다",
            "intended_outcome": "small_step",
        },
        "provenance": {
            "mode": "plan",
            "model": "hand",
            "planner_version": 1,
            "session_version": 1,
            "checks_version": 1,
            "prompts": ["plan_write_v1"],
            "completions": [f"{number:064x}"],
        },
    }


@pytest.fixture
def small_dialogues() -> list[dict[str, Any]]:
    """Four finished dialogues, ids out of order: 1 and 4 train, 2 validation, 3 test; the odd close."""
    splits = {3: "test", 1: "train", 4: "train", 2: "validation"}
    return deepcopy([_dialogue(number, split, closing=number % 2 == 1) for number, split in splits.items()])


@pytest.fixture
def small_project(tmp_path: Path, small_dialogues: list[dict[str, Any]]) -> Path:
    """A folder with kmi.py and the small dataset in kmi/data, as in the repository or in site-packages."""
    root = tmp_path / "project"
    write_dataset(small_dialogues, root / "kmi" / "data")
    source = Path(__file__).parent.parent / "kmi.py"
    (root / "kmi.py").write_bytes(source.read_bytes())
    return root


@pytest.fixture
def small_report(small_project: Path, tmp_path: Path) -> Path:
    """The metrics report of the small dataset."""
    path = tmp_path / "report.json"
    assert score(["score", str(small_project / "kmi"), "--n-resamples", "20", "--out", str(path)]) == 0
    return path


@pytest.fixture
def serve_mock() -> Iterator[Callable[[Mock], str]]:
    """A function that serves a mock endpoint in a thread of its own and returns its base URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def start(mock: Mock) -> str:
        server = asyncio.run_coroutine_threadsafe(serve(mock), loop).result(timeout=10)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"

    yield start
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=10)
    loop.close()
