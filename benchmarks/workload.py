"""Workload of the benchmarks: inputs of any size, the engine's command and the mock endpoint as processes."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from generation.inputs import HERE, PLANS, PROFILES, SETTINGS
from generation.tally import read_run_file

MODEL = "mock"
ROOT = Path(__file__).parents[1]
"""Where the processes run, so that they import this project and no other."""


class BenchError(RuntimeError):
    """Raised where a benchmark can't be run, which is not the same as a bar that falls short."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Inputs of a run in a folder of their own.

    Attributes:
        folder: Holds profiles, plans, settings, and the results of runs.
        n_sessions: Profiles in it.
        settings: Settings file.
    """

    folder: Path
    n_sessions: int
    settings: Path

    @property
    def inputs(self) -> list[str]:
        """The inputs as arguments of `python -m generation`."""
        names = {
            "--profiles": self.folder / "profiles.jsonl",
            "--plans": self.folder / "plans.jsonl",
            "--settings": self.settings,
        }
        return [str(part) for pair in names.items() for part in pair]

    def command(self, url: str, name: str, concurrency: int, *more: str) -> list[str]:
        """Return the command that runs the workload, with results in the folder `name`."""
        out = self.folder / name
        run = ["run", "--backend", "openai", "--model", MODEL, "--base-url", url, "--out", str(out)]
        run += ["--store", str(out / "completions.sqlite"), "--concurrency", str(concurrency)]
        return [sys.executable, "-m", "generation", *run, *self.inputs, *more]

    def run(self, url: str, name: str, concurrency: int, *more: str) -> dict[str, Any]:
        """Run the workload to its end and return the figures of the run."""
        call(self.command(url, name, concurrency, *more))
        return read_run_file(self.folder / name)


def make_workload(folder: Path, n_sessions: int, n_utterances: int | None = None) -> Workload:
    """Write the inputs of a workload: the shipped profiles over and over, each time told apart.

    Args:
        folder: Where to write.
        n_sessions: Number of profiles.
        n_utterances: Length of each session of mode `turns`, odd; None for mode `plan`.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    plans = {plan["profile_id"]: plan for plan in _read_lines(PLANS)}
    profiles = [profile for profile in _read_lines(PROFILES) if profile["id"] in plans]
    new_profiles, new_plans = [], []
    for n, profile in enumerate(islice(cycle(profiles), n_sessions), start=1):
        marked = {key: f"{profile[key]} {n}" for key in ("referral_reason", "target_behavior", "occupation")}
        new_profiles.append(profile | marked | {"id": n})
        new_plans.append(plans[profile["id"]] | {"profile_id": n})
    _write_lines(folder / "profiles.jsonl", new_profiles)
    _write_lines(folder / "plans.jsonl", new_plans)
    if n_utterances is None:
        return Workload(folder, n_sessions, SETTINGS)
    text = (HERE / "settings" / "default.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(m(?:in|ax)_utterances) = \d+", rf"\1 = {n_utterances}", text)
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return Workload(folder, n_sessions, folder / "settings.toml")


@contextmanager
def serving(**options: Any) -> Iterator[str]:
    """Run the mock endpoint in a process of its own and give its base URL; options as on its command line."""
    command = [sys.executable, "-m", "benchmarks.mock_server"]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise BenchError(f"the mock endpoint did not start: {' '.join(command)}")
        yield url
    finally:
        process.kill()
        process.wait()


def stats(url: str) -> Mapping[str, int]:
    """Return what the mock endpoint was asked; zero for what it does not name."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats", timeout=30) as answer:
        return json.load(answer)


def call(command: list[str]) -> None:
    """Run a command.

    Raises:
        BenchError: If it fails; with the end of what it printed.
    """
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")


def environment() -> dict[str, str]:
    """Return the environment of the engine's processes: ours and a key that is none."""
    return os.environ | {"OPENAI_API_KEY": "none"}


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write_lines(path: Path, values: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    path.write_text(text, encoding="utf-8")
