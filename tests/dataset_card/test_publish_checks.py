"""Each check finds the fault that it is there for."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_card.__main__ import main
from dataset_card.publish_checks import SECRET, check_folder

TOKEN = "hf_" + "Ab1" * 12


@pytest.fixture
def folder(small_project, small_report):
    """The small dataset with its card and description, ready to publish."""
    data = small_project / "kmi"
    assert main(["render", "--data", str(data), "--report", str(small_report)]) == 0
    assert main(["croissant", "--data", str(data)]) == 0
    return data


def _faults(folder):
    return [check.fault for check in check_folder(folder)]


def test_small_dataset_passes(folder):
    assert _faults(folder) == [""] * 4


@pytest.mark.parametrize("name", ["kmi.py", "data/load.py", ".env", "data/.hidden.parquet", "notes.txt"])
def test_foreign_file_is_named(folder, name, capsys):
    (folder / name).write_text("x")
    assert _faults(folder)[0].startswith(f"take away {name}: allowed are .md .json .parquet")
    capsys.readouterr()
    assert main(["push", "owner/kmi", "--data", str(folder)]) == 1
    assert capsys.readouterr().err.startswith("error: not ready to publish\n")


def test_link_is_refused(folder, tmp_path):
    (tmp_path / "outside.md").write_text("x")
    (folder / "inside.md").symlink_to(tmp_path / "outside.md")
    assert _faults(folder)[0].startswith("take away inside.md")


def test_card_of_other_data_is_refused(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    (folder / "README.md").write_text(text.replace("num_examples: 11", "num_examples: 12"), encoding="utf-8")
    assert _faults(folder)[1] == "its head is not that of these files; run `make card`"
    (folder / "README.md").unlink()
    assert "README.md" in _faults(folder)[1]


def test_changed_file_has_another_digest(folder):
    path = folder / "data" / "messages-test.parquet"
    path.write_bytes(path.read_bytes()[:-8] + b"    PAR1")
    assert _faults(folder)[2] != ""
    (folder / "croissant.json").unlink()
    assert "croissant.json" in _faults(folder)[2]


def test_token_is_found_in_text_and_in_the_rows_and_not_shown_whole(folder):
    card = folder / "README.md"
    card.write_text(card.read_text(encoding="utf-8") + TOKEN, encoding="utf-8")
    assert _faults(folder)[3] == "README.md holds hf_Ab1Ab…; remove it and revoke it"
    card.unlink()
    pq.write_table(pa.table({"rows": [[{"text": f"key {TOKEN}"}]]}), folder / "data" / "a.parquet")
    assert _faults(folder)[3].startswith("data/a.parquet holds hf_Ab1Ab…")


@pytest.mark.parametrize(
    "text",
    [
        "sk-" + "proj-" + "a1B2" * 8,
        "ghp_" + "a1B2" * 9,
        "AKIA" + "ABCD1234" * 2,
        "-----BEGIN " + "RSA PRIVATE KEY-----",
    ],
)
def test_secret_of_each_kind_is_seen(text):
    assert SECRET.search(f"x = {text}")


@pytest.mark.parametrize("text", ["hf_token", "sk-learn", "task-oriented-dialogue-of-a-client", "0" * 64])
def test_plain_word_is_no_secret(text):
    assert not SECRET.search(text)
