"""Inputs of short sessions of mode `turns`, and answers to the batch files that they ask."""

from pathlib import Path

import generation.inputs
from generation.stand_in import stand_in_answer

SETTINGS = """\
mode = "turns"
random_seed = 1
session_attempts = 1
check_retries = 1
[therapist]
prompt = "turns_therapist_small_v1"
temperature = 0.8
max_tokens = 60
[client]
prompt = "turns_client_small_v1"
temperature = 0.8
max_tokens = 60
[turns]
decision = "sampled"
min_utterances = 3
max_utterances = 5
"""


def write_inputs(folder: Path, n_profiles: int) -> list[str]:
    """Write a settings file and the first profiles; returns the command line options that name them."""
    lines = generation.inputs.PROFILES.read_text(encoding="utf-8").splitlines()[:n_profiles]
    (folder / "profiles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "short.toml").write_text(SETTINGS, encoding="utf-8")
    options = ["--settings", folder / "short.toml", "--profiles", folder / "profiles.jsonl"]
    return list(map(str, [*options, "--recording", "none"]))


def stand_in_line(line: dict) -> str:
    """Answer one line of a batch file."""
    body = line["body"]
    return stand_in_answer(body["response_format"]["json_schema"]["schema"], body["messages"])
