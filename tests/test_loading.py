"""Every way to load the dataset, each in a process of its own with a cache of its own, as a user would."""

import json
import os
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import datasets
import pyarrow.parquet as pq
import pytest

import kmi
from dataset_card.__main__ import main as render
from generation.dataset import dataset_rows, write_dataset
from kmi import CONFIGS, SPLITS

LOAD_ALL = """
import json
from datasets import load_dataset
rows = {}
for config in ("dialogues", "utterances", "messages"):
    for split, members in load_dataset("kmi", config, streaming=STREAMING).items():
        rows[f"{config}/{split}"] = list(members)
print(json.dumps(rows))
"""


@pytest.fixture
def run(tmp_path, small_project):
    """Run Python code in a directory with the small project importable; returns the finished process."""

    def run_code(code: str, directory: Path) -> subprocess.CompletedProcess:
        directory.mkdir(exist_ok=True)
        environment = os.environ | {
            "PYTHONPATH": str(small_project),
            "HF_HOME": str(tmp_path / "huggingface"),
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        }
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, check=False
        )

    return run_code


def _printed(process: subprocess.CompletedProcess):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1])


def _expected(dialogues: list[dict]) -> dict:
    rows = dataset_rows(dialogues)
    return {f"{config}/{split}": rows[config, split] for config in CONFIGS for split in SPLITS}


@pytest.mark.parametrize("streaming", [False, True], ids=["prepared", "streaming"])
def test_import_makes_every_config_load_from_an_empty_directory(run, tmp_path, small_dialogues, streaming):
    code = "import kmi\n" + LOAD_ALL.replace("STREAMING", str(streaming))
    assert _printed(run(code, tmp_path / "empty")) == _expected(small_dialogues)


def test_import_makes_every_config_load_from_the_root(run, small_project, small_dialogues):
    code = "import kmi\n" + LOAD_ALL.replace("STREAMING", "False")
    assert _printed(run(code, small_project)) == _expected(small_dialogues)


@pytest.mark.parametrize("streaming", [False, True], ids=["prepared", "streaming"])
def test_folder_loads_from_the_root_without_import(
    run, small_project, small_report, small_dialogues, streaming
):
    assert render(["render", "--data", str(small_project / "kmi"), "--report", str(small_report)]) == 0
    code = LOAD_ALL.replace("STREAMING", str(streaming))
    assert _printed(run(code, small_project)) == _expected(small_dialogues)


def test_builder_and_config_names_are_found_after_import(run, tmp_path):
    code = """
import json
import kmi
from datasets import get_dataset_config_names, load_dataset_builder
builder = load_dataset_builder("kmi")
names = get_dataset_config_names("kmi")
print(json.dumps([names, builder.config.name, str(builder.config.version), list(builder.info.features)]))
"""
    names, default, version, columns = _printed(run(code, tmp_path / "empty"))
    assert names == ["dialogues", "utterances", "messages", "original"]
    assert (default, version) == ("dialogues", kmi.DATA_VERSION)
    assert columns == list(kmi.features("dialogues"))


def test_cache_gives_no_stale_rows_after_the_data_changed(run, tmp_path, small_project, small_dialogues):
    code = """
import json
import kmi
from datasets import load_dataset
print(json.dumps(load_dataset("kmi", split="test")[0]["dialogue"]))
"""
    before = _printed(run(code, tmp_path / "empty"))
    small_dialogues[0]["dialogue"][0]["utterance_en"] = "Hello again."
    write_dataset(small_dialogues, small_project / "kmi" / "data")
    after = _printed(run(code, tmp_path / "empty"))
    assert before[0]["utterance_en"] == "Hello, Yunseo. What brings you here?"
    assert after[0]["utterance_en"] == "Hello again."


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("del datasets.load._PACKAGED_DATASETS_MODULES", id="no registry"),
        pytest.param("del datasets.load.PackagedDatasetModuleFactory", id="other factory"),
        pytest.param("del datasets.load", id="no module load"),
        pytest.param("datasets.load._PACKAGED_DATASETS_MODULES = ()", id="registry of another type"),
    ],
)
def test_moved_registry_warns_with_the_folder_way_and_leaves_the_contract_usable(
    run, tmp_path, small_project, change
):
    code = """
import json
import warnings
import datasets
CHANGE
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import kmi
print(json.dumps([str(warning.message) for warning in caught] + [kmi.Label.AFFIRM]))
"""
    warning, label = _printed(run(code.replace("CHANGE", change), tmp_path / "empty"))
    assert f'use load_dataset("{small_project / "kmi"}")' in warning
    assert label == "Affirm"


def test_copy_under_another_name_does_not_register_and_reads_below_base_path(run, tmp_path, small_project):
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "copied_kmi.py").write_bytes((small_project / "kmi.py").read_bytes())
    code = f"""
import json
import sys
import datasets
sys.path[:] = [{str(tmp_path / "copies")!r}] + [path for path in sys.path if path != {str(small_project)!r}]
import copied_kmi
builder = copied_kmi.Kmi(config_name="messages", base_path={str(small_project)!r})
builder.download_and_prepare()
found = "kmi" in datasets.load._PACKAGED_DATASETS_MODULES
print(json.dumps([found, builder.as_dataset(split="train")["id"][:]]))
"""
    assert _printed(run(code, tmp_path / "empty")) == [False, [1, 4]]


def test_other_packaged_modules_still_load(run, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"a": 1}\n')
    code = f"""
import kmi
from datasets import load_dataset
print(load_dataset("json", data_files={str(rows)!r}, split="train")["a"][:])
"""
    assert _printed(run(code, tmp_path / "empty")) == [1]


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Load from the small project in this process, with a cache of its own."""
    monkeypatch.setattr(datasets.config, "HF_UPDATE_DOWNLOAD_COUNTS", False)
    return partial(datasets.load_dataset, "kmi", cache_dir=str(tmp_path / "cache"))


@pytest.fixture
def builder(tmp_path, small_project):
    """Make the builder of a config on the small project."""

    def make(config: str) -> kmi.Kmi:
        return kmi.Kmi(config_name=config, base_path=str(small_project), cache_dir=str(tmp_path / "cache"))

    return make


def test_unknown_config_names_the_known_ones(load):
    with pytest.raises(
        ValueError, match=r"'turns' not found.*'dialogues', 'utterances', 'messages', 'original'"
    ):
        load("turns")


def test_data_files_and_misplaced_local_path_are_refused(load, tmp_path):
    with pytest.raises(
        ValueError, match="kmi takes no data_files and no data_dir; config original takes local_path"
    ):
        load(data_dir=str(tmp_path))
    (tmp_path / "kmi.json").write_text("[]")
    with pytest.raises(ValueError, match="config messages takes no local_path; only original does"):
        load("messages", local_path=str(tmp_path / "kmi.json"))


def test_missing_data_names_the_file_and_the_way_to_make_it(builder, small_project):
    (small_project / "kmi" / "data" / "messages-test.parquet").unlink()
    with pytest.raises(FileNotFoundError, match="messages-test.parquet is missing: run `make regenerate`"):
        builder("messages").download_and_prepare()
    for path in (small_project / "kmi" / "data").iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match="dialogues-train.parquet is missing: run `make regenerate`"):
        builder("dialogues").download_and_prepare()


def test_split_without_files_is_left_out_of_every_config(builder, small_project):
    for config in CONFIGS:
        (small_project / "kmi" / "data" / f"{config}-test.parquet").unlink()
    made = builder("utterances")
    made.download_and_prepare()
    assert {split: rows.num_rows for split, rows in made.as_dataset().items()} == {
        "train": 11,
        "validation": 5,
    }


def test_changed_columns_are_refused(builder, small_project):
    path = small_project / "kmi" / "data" / "utterances-train.parquet"
    pq.write_table(pq.read_table(path).drop_columns("sublabel"), path)
    with pytest.raises(
        ValueError, match=f"utterances-train.parquet has other columns than kmi {kmi.DATA_VERSION}"
    ):
        builder("utterances").download_and_prepare()


RELEASED = [
    {
        "id": number,
        "category_ko": "가족",
        "category_en": "Family",
        "dialogue": [
            {"role": "Therapist", "utterance_ko": "네?", "utterance_en": "Yes?", "label": "Open Question"},
            {"role": "Client", "utterance_ko": "동생이요.", "utterance_en": "My brother.", "label": "None"},
        ],
    }
    for number in range(1, 21)
]


class _Server(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        if self.path == "/short.json":
            self.send_header("Connection", "close")
        super().end_headers()

    def do_GET(self) -> None:  # noqa: N802, the name that http.server calls
        if self.path != "/short.json":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"[")
        return None


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Serve a file in the release's shape where the builder looks for the release; gives the address."""
    folder = tmp_path / "server"
    folder.mkdir()
    path = folder / "kmi.json"
    path.write_text(json.dumps(RELEASED), encoding="utf-8")
    hashed = subprocess.run(["git", "hash-object", str(path)], capture_output=True, text=True, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Server, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(kmi, "ORIGINAL_URL", f"{address}/kmi.json")
    monkeypatch.setattr(kmi, "ORIGINAL_BLOB_ID", hashed.stdout.strip())
    yield address
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("streaming", [False, True], ids=["prepared", "streaming"])
def test_original_is_downloaded_verified_and_split(load, release, streaming):
    splits = {split: list(rows) for split, rows in load("original", streaming=streaming).items()}
    assert {split: len(rows) for split, rows in splits.items()} == {"train": 16, "validation": 2, "test": 2}
    assert sorted(row["id"] for rows in splits.values() for row in rows) == list(range(1, 21))
    assert [turn["label"] for turn in splits["test"][0]["dialogue"]] == ["Open Question", None]


def test_original_with_another_hash_is_refused(load, release, monkeypatch):
    monkeypatch.setattr(kmi, "ORIGINAL_BLOB_ID", "a07db8a8b5ea5910017058dd470dce671fa5af60")
    with pytest.raises(
        ValueError, match=r"kmi.json has git blob id [0-9a-f]{40}, not a07db8a8.*: not the release"
    ):
        load("original")


@pytest.mark.parametrize("path", ["/none.json", "/short.json"], ids=["missing", "cut short"])
def test_original_that_cannot_be_had_names_address_and_way_out(load, release, monkeypatch, path):
    monkeypatch.setattr(kmi, "ORIGINAL_URL", release + path)
    with pytest.raises(ConnectionError, match=f"can't get {release}{path} .*; give a copy as local_path"):
        load("original")


def test_original_without_network_names_address_and_way_out(load, monkeypatch):
    monkeypatch.setattr(kmi, "ORIGINAL_URL", "http://127.0.0.1:9/kmi.json")
    with pytest.raises(
        ConnectionError, match=r"can't get http://127.0.0.1:9/kmi.json .*; give a copy as local_path"
    ):
        load("original")


def test_original_from_a_local_copy_needs_no_network_and_follows_its_changes(load, tmp_path):
    path = tmp_path / "copy.json"
    path.write_text(json.dumps(RELEASED[:10]), encoding="utf-8")
    assert load("original", local_path=str(path)).num_rows == {"train": 8, "validation": 1, "test": 1}
    path.write_text(json.dumps(RELEASED), encoding="utf-8")
    assert load("original", local_path=str(path)).num_rows == {"train": 16, "validation": 2, "test": 2}


def test_original_from_a_local_copy_that_is_not_there_names_the_path(load):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        load("original", local_path="nowhere.json")
