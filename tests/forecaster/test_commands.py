import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecaster.commands import main

ROOT = Path(__file__).parents[2]
PROFILE = {
    "id": 7,
    "stage_of_change": "action",
    "resistance": "low",
    "risk": "none",
    "intended_outcome": "small_step",
}


@pytest.fixture
def profiles(tmp_path):
    path = tmp_path / "profiles.jsonl"
    path.write_text(json.dumps(PROFILE) + "\n" + json.dumps({**PROFILE, "id": 8}) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", [[], ["fetch"], ["train"], ["evaluate"], ["plan"]])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    assert "usage: python -m forecaster" in capsys.readouterr().out


def test_plan_writes_one_plan_a_profile_and_the_same_bytes_twice(profiles, tmp_path):
    for name in ("one", "two"):
        assert (
            main(["plan", "--profiles", str(profiles), "--out", str(tmp_path / name), "--random-seed", "4"])
            == 0
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    plans = [json.loads(line) for line in (tmp_path / "one").read_text(encoding="utf-8").splitlines()]
    assert [(plan["profile_id"], plan["random_seed"]) for plan in plans] == [(7, 4), (8, 4)]


def test_plan_does_not_depend_on_the_hash_seed(profiles, tmp_path):
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "forecaster", "plan", "--profiles", str(profiles), "--out", str(out)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
        written.append(out.read_bytes())
    assert written[0] == written[1]


def test_plan_prints_figures(capsys):
    target = ROOT / "metrics" / "label_counts_annomi_high.json"
    assert main(["plan", "--n", "5", "--compare", str(target), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["plans"] == 5
    assert 0 < printed["bigram_divergence_bits"] < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "--profiles", "none.jsonl", "--out", "x"], "cannot read the profiles"),
        (["plan", "--profiles", "none.jsonl"], "needs --out"),
        (["plan", "--n", "0"], "give 1 or more"),
        (["evaluate", "--annomi", "none.csv"], "forecaster fetch"),
        (["train", "--annomi", "none.csv"], "forecaster fetch"),
        (["fetch", "--url", "http://127.0.0.1:9/a.csv", "--out", "{tmp}/a.csv"], "check the network"),
    ],
)
def test_bad_input_is_one_line_and_exit_1(arguments, message, tmp_path, capsys):
    assert main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_evaluate_prints_json(annomi_path, capsys):
    assert main(["evaluate", "--annomi", str(annomi_path), "--variant", "dialogue", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)["models"]
    assert row["model"] == "n-gram"
    assert 0.2 < row["accuracy"] < 0.43


def test_train_writes_weights_that_plan(annomi_path, tmp_path):
    out = tmp_path / "weights.json"
    assert (
        main(["train", "--annomi", str(annomi_path), "--out", str(out), "--rounds", "1", "--plans", "20"])
        == 0
    )
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["about"]["n_sessions"] == 110
    assert set(content["bigram_weights"]) >= {"Simple Reflection", "Advise"}
