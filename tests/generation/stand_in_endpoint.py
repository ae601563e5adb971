"""A local endpoint that speaks the OpenAI chat API and answers as the stand-in does."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from generation.stand_in import stand_in_answer


@contextmanager
def serving(status=200, prompt_tokens=12, answer=stand_in_answer):
    """Serve; yields the server, whose `url` is the API's root and whose `n_asked` counts requests.

    `answer` takes schema and messages. Every answer counts 8 tokens and its request `prompt_tokens`.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with server.lock:
                server.n_asked += 1
            schema = body["response_format"]["json_schema"]["schema"]
            content = answer(schema, body["messages"])
            message = {"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
            usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 8}
            self.reply(status, {"model": "snapshot", "choices": [message], "usage": usage})

        def do_GET(self):
            self.reply(status, {"object": "list", "data": []})

        def reply(self, code, record):
            data = json.dumps(record if code == 200 else {"error": {"message": "no"}}).encode()
            self.send_response(code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url, server.n_asked = f"http://127.0.0.1:{server.server_port}/v1", 0
    server.lock = threading.Lock()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
