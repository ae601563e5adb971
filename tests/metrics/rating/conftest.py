"""Two small sources of labeled dialogues, and a rating prepared from them."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from metrics.__main__ import main
from metrics.rating.packet import Key

HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'> & 끝"
TURNS = (
    ("Therapist", "General", "안녕하세요. 편하게 앉으세요."),
    ("Client", "Neutral", "네, 안녕하세요."),
    ("Therapist", "Open Question", "어떤 일로 오셨어요?"),
    ("Client", "Change Talk", "이제는 좀 바꾸고 싶어요."),
    ("Therapist", "Complex Reflection", "지금이 그때라고 느끼시는군요."),
    ("Client", "Sustain Talk", "그래도 쉽지는 않아요."),
)


def rows(name: str, *, n: int, last: str) -> list[dict[str, Any]]:
    """Return dialogues in two categories in turn, each with a text of its own."""
    categories = ("Family", "Mental Health")
    return [
        {
            "id": f"{name}-{number}",
            "category_en": categories[number % 2],
            "dialogue": [
                {"role": role, "label": label, "utterance_ko": f"{text} ({number}{name[0]})"}
                for role, label, text in TURNS
            ]
            + [{"role": "Therapist", "label": "Affirm", "utterance_ko": last}],
        }
        for number in range(n)
    ]


@pytest.fixture
def sources(tmp_path: Path) -> tuple[str, str]:
    """Two files of four dialogues, the first with hostile text, the second with talk of alcohol."""
    paths = []
    for name, last in (("alpha", HOSTILE), ("beta", "어제는 술을 안 드셨네요.")):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(rows(name, n=4, last=last), ensure_ascii=False), encoding="utf-8")
        paths.append(str(path))
    return paths[0], paths[1]


@pytest.fixture
def prepare(sources: tuple[str, str], tmp_path: Path) -> Callable[..., SimpleNamespace]:
    """A function that prepares a packet and returns the paths of page and key, and the key."""

    def run(*options: str, out: str = "rating.html") -> SimpleNamespace:
        page, key = tmp_path / out, tmp_path / "key.json"
        words = ["rate", "prepare", *sources, "--n", "2", "--checks", "2", "--out", str(page)]
        assert main([*words, "--key", str(key), *options]) == 0
        return SimpleNamespace(page=page, key_path=key, key=Key.load(key))

    return run
