import json
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.__main__ import main

ROOT = Path(__file__).parents[2]
GOOD = {"id": 1, "dialogue": [{"role": "Therapist", "label": "Affirm"}, {"role": "Client", "label": None}]}
BAD = {"id": 2, "dialogue": [{"role": "Therapist", "label": "Praise"}]}


@pytest.fixture
def chats(tmp_path):
    path = tmp_path / "chats.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(BAD) + "\n", encoding="utf-8")
    return path


def test_score_refuses_bad_dialogues_by_name(chats, capsys):
    assert main(["score", str(chats)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "1 of 2 dialogues refused" in printed.err
    assert "chats.jsonl, line 2: dialogue[0].label: 'Praise' is not a label of the Therapist" in printed.err


def test_score_can_skip_them_and_lists_them_in_the_report(chats, tmp_path, capsys):
    out = tmp_path / "build" / "report.json"
    assert main(["score", str(chats), "--skip-refused", "--out", str(out), "--n-resamples", "10"]) == 0
    assert "refused: 1 dialogues" in capsys.readouterr().out
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["counts"]["dialogues"] == 1
    assert [refusal["where"] for refusal in report["refused"]] == ["chats.jsonl, line 2"]
    assert [path.name for path in out.parent.iterdir()] == ["report.json"]


def test_score_prints_the_same_json_that_it_writes(chats, tmp_path, capsys):
    out = tmp_path / "report.json"
    assert main(["score", str(chats), "--skip-refused", "--json", "--out", str(out)]) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")


def test_score_of_several_sources_is_a_list_of_reports_and_one_page(chats, tmp_path, capsys):
    page = tmp_path / "page.html"
    words = ["--skip-refused", "--n-resamples", "10"]
    assert main(["score", str(chats), str(chats), *words, "--json", "--html", str(page)]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first == second
    assert page.read_text(encoding="utf-8").count("1 dialogues refused") == 2
    assert main(["score", str(chats), str(chats), *words]) == 0
    assert "metric " in capsys.readouterr().out


def test_compare_prints_a_table_or_json_and_writes_report_and_page(chats, tmp_path, capsys):
    out, page = tmp_path / "comparison.json", tmp_path / "page.html"
    words = ["compare", str(chats), str(chats), "--skip-refused", "--n-resamples", "10"]
    assert main([*words, "--json", "--out", str(out), "--html", str(page)]) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")
    comparison = json.loads(out.read_text(encoding="utf-8"))
    assert comparison["metrics"]["general_turn_share"]["difference"] is None  # the opening alone
    assert 'id="differences"' in page.read_text(encoding="utf-8")
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("first: ")


def test_compare_refuses_bad_dialogues_by_name(chats, capsys):
    assert main(["compare", str(chats), str(chats)]) == 1
    assert "'Praise' is not a label of the Therapist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--split", "test"], "no dialogue of split 'test'", id="split"),
        pytest.param(["--reference", "nowhere.json"], "nowhere.json: cannot be read", id="reference"),
        pytest.param(["--n-resamples", "0"], "n_resamples: 0 is not allowed", id="resamples"),
    ],
)
def test_bad_option_is_one_line_on_stderr(chats, capsys, options, message):
    assert main(["score", str(chats), "--skip-refused", *options]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_report_that_cannot_be_written_is_an_error(chats, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["score", str(chats), "--skip-refused", "--out", str(tmp_path / "file" / "report.json")]) == 1
    assert "error: " in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    heavy = ("torch", "transformers", "kiwipiepy", "datasets", "pyarrow", "numpy", "pandas")
    code = (
        "import runpy, sys\n"
        "sys.argv = ['metrics', '--help']\n"
        "try:\n    runpy.run_module('metrics', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as done:\n    assert not done.code\n"
        f"print('heavy:', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "score" in done.stdout
    assert done.stdout.splitlines()[-1] == "heavy: []"
