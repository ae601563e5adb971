import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecaster import evaluate_command
from forecaster.commands import main
from forecaster.feature_model import load_model, weights_path

ROOT = Path(__file__).parents[2]
PROFILE = {
    "id": 7,
    "stage_of_change": "action",
    "resistance": "low",
    "risk": "none",
    "intended_outcome": "small_step",
}


ASK = {"role": "Therapist", "label": "Open Question", "utterance": "Why?"}
SAY = {"role": "Client", "label": "Neutral", "utterance": "It is hard."}


@pytest.fixture
def dialogue(tmp_path):
    path = tmp_path / "dialogue.json"
    path.write_text(json.dumps([ASK, SAY]), encoding="utf-8")
    return path


@pytest.fixture
def profiles(tmp_path):
    path = tmp_path / "profiles.jsonl"
    path.write_text(json.dumps(PROFILE) + "\n" + json.dumps({**PROFILE, "id": 8}) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", [[], ["fetch"], ["train"], ["evaluate"], ["plan"], ["predict"]])
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
        (["plan", "--n", "5", "--check"], "needs --profiles"),
        (["predict", "none.json"], "cannot read"),
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
    pytest.importorskip("sklearn")
    command = [
        "evaluate",
        "--annomi",
        str(annomi_path),
        "--variant",
        "dialogue",
        "--models",
        "n-gram",
        "labels",
    ]
    assert main([*command, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["models"]
    assert [row["model"] for row in rows] == ["n-gram", "labels"]
    for row in rows:
        assert 0.2 < row["accuracy"] < 0.43
        assert row["intervals"]["accuracy"][0] < row["accuracy"] < row["intervals"]["accuracy"][1]
        assert {"top3_accuracy", "macro_f1", "log_loss", "ece", "recall", "confusion", "calibration"} <= set(
            row
        )


@pytest.mark.parametrize("package", ["sklearn", "matplotlib"])
def test_evaluate_names_the_missing_package(package, monkeypatch, capsys):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        evaluate_command, "find_spec", lambda name: None if name == package else find_spec(name)
    )
    assert main(["evaluate", "--annomi", "none.csv", "--picture", "c.png"]) == 1
    assert f"need {package}" in capsys.readouterr().err


def test_train_writes_a_model_over_features(annomi_path, tmp_path):
    pytest.importorskip("sklearn")
    command = ["train", "--annomi", str(annomi_path), "--models", "labels", "--folder", str(tmp_path)]
    assert main(command) == 0
    model = load_model(tmp_path / "labels.safetensors")
    shipped = load_model(weights_path("labels"))
    assert model.weights == pytest.approx(shipped.weights, abs=1e-2)


def test_predict_prints_a_forecast(dialogue, capsys):
    assert main(["predict", str(dialogue), "--model", "portable", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["model"] == "portable"
    [row] = printed["forecasts"]
    assert (row["turn"], row["label"]) == (3, None)
    assert sum(row["probabilities"].values()) == pytest.approx(1, abs=0.01)


def test_predict_every_turn_shows_what_was_said(dialogue, capsys):
    assert main(["predict", str(dialogue), "--model", "n-gram", "--every-turn"]) == 0
    assert "turn 1 (it was Open Question)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ([], [], "empty session"),
        ([ASK], ["--model", "labels"], "ends with the Therapist"),
        ([{**ASK, "label": "Joke"}], [], "label 'Joke' is unknown"),
        ([ASK, {"role": "Client", "label": "Neutral"}], ["--model", "portable"], "has no text"),
        ([ASK, SAY], ["--model", "t5"], "needs --checkpoint"),
    ],
)
def test_predict_refuses_bad_dialogues(content, arguments, message, tmp_path, capsys):
    path = tmp_path / "d.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert main(["predict", str(path), *arguments]) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_plan_keeps_what_the_file_holds_and_adds_the_rest(profiles, tmp_path, capsys):
    out = tmp_path / "plans.jsonl"
    first = profiles.read_text(encoding="utf-8").splitlines()[0]
    one = tmp_path / "one.jsonl"
    one.write_text(first + "\n", encoding="utf-8")
    assert main(["plan", "--profiles", str(one), "--out", str(out), "--random-seed", "9"]) == 0
    kept = out.read_bytes()
    assert main(["plan", "--profiles", str(profiles), "--out", str(out), "--random-seed", "4"]) == 0
    assert out.read_bytes().startswith(kept)
    assert "1 plans kept, 1 added" in capsys.readouterr().out
    plans = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(plan["profile_id"], plan["random_seed"]) for plan in plans] == [(7, 9), (8, 4)]


def test_plan_check_reports_differences_and_older_versions(profiles, tmp_path, capsys):
    out = tmp_path / "plans.jsonl"
    assert main(["plan", "--profiles", str(profiles), "--out", str(out)]) == 0
    command = ["plan", "--profiles", str(profiles), "--out", str(out), "--check"]
    assert main(command) == 0
    assert "2 plans sampled again are the same, 0 differ" in capsys.readouterr().out
    plans = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    plans[0]["random_seed"] += 1
    plans[1]["planner_version"] -= 1
    out.write_text("".join(json.dumps(plan) + "\n" for plan in plans), encoding="utf-8")
    before = out.read_bytes()
    assert main(command) == 1
    printed = capsys.readouterr().out
    assert "profile 7: " in printed and "1 differ, 1 are of another planner version" in printed
    assert out.read_bytes() == before


def test_plan_compares_every_decision_rule(capsys):
    assert main(["plan", "--n", "20", "--compare", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["decision_rules"]
    assert list(rules) == [
        "sampled",
        "planned, with all MI rules",
        "paper's module over 3 samples",
        "paper's module over the top 3",
        "argmax",
    ]
    assert rules["sampled"]["bigram"] < rules["argmax"]["bigram"]


def test_train_writes_weights_that_plan(annomi_path, tmp_path):
    out = tmp_path / "weights.json"
    assert (
        main(["train", "--annomi", str(annomi_path), "--out", str(out), "--rounds", "1", "--plans", "20"])
        == 0
    )
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["about"]["n_sessions"] == 110
    assert set(content["bigram_weights"]) >= {"Simple Reflection", "Advise"}
