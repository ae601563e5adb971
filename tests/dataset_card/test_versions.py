"""The version of the data is one everywhere, and a tag that is given away stops a release."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dataset_card.__main__ import main
from dataset_card.versions import TAG, tag_faults, version_faults
from kmi import DATA_VERSION

ROOT = Path(__file__).parents[2]
FILES = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md", "kmi/README.md", "kmi/croissant.json")
OTHER = "9.8.7"


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, "-C", str(root), *arguments], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path):
    """A copy of the files that bear the version, committed."""
    shutil.copytree(ROOT / "kmi", tmp_path / "kmi")
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    _git(tmp_path, "init")
    _git(tmp_path, "commit", "--allow-empty", "-m", "first")
    return tmp_path


def test_shipped_files_give_one_version():
    assert version_faults(ROOT) == []


def test_check_passes_where_nothing_is_wrong(root, capsys):
    assert main(["check", "--data", str(root / "kmi")]) == 0
    assert capsys.readouterr().out == f"ready to publish as {TAG}\n"


@pytest.mark.parametrize("name", FILES)
def test_another_version_is_named_with_its_file(root, name):
    path = root / name
    text = path.read_text(encoding="utf-8")
    places = [f"version: {DATA_VERSION}", f'version = "{DATA_VERSION}"', f'"version": "{DATA_VERSION}"']
    for place in [*places, f"## {DATA_VERSION}"]:
        text = text.replace(place, place.replace(DATA_VERSION, OTHER))
    path.write_text(text, encoding="utf-8")
    assert version_faults(root) == [f"{name} has version {OTHER}, kmi.py {DATA_VERSION}: make them agree"]


def test_tag_may_be_on_this_commit_and_on_no_other(root):
    _git(root, "tag", TAG)
    assert tag_faults(root) == []
    _git(root, "commit", "--allow-empty", "-m", "second")
    (fault,) = tag_faults(root)
    assert fault.startswith(f"tag {TAG} is on commit ") and "raise DATA_VERSION" in fault


def test_check_names_every_fault(root, capsys):
    (root / "kmi" / "kmi.py").write_text("")
    (root / "CHANGELOG.md").write_text(f"## {OTHER}\n")
    assert main(["check", "--data", str(root / "kmi")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "error: not ready to publish"
    assert "take away kmi.py" in lines[1] and "CHANGELOG.md has version 9.8.7" in lines[2]
