"""Every command of README.md runs as it stands, or is read by its parser and run by the test named here."""

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generation.stand_in_endpoint import serving

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COVERED = {
    r"-m metrics calibrate": "tests/metrics/calibrating",
    r"-m metrics rate collect": "tests/metrics/rating/test_commands.py",
    r"-m metrics judge": "tests/metrics/judging/test_commands.py",
    r"-m generation run .*--backend (transformers|store)": "tests/generation/commands/test_run.py",
    r"-m generation run --engine ray": "tests/generation/engines/test_ray_engine.py",
    r"-m generation batch run": "tests/generation/commands/test_batch_service.py",
    r"-m generation import": "tests/generation/completions/test_batch_answers.py",
    r"-m forecaster (fetch|evaluate)": "tests/forecaster/test_commands.py",
    r"-m forecaster plan --n 1000": "tests/forecaster/test_commands.py",
    r"-m pip install": "Makefile",
    r"^ray ": "tests/generation/engines/test_ray_engine.py",
}
"""What needs a key, a cluster, a download, a rater or minutes: where the same command is run."""
PARSERS = {
    "dataset_card": "dataset_card.__main__",
    "metrics": "metrics.__main__",
    "generation": "generation.__main__",
    "forecaster": "forecaster.commands",
}
CHAT = {
    "messages": [
        {"role": "user", "content": "술을 줄이고 싶은데 잘 안 돼요."},
        {"role": "assistant", "content": "줄이면 무엇이 달라질까요?", "label": "Open Question"},
        {"role": "user", "content": "아침이 편하겠죠."},
        {"role": "assistant", "content": "아침이 힘드셨네요.", "label": "Simple Reflection"},
    ]
}
N_CHATS = 10
HISTORY = [
    {"role": "Therapist", "label": "Open Question", "utterance": "어떻게 오셨어요?"},
    {"role": "Client", "label": "Neutral", "utterance": "술 때문에요."},
]


def commands() -> list[str]:
    """Commands of the bash blocks, comments and continued lines undone."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    split = [" ".join(shlex.split(line, comments=True)) and line for line in lines]
    bare = [re.sub(r"\s+#\s.*$", "", line).strip() for line in split if line]
    return [part for line in bare for part in line.split(" && ")]


def covered_by(command: str) -> str | None:
    found = [place for pattern, place in COVERED.items() if re.search(pattern, command)]
    assert len(found) < 2, f"{command} is covered twice: {found}"
    return found[0] if found else None


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Path:
    """A folder with this checkout's parts, in which commands may write, and the files that README names."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("kmi.py", "kmi", "forecaster", "generation", "metrics", "dataset_card", "constraints.txt"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "my_chatbot.jsonl").write_text(
        f"{json.dumps(CHAT, ensure_ascii=False)}\n" * N_CHATS, encoding="utf-8"
    )
    (folder / "dialogue.json").write_text(json.dumps(HISTORY, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def endpoint():
    with serving() as server:
        yield server.url


@pytest.mark.parametrize("command", [command for command in commands() if covered_by(command) is None])
def test_command_runs_as_it_stands(command, sandbox, endpoint):
    if command.startswith("export "):
        return
    if command.startswith("make "):
        assert re.search(rf"^{re.escape(command.split()[1])}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return
    words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]
    if "openai" in words:
        words = [endpoint if word.startswith("http://") else word for word in words]
        words += [] if "--base-url" in words else ["--base-url", endpoint]
    environment = os.environ | {"OPENAI_API_KEY": "none", "PYTHONPATH": str(sandbox)}
    finished = subprocess.run(
        words, cwd=sandbox, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert finished.returncode == 0, finished.stderr[-2000:]


@pytest.mark.parametrize("command", [command for command in commands() if covered_by(command)])
def test_command_that_needs_more_is_understood_and_run_elsewhere(command):
    assert (ROOT / covered_by(command)).exists()
    words = shlex.split(command)
    if "-m" in words and words[words.index("-m") + 1] in PARSERS:
        package, *rest = words[words.index("-m") + 1 :]
        parsed = importlib.import_module(PARSERS[package]).build_parser().parse_args(rest)
        assert callable(getattr(parsed, "run", None) or parsed.command)


def test_readme_has_commands_of_every_kind():
    found = commands()
    assert len(found) > 30
    assert all(
        any(re.search(pattern, command) for command in found)
        for pattern in COVERED
        if pattern != r"-m metrics calibrate"
    )


def mentioned() -> list[tuple[str, str]]:
    """Commands in the running text of every document: file and what follows `python -m`."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    pattern = re.compile(rf"`(?:\.venv/bin/)?python -m ((?:{'|'.join(PARSERS)}) [^`]+)`")
    return [
        (name, command)
        for name in listed or ["README.md", "CONTRIBUTING.md"]
        for command in pattern.findall((ROOT / name).read_text(encoding="utf-8").replace("\n", " "))
    ]


@pytest.mark.parametrize("name, command", mentioned())
def test_command_in_running_text_is_understood_or_names_one(name, command):
    package, *words = shlex.split(command)
    parser = importlib.import_module(PARSERS[package]).build_parser()
    if any(word.startswith("-") or word.isupper() for word in words):
        parser.parse_args(words)
        return
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args([*words, "--help"])
    assert stopped.value.code == 0
