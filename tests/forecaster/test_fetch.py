import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from forecaster.fetch import FetchError, fetch

CONTENT = b"mi_quality,transcript_id\nhigh,0\n" * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if self.path == "/half" else CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def left_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_fetch_writes_the_verified_file(url, tmp_path):
    out = tmp_path / "data" / "a.csv"
    assert fetch(out, url=f"{url}/a.csv", sha256=SHA256)
    assert out.read_bytes() == CONTENT
    assert left_in(tmp_path) == ["a.csv"]


def test_fetch_leaves_a_verified_file_alone(tmp_path):
    out = tmp_path / "a.csv"
    out.write_bytes(CONTENT)
    assert not fetch(out, url="http://127.0.0.1:9/never-asked", sha256=SHA256)


def test_fetch_refuses_to_overwrite_another_file(url, tmp_path):
    out = tmp_path / "a.csv"
    out.write_bytes(b"mine")
    with pytest.raises(FetchError, match="move it away"):
        fetch(out, url=f"{url}/a.csv", sha256=SHA256)
    assert out.read_bytes() == b"mine"


def test_fetch_keeps_nothing_of_a_wrong_file(url, tmp_path):
    with pytest.raises(FetchError, match=f"sha256 {SHA256}, expected {'0' * 64}"):
        fetch(tmp_path / "a.csv", url=f"{url}/a.csv", sha256="0" * 64)
    assert left_in(tmp_path) == []


def test_fetch_keeps_nothing_of_half_a_file(url, tmp_path):
    with pytest.raises(FetchError, match="broke off"):
        fetch(tmp_path / "a.csv", url=f"{url}/half", sha256=SHA256)
    assert left_in(tmp_path) == []


def test_fetch_names_the_answer_of_the_server(url, tmp_path):
    with pytest.raises(FetchError, match="404"):
        fetch(tmp_path / "a.csv", url=f"{url}/missing", sha256=SHA256)


def test_fetch_explains_an_unreachable_server(tmp_path):
    with pytest.raises(FetchError, match="check the network"):
        fetch(tmp_path / "a.csv", url="http://127.0.0.1:9/a.csv", sha256=SHA256)
    assert left_in(tmp_path) == []


def test_fetch_explains_a_folder_that_cannot_be_made(url, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FetchError, match="cannot write to"):
        fetch(tmp_path / "file" / "a.csv", url=f"{url}/a.csv", sha256=SHA256)
