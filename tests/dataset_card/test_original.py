"""The release is downloaded, verified and converted whole or not at all, and shown beside our dataset."""

import hashlib
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyarrow.parquet as pq
import pytest

import kmi
from dataset_card.__main__ import main
from metrics.__main__ import main as score

ROOT = Path(__file__).parents[2]
SAMPLE = Path(
    os.environ.get(
        "KMI_ORIGINAL_SAMPLE",
        ROOT.parent / "shared" / "reference" / "kmi_original" / "mental_health_193.json",
    )
)
NO_LABEL = "(missing)"
CLIENT_LABELS = (NO_LABEL, None, "-", "None", "Change Talk")
"""How the release and its early files write a client's label."""


def _dialogue(number: int, *, early: bool = False) -> dict:
    turns = []
    for label in CLIENT_LABELS:
        therapist = {"role": "Therapist", "label": "Open Question"}
        client = {"role": "Client"} if label == NO_LABEL else {"role": "Client", "label": label}
        turns += [turn | {"utterance_ko": "네?", "utterance_en": "Yes?"} for turn in (therapist, client)]
    category = {"category": "가족", "turns": len(turns)}
    released = {"category_ko": "가족", "category_en": "Family"}
    return {"id": number, **(category if early else released), "dialogue": turns}


def _content(*, early: bool = False) -> bytes:
    return json.dumps([_dialogue(number, early=early) for number in range(1, 21)]).encode()


class _Release(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802, the name that http.server calls
        if self.path == "/none.json":
            return self.send_error(404)
        content = _content() if self.path != "/other.json" else b"[]"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.path == "/half.json" else content)
        return None

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(monkeypatch):
    """Serve a file in the release's shape where the release is looked for; gives the server's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Release)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    content = _content()
    monkeypatch.setattr(kmi, "ORIGINAL_URL", f"{address}/kmi.json")
    monkeypatch.setattr(
        kmi, "ORIGINAL_BLOB_ID", hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    )
    yield address
    server.shutdown()
    server.server_close()


def _left_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


FILES = ["data/original-test.parquet", "data/original-train.parquet", "data/original-validation.parquet"]


def _labels(folder: Path, split: str) -> list[list[str | None]]:
    rows = pq.read_table(folder / "data" / f"original-{split}.parquet").to_pylist()
    return [[turn["label"] for turn in row["dialogue"] if turn["role"] == "Client"] for row in rows]


def test_release_is_verified_and_converted(address, tmp_path, capsys):
    out = tmp_path / "original"
    assert main(["original", "--out", str(out)]) == 0
    # Twenty of one category: of each ten in a row by hash the ninth is validation and the tenth test.
    assert capsys.readouterr().out == (
        f"release downloaded and verified: train 16, validation 2, test 2; in {out}\n"
    )
    assert _left_in(out) == FILES
    assert _labels(out, "test") == [[None, None, None, None, "Change Talk"]] * 2


@pytest.mark.parametrize("early", [False, True], ids=["release", "early shape"])
def test_local_copy_needs_no_network(tmp_path, early):
    path, out = tmp_path / "copy.json", tmp_path / "original"
    path.write_bytes(_content(early=early))
    assert main(["original", "--local-path", str(path), "--out", str(out)]) == 0
    schema = kmi.features("original").arrow_schema
    assert pq.read_schema(out / "data" / "original-test.parquet").equals(schema)
    assert _labels(out, "validation") == [[None, None, None, None, "Change Talk"]] * 2


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("/none.json", "can't get .*/none.json .*404.*; give a copy as local_path", id="missing"),
        pytest.param("/half.json", "can't get .*/half.json .*IncompleteRead", id="breaks off"),
        pytest.param(
            "/other.json",
            ".*/other.json has git blob id [0-9a-f]{40}, not .*: not the release",
            id="other hash",
        ),
        pytest.param(None, r"can't get http://127.0.0.1:9/.*; give a copy as local_path", id="no network"),
    ],
)
def test_what_is_not_the_whole_release_is_refused_and_nothing_kept(
    address, monkeypatch, tmp_path, capsys, path, message
):
    monkeypatch.setattr(kmi, "ORIGINAL_URL", address + path if path else "http://127.0.0.1:9/kmi.json")
    assert main(["original", "--out", str(tmp_path / "original")]) == 1
    error = capsys.readouterr().err
    assert re.match(f"error: {message}", error) and error.count("\n") == 1
    assert _left_in(tmp_path) == []


def test_failure_leaves_files_of_an_earlier_call_alone(address, monkeypatch, tmp_path):
    assert main(["original", "--out", str(tmp_path)]) == 0
    before = {path: (tmp_path / path).read_bytes() for path in _left_in(tmp_path)}
    monkeypatch.setattr(kmi, "ORIGINAL_URL", f"{address}/half.json")
    assert main(["original", "--out", str(tmp_path)]) == 1
    assert {path: (tmp_path / path).read_bytes() for path in _left_in(tmp_path)} == before


def test_copy_of_another_shape_names_file_and_shape(tmp_path, capsys):
    path = tmp_path / "copy.json"
    path.write_text('[{"id": 1, "turns": []}]', encoding="utf-8")
    assert main(["original", "--local-path", str(path), "--out", str(tmp_path / "original")]) == 1
    assert f"{path} does not have the shape of the release, [{{id, category_ko" in capsys.readouterr().err
    assert _left_in(tmp_path) == ["copy.json"]


def test_statistics_stand_side_by_side(address, tmp_path, small_report, capsys):
    out, report = tmp_path / "original", tmp_path / "original.json"
    assert main(["original", "--out", str(out)]) == 0
    assert score(["score", str(out), "--n-resamples", "20", "--out", str(report)]) == 0
    capsys.readouterr()
    assert main(["compare", str(small_report), str(report)]) == 0
    lines = [re.split(r"\s{2,}", line) for line in capsys.readouterr().out.splitlines()]
    values = {title: (ours, theirs) for title, ours, theirs in lines}
    assert values["dialogues"] == ("4", "20")
    assert values["utterances"] == ("22", "200")
    assert values["utterances a dialogue"] == ("5.50", "10.00")
    assert values["client labels"] == ("full", "change talk")
    # Ours: two complex reflections of two; the release: no reflection at all, one change talk of five.
    assert values["%CR (percent)"][0].startswith("100.0") and values["%CR (percent)"][1] == "–"
    assert values["Change Talk, % of Client turns"][1] == "20.0"
    assert values["Sustain Talk, % of Client turns"] == ("40.0", "–")


def test_comparison_without_a_report_names_the_command(tmp_path, capsys):
    assert main(["compare", str(tmp_path / "none.json")]) == 1
    assert "no metrics report at" in capsys.readouterr().err


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of the original is not here")
def test_early_output_of_the_original_generator_is_converted(tmp_path):
    assert main(["original", "--local-path", str(SAMPLE), "--out", str(tmp_path)]) == 0
    counts = {split: len(_labels(tmp_path, split)) for split in kmi.SPLITS}
    assert counts == {"train": 155, "validation": 19, "test": 19}  # 193 = 19 tens and three more
    labels = {label for split in kmi.SPLITS for row in _labels(tmp_path, split) for label in row}
    assert labels == {None, "Change Talk"}
