"""A local HTTP server that plays the files and batches endpoints of the OpenAI API, for tests."""

import json
import re
import threading
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service:
    """What the server holds. A batch ends after it was asked for `n_polls` times.

    `answer` makes the content of an answer from the request's line; None leaves it unanswered, as an error.
    """

    def __init__(self, answer, n_polls=1, ends_as="completed"):
        self.answer, self.n_polls, self.ends_as = answer, n_polls, ends_as
        self.files, self.batches, self.seen = {}, {}, []
        self.fail_next = []

    def upload(self, headers, body):
        head = f"content-type: {headers['content-type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        }
        assert parts["purpose"] == b"batch"
        return self.add_file(parts["file"])

    def add_file(self, content):
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = content
        return {"id": file_id, "object": "file", "bytes": len(content), "purpose": "batch"}

    def create(self, body):
        batch_id = f"batch_{len(self.batches) + 1}"
        n = self.files[body["input_file_id"]].count(b"\n")
        self.batches[batch_id] = {
            "id": batch_id,
            "object": "batch",
            "status": "validating",
            "request_counts": {"total": n, "completed": 0, "failed": 0},
            **body,
        }
        return self.batches[batch_id] | {"polls": None}

    def retrieve(self, batch_id):
        batch = self.batches[batch_id]
        batch["polls"] = batch.get("polls", 0) + 1
        if batch["polls"] < self.n_polls:
            batch["status"] = "in_progress"
        elif not batch.get("output_file_id") and batch["status"] not in ("failed", "completed", "expired"):
            self.end(batch)
        return batch

    def end(self, batch):
        batch["status"] = self.ends_as
        if self.ends_as == "failed":
            batch["errors"] = {"object": "list", "data": [{"code": "invalid", "message": "line 1 is bad"}]}
            return
        good, bad = [], []
        for line in self.files[batch["input_file_id"]].splitlines():
            request = json.loads(line)
            content = self.answer(request)
            body = {"error": {"message": "no capacity"}}
            if content is not None:
                body = {
                    "model": "served-snapshot",
                    "choices": [{"message": {"role": "assistant", "content": content}}],
                    "usage": {"prompt_tokens": 7, "completion_tokens": 3},
                }
            status = 200 if content is not None else 500
            record = {"custom_id": request["custom_id"], "response": {"status_code": status, "body": body}}
            (good if content is not None else bad).append(json.dumps(record, ensure_ascii=False))
        batch["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        for key, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                batch[key] = self.add_file("".join(f"{line}\n" for line in lines).encode())["id"]


@contextmanager
def serving(service):
    """Serve a service on localhost; yields the root of its API."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/files":
                self.reply(lambda: service.upload(self.headers, body))
            else:
                self.reply(lambda: service.create(json.loads(body)))

        def do_GET(self):
            path = self.path.partition("?")[0]
            if path == "/v1/batches":
                listed = {"object": "list", "data": list(service.batches.values()), "has_more": False}
                self.reply(lambda: listed)
            elif match := re.fullmatch(r"/v1/batches/(\w+)", path):
                self.reply(lambda: service.retrieve(match[1]))
            elif match := re.fullmatch(r"/v1/files/([\w-]+)/content", path):
                self.reply(lambda: service.files[match[1]])
            else:
                self.reply(lambda: {"error": {"message": "nothing here"}}, status=404)

        def reply(self, make, status=200):
            service.seen.append((self.command, self.path.partition("?")[0]))
            if service.fail_next and service.fail_next[0] == service.seen[-1]:
                service.fail_next.pop(0)
                status, value = 400, {"error": {"message": "told to fail", "code": "x"}}
            else:
                value = make()
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
