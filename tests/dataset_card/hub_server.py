"""The endpoints of the Hub that an upload calls, played by a local server that keeps what it is sent."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

COMMIT = "c" * 40


@dataclass
class Hub:
    """A repository: its files and tags, and what it does wrong.

    Attributes:
        files: Content by path; large files come by their own upload.
        tags: Commit by name of the tag.
        failing: Start of a path that is answered with 403.
        address: Where the server listens.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    failing: str = ""
    address: str = ""
    tokens: set[str | None] = field(default_factory=set)
    large: dict[str, bytes] = field(default_factory=dict)

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """Answer one request as the Hub does; an unknown one is an error of the test."""
        repository = "/api/datasets/owner/kmi"
        if path == "/api/agent-harnesses":
            return {}
        if path == "/api/repos/create":
            return {"url": f"{self.address}/datasets/owner/kmi"}
        if path == "/api/validate-yaml":
            return {"errors": [], "warnings": []}
        if path == f"{repository}/refs":
            tags = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": c} for n, c in self.tags.items()]
            main = {"name": "main", "ref": "refs/heads/main", "targetCommit": "a" * 40}
            return {"branches": [main], "converts": [], "tags": tags}
        if path.startswith(f"{repository}/tree/main"):
            return [
                {"type": "file", "path": p, "size": len(c), "oid": "0" * 40} for p, c in self.files.items()
            ]
        if path == f"{repository}/preupload/main":
            return {"files": [self._mode(file["path"]) for file in json.loads(body)["files"]]}
        if path == "/datasets/owner/kmi.git/info/lfs/objects/batch":
            objects = json.loads(body)["objects"]
            return {"transfer": "basic", "objects": [self._upload(one) for one in objects]}
        if method == "PUT" and path.startswith("/large/"):
            self.large[path.removeprefix("/large/")] = body
            return {}
        if path == f"{repository}/commit/main":
            for line in body.splitlines():
                self._change(**json.loads(line))
            url = f"{self.address}/datasets/owner/kmi/commit/{COMMIT}"
            return {"commitOid": COMMIT, "commitUrl": url, "success": True}
        if path.startswith(f"{repository}/tag/"):
            self.tags[json.loads(body)["tag"]] = path.rsplit("/", 1)[1]
            return {}
        raise AssertionError(f"the Hub has no {method} {path}")

    def _mode(self, path: str) -> dict[str, Any]:
        mode = "lfs" if path.endswith(".parquet") else "regular"
        return {"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": None}

    def _upload(self, one: dict[str, Any]) -> dict[str, Any]:
        action = {"upload": {"href": f"{self.address}/large/{one['oid']}"}}
        return {"oid": one["oid"], "size": one["size"], "actions": action}

    def _change(self, key: str, value: dict[str, Any]) -> None:
        if key == "file":
            self.files[value["path"]] = base64.b64decode(value["content"])
        elif key == "lfsFile":
            self.files[value["path"]] = self.large[value["oid"]]
        elif key == "deletedFile":
            del self.files[value["path"]]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve the repository for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            hub.tokens.add(self.headers.get("Authorization"))
            is_failing = bool(hub.failing) and self.path.startswith(hub.failing)
            content = json.dumps({} if is_failing else hub.answer(self.command, self.path, body)).encode()
            self.send_response(403 if is_failing else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815, the names that http.server calls

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield hub
    server.shutdown()
    server.server_close()
