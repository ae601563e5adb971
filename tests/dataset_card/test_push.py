"""A push sends the folder whole, with its tag, and nothing without being told to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dataset_card.__main__ import main
from kmi import DATA_VERSION
from tests.dataset_card.hub_server import COMMIT, Hub, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(small_project, small_report):
    """The small dataset with its card and description, ready to publish."""
    data = small_project / "kmi"
    assert main(["render", "--data", str(data), "--report", str(small_report)]) == 0
    assert main(["croissant", "--data", str(data)]) == 0
    return data


def _contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _push(hub: Hub, folder: Path, tmp_path: Path, token: str = "hf_test", *options: str):
    """Push in a process of its own, since the client reads its endpoint when it is imported."""
    environment = os.environ | {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(tmp_path / "huggingface"),
        "HF_TOKEN": token,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    environment.pop("HF_HUB_OFFLINE", None)
    command = [sys.executable, "-m", "dataset_card", "push", "owner/kmi", "--data", str(folder), *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_dry_run_lists_files_and_checks_and_asks_nothing(folder, tmp_path):
    with serving(Hub()) as hub:
        finished = _push(hub, folder, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert (hub.files, hub.tags, hub.tokens) == ({}, {}, set())
    lines = finished.stdout.splitlines()
    assert lines[0] == f"datasets/owner/kmi, tag v{DATA_VERSION}, 20 files:"
    assert {line.split()[0] for line in lines[1:21]} == set(_contents(folder))
    assert [line[:3] for line in lines[21:25]] == ["yes"] * 4
    assert lines[25:] == ["nothing was sent; add --upload to publish"]


def test_upload_sends_the_folder_drops_what_is_old_and_tags_the_version(folder, tmp_path):
    old = {"data/other-train.parquet": b"old", ".gitattributes": b"*.parquet lfs"}
    with serving(Hub(files=dict(old))) as hub:
        finished = _push(hub, folder, tmp_path, "hf_test", "--upload")
    assert finished.returncode == 0, finished.stderr
    assert hub.files == _contents(folder) | {".gitattributes": b"*.parquet lfs"}
    assert hub.tags == {f"v{DATA_VERSION}": COMMIT}
    assert "Bearer hf_test" in hub.tokens
    assert finished.stdout.endswith(f"/datasets/owner/kmi/commit/{COMMIT}, tag v{DATA_VERSION}\n")
    assert not any(path.endswith(".py") for path in hub.files)


def test_published_version_is_not_changed(folder, tmp_path):
    with serving(Hub(tags={f"v{DATA_VERSION}": "b" * 40})) as hub:
        finished = _push(hub, folder, tmp_path, "hf_test", "--upload")
    assert finished.returncode == 1
    assert f"owner/kmi has a tag v{DATA_VERSION}; what is published never changes" in finished.stderr
    assert hub.files == {}


def test_broken_push_goes_on_where_it_stopped(folder, tmp_path):
    with serving(Hub(failing="/api/datasets/owner/kmi/tag/")) as hub:
        broken = _push(hub, folder, tmp_path, "hf_test", "--upload")
        assert broken.returncode == 1 and hub.tags == {}
        assert broken.stderr.startswith("error: the Hub did not take it (") and broken.stderr.count("\n") == 1
        hub.failing = ""
        assert _push(hub, folder, tmp_path, "hf_test", "--upload").returncode == 0
    assert hub.tags == {f"v{DATA_VERSION}": COMMIT}


def test_push_without_token_says_how_to_get_one(folder, tmp_path):
    with serving(Hub()) as hub:
        finished = _push(hub, folder, tmp_path, "", "--upload")
    assert hub.tokens == set()
    assert finished.returncode == 1 and finished.stderr.count("\n") == 1
    assert "hf auth login" in finished.stderr


def test_unreachable_hub_is_an_error_in_words(folder, tmp_path):
    finished = _push(Hub(address="http://127.0.0.1:9"), folder, tmp_path, "hf_test", "--upload")
    assert finished.returncode == 1
    assert "error: the Hub did not take it (" in finished.stderr and "Traceback" not in finished.stderr


@pytest.mark.parametrize("repo_id", ["kmi", "a/b/c", "owner/k m i"])
def test_name_that_is_no_repository_is_refused(folder, capsys, repo_id):
    assert main(["push", repo_id, "--data", str(folder)]) == 1
    assert "epo" in capsys.readouterr().err
