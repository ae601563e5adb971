"""A Hub id, read through the Hub's own client from a local server that plays the Hub."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

ROOT = Path(__file__).parents[2]
COMMIT = "0" * 40
DATASET = "owner/chats"


def rows(*labels: str) -> bytes:
    turns = [{"role": "assistant", "content": "네.", "label": label} for label in labels]
    return "\n".join(json.dumps({"messages": [turn]}) for turn in turns).encode()


FILES = {
    "README.md": b"---\nlicense: cc-by-4.0\n---\nChats.\n",
    "data/train.jsonl": rows("Affirm", "Open Question"),
    "data/test.jsonl": rows("Advise"),
}


class Hub(BaseHTTPRequestHandler):
    """The endpoints that reading a dataset asks for."""

    files = FILES

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = json.loads(body)["paths"] if body.startswith("{") else parse_qs(body).get("paths", [])
        self._send(json.dumps([self._entry(path) for path in asked if path in self.files]).encode())

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(f"/datasets/{DATASET}/resolve/"):
            name = path.split("/", 6)[6]
            return self._send(self.files[name]) if name in self.files else self._missing()
        if path.startswith(f"/api/datasets/{DATASET}/tree/"):
            folder = "/".join(path.split("/")[7:])
            return self._send(json.dumps(self._tree(folder)).encode())
        if path.startswith(f"/api/datasets/{DATASET}"):
            siblings = [{"rfilename": name} for name in self.files]
            about = {"id": DATASET, "sha": COMMIT, "siblings": siblings, "private": False, "tags": []}
            return self._send(json.dumps(about).encode())
        return self._missing("RepoNotFound")

    def _tree(self, folder: str) -> list[dict[str, object]]:
        inside = [name for name in self.files if not folder or name.startswith(f"{folder}/")]
        if not folder:
            folders = sorted({name.partition("/")[0] for name in self.files if "/" in name})
            inside = [name for name in inside if "recursive=true" in self.path.lower() or "/" not in name]
            return [{"type": "directory", "path": name, "oid": COMMIT, "size": 0} for name in folders] + [
                self._entry(name) for name in inside
            ]
        return [self._entry(name) for name in inside]

    def _entry(self, name: str) -> dict[str, object]:
        return {"type": "file", "path": name, "size": len(self.files[name]), "oid": COMMIT}

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _missing(self, code: str = "EntryNotFound") -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def score(tmp_path) -> Iterator[object]:
    """Score a Hub id against the local Hub, in a process of its own: the client reads HF_ENDPOINT once."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "metrics", "score", *words, "--json", "--n-resamples", "1"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    yield run
    server.shutdown()


def test_hub_id_is_read_with_its_splits(score):
    done = score(DATASET)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)["counts"]
    assert counts["dialogues_by_split"] == {"test": 1, "train": 2}
    assert counts["labels"]["Advise"] == 1


def test_refused_row_of_the_hub_is_named_with_its_split(score, monkeypatch):
    monkeypatch.setattr(Hub, "files", FILES | {"data/test.jsonl": rows("Advise", "Praise")})
    done = score(DATASET, "--split", "test")
    assert done.returncode == 1
    assert (
        "owner/chats test, row 2: messages[0].label: 'Praise' is not a label of the Therapist" in done.stderr
    )


def test_missing_dataset_is_one_clear_error(score):
    done = score("owner/nothing")
    assert done.returncode == 1
    assert done.stderr.startswith("error: owner/nothing: no such file, and not loaded from the Hub")
    assert done.stderr.count("\n") == 1
