import ast
import asyncio
import json
import logging
import resource
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import generation.backends.endpoint
from generation.backends.endpoint import Endpoint
from generation.backends.interface import BackendError, CapReachedError
from generation.backends.meter import Meter
from generation.sessions.request import Completion, Message, Request

KEY = "sk-very-secret-key"
TRUNCATED = {
    "model": "served-snapshot",
    "choices": [{"message": {"role": "assistant", "content": '{"text": "안'}, "finish_reason": "length"}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 8},
}
GOOD = {
    "model": "served-snapshot",
    "choices": [{"message": {"role": "assistant", "content": '{"text": "안녕하세요"}'}}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 8},
}


def request(n=1):
    return Request(
        session=f"{n:04d}-1",
        stage="write",
        attempt=1,
        prompt="write_v1",
        messages=(Message(role="system", content="instructions"), Message(role="user", content="한국어")),
        schema={"type": "object"},
        temperature=0.8,
        max_tokens=100,
    )


@contextmanager
def serving(*script, delay_seconds=0.0):
    """Serve the script's answers in turn, the last one for ever.

    An answer is (status, body) or (status, body, headers), where a body that is no text is sent as JSON; a
    callable makes one of the request's body; "drop" closes the connection.
    """
    seen, under_way, lock = [], [0, 0], threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                answer = script[min(len(seen), len(script) - 1)]
                seen.append((self.path, dict(self.headers), body))
                under_way[0] += 1
                under_way[1] = max(under_way)
            time.sleep(delay_seconds)
            with lock:
                under_way[0] -= 1
            if answer == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, content, *more = answer(body) if callable(answer) else answer
            data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self):
            seen.append((self.path, dict(self.headers), None))
            status = script[0][0]
            self.send_response(status if status == 401 else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    server.url, server.seen, server.under_way = f"http://127.0.0.1:{server.server_port}/v1", seen, under_way
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def complete(url, n=1, **options):
    async def ask():
        async with Endpoint("some-model", url, **{"first_wait_seconds": 0.01} | options) as endpoint:
            return await asyncio.gather(*(endpoint.complete(request(i + 1)) for i in range(n)))

    return asyncio.run(ask())


def failure(url, **options):
    with pytest.raises(BackendError) as caught:
        complete(url, **options)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)
    return caught.value


def test_endpoint_asks_for_structured_output_and_reads_the_completion():
    with serving((200, GOOD)) as server:
        (completion,) = complete(server.url)
    assert completion == Completion(
        request_hash=request().hash,
        session="0001-1",
        stage="write",
        content='{"text": "안녕하세요"}',
        model="served-snapshot",
        prompt_tokens=12,
        completion_tokens=8,
    )
    ((path, headers, body),) = server.seen
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "some-model",
        "messages": [
            {"role": "system", "content": "instructions"},
            {"role": "user", "content": "한국어"},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "write_v1", "strict": True, "schema": {"type": "object"}},
        },
        "temperature": 0.8,
        "max_tokens": 100,
    }


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param((500, {"error": {"message": "boom"}}, "5xx"), id="server error"),
        pytest.param((429, {"error": {"message": "slow down"}}, "429"), id="rate limit"),
        pytest.param(("drop", None, "dropped_connection"), id="dropped connection"),
        pytest.param((200, '{"choices": [{"mess', "broken_body"), id="cut-off body"),
        pytest.param((200, {"object": "error"}, "broken_body"), id="body without choices"),
        pytest.param((200, "[1]", "broken_body"), id="body of another shape"),
        pytest.param((200, TRUNCATED, "truncated"), id="truncated answer"),
    ],
)
def test_endpoint_asks_again_after_a_fault_and_counts_it(fault):
    status, body, cause = fault
    meter = Meter()
    with serving("drop" if status == "drop" else (status, body), (200, GOOD)) as server:
        (completion,) = complete(server.url, meter=meter)
    assert completion.content == '{"text": "안녕하세요"}'
    assert len(server.seen) == 2
    assert (dict(meter.retries), meter.n_answered, meter.n_under_way) == ({cause: 1}, 1, 0)
    assert meter.tokens == (40 if cause == "truncated" else 20)


def test_every_retry_of_one_request_is_counted_by_its_cause():
    faults = [(429, {}), (500, {}), "drop", (200, "{"), (200, TRUNCATED), (503, {})]
    meter = Meter()
    with serving(*faults, (200, GOOD)) as server:
        complete(server.url, meter=meter)
    assert meter.retries == {"429": 1, "5xx": 2, "dropped_connection": 1, "broken_body": 1, "truncated": 1}
    assert len(server.seen) == 7


def test_a_truncated_answer_is_kept_after_its_retries_for_the_checks_to_judge():
    meter = Meter()
    with serving((200, TRUNCATED)) as server:
        (completion,) = complete(server.url, meter=meter)
    assert completion.content == TRUNCATED["choices"][0]["message"]["content"]
    assert meter.retries == {"truncated": 2}
    assert (meter.n_answered, meter.tokens) == (1, 60)


def test_retries_are_bounded_and_the_request_given_up_is_counted():
    meter = Meter()
    with serving((200, GOOD), (500, {"error": {"message": "boom"}})) as server:

        async def ask():
            async with Endpoint(
                "some-model", server.url, meter=meter, max_retries=3, first_wait_seconds=0.001
            ) as endpoint:
                await endpoint.complete(request(1))
                await endpoint.complete(request(2))

        with pytest.raises(BackendError):
            asyncio.run(ask())
    assert len(server.seen) == 1 + 4
    assert (dict(meter.retries), dict(meter.failures)) == ({"5xx": 3}, {"5xx": 1})


def test_retry_after_is_honored():
    with serving((429, {}, {"retry-after": "0.3"}), (200, GOOD)) as server:
        began = time.monotonic()
        complete(server.url)
    assert time.monotonic() - began >= 0.3
    assert len(server.seen) == 2


def test_a_server_that_asks_to_wait_for_hours_ends_the_run():
    with serving((429, {}, {"retry-after": "86400"})) as server:
        error = failure(server.url)
    assert error.is_fatal
    assert "asks to wait 86,400 s; run the same command again after that" in str(error)
    assert len(server.seen) == 1


def test_refusals_halve_what_is_under_way():
    with serving(*[(429, {})] * 4, (200, GOOD), delay_seconds=0.05) as server:

        async def ask():
            async with Endpoint("m", server.url, concurrency=4, first_wait_seconds=0.01) as endpoint:
                await asyncio.gather(*(endpoint.complete(request(i + 1)) for i in range(4)))
                return endpoint.gate.lowest

        assert asyncio.run(ask()) == 2


def test_a_model_that_wants_max_completion_tokens_gets_it_from_then_on():
    def answer(body):
        if "max_tokens" in body:
            text = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return 400, {"error": {"message": text, "param": "max_tokens"}}
        return 200, GOOD

    meter = Meter()
    with serving(answer) as server:
        complete(server.url, n=3, concurrency=1, meter=meter)
    bodies = [body for _, _, body in server.seen]
    assert ["max_tokens" in body for body in bodies] == [True, False, False, False]
    assert [body.get("max_completion_tokens") for body in bodies] == [None, 100, 100, 100]
    assert meter.retries == {"parameter": 1}


def test_another_complaint_about_the_limit_is_an_error_and_not_a_loop():
    text = "max_completion_tokens is too large"
    with serving((400, {"error": {"message": text}})) as server:
        assert text in str(failure(server.url))
    assert len(server.seen) == 2


def test_a_cap_stops_before_the_request_that_would_pass_it():
    meter = Meter(max_tokens=50)
    with serving((200, GOOD)) as server, pytest.raises(CapReachedError, match="cap of 50 tokens is reached"):
        complete(server.url, n=4, concurrency=1, meter=meter)
    assert (len(server.seen), meter.tokens) == (2, 40)


def test_a_certificate_is_always_verified():
    for path in (Path(generation.backends.endpoint.__file__).parents[1]).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not keywords & {"verify", "ssl", "ssl_context"}, path
        assert not names & {"CERT_NONE", "check_hostname", "_create_unverified_context"}, path
    endpoint = Endpoint("m", "https://localhost/v1")
    pool = endpoint._connection._clients[0]._client._transport._pool
    assert pool._ssl_context.verify_mode is ssl.CERT_REQUIRED
    assert pool._ssl_context.check_hostname


def test_an_endpoint_that_stays_broken_is_an_error_of_that_request():
    with serving((200, GOOD), (500, {"error": {"message": f"boom at {KEY}"}})) as server:

        async def ask():
            async with Endpoint("some-model", server.url, max_retries=1, first_wait_seconds=0.01) as endpoint:
                await endpoint.complete(request(1))
                await endpoint.complete(request(2))

        with pytest.raises(BackendError, match=r"0002-1-write-1: .* says: .*boom at \*\*\*") as caught:
            asyncio.run(ask())
    assert not caught.value.is_fatal
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(
            (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}),
            r"refuses the key in OPENAI_API_KEY \(HTTP 401\)",
            id="wrong key",
        ),
        pytest.param(
            (404, {"error": {"message": "no such model", "code": "model_not_found"}}),
            "knows no model 'some-model'",
            id="unknown model",
        ),
        pytest.param(
            (429, {"error": {"message": "quota", "code": "insufficient_quota"}}), "quota", id="no money left"
        ),
        pytest.param((200, "<html>hello</html>"), "not with a chat completion", id="a web page"),
    ],
)
def test_a_fault_that_every_request_would_meet_is_fatal_and_one_line(answer, message):
    with serving(answer) as server:
        error = failure(server.url, max_retries=0)
    assert error.is_fatal
    error_text = pytest.raises(BackendError, _raise, error)
    error_text.match(message)


def _raise(error):
    raise error


def test_an_unreachable_endpoint_is_fatal_and_named():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/v1", max_retries=0)
    assert error.is_fatal
    assert f"http://127.0.0.1:{port}/v1 can't be reached" in str(error)


def check(url):
    async def first_contact():
        async with Endpoint("some-model", url) as endpoint:
            await endpoint.check()

    asyncio.run(first_contact())


def test_check_passes_where_the_endpoint_lists_no_models_and_asks_for_no_completion():
    with serving((200, GOOD)) as server:
        check(server.url)
    assert [path for path, _, _ in server.seen] == ["/v1/models"]


def test_check_tells_a_refused_key_and_an_unreachable_endpoint():
    with serving((401, {})) as server, pytest.raises(BackendError, match="refuses the key"):
        check(server.url)
    with pytest.raises(BackendError, match="can't be reached"):
        check(server.url)


def test_an_endpoint_that_hangs_is_a_timeout_in_words():
    with serving((200, GOOD), delay_seconds=0.6) as server:
        error = failure(server.url, timeout_seconds=0.1, max_retries=0)
    assert "no answer from" in str(error)
    assert "in 0.1 s" in str(error)


def test_without_a_key_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with serving((200, GOOD)) as server:
        error = failure(server.url)
    assert "set OPENAI_API_KEY" in str(error)
    assert server.seen == []


def test_a_query_in_the_base_url_is_refused_and_not_repeated():
    error = failure("https://host/v1?key=hunter2")
    assert "holds credentials or a query" in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("url", ["ftp://host/v1", "host/v1", "https://"])
def test_a_base_url_of_another_form_is_refused(url):
    assert "must have the form https://host/v1" in str(failure(url))


def test_credentials_in_the_base_url_are_refused_and_not_repeated():
    error = failure("https://user:hunter2@host/v1")
    assert "holds credentials" in str(error)
    assert "hunter2" not in str(error)


def test_concurrency_is_held():
    with serving((200, GOOD), delay_seconds=0.05) as server:
        assert len(complete(server.url, n=12, concurrency=3)) == 12
    assert server.under_way[1] == 3


def test_a_refusal_is_kept_as_the_content():
    body = {"choices": [{"message": {"role": "assistant", "content": None, "refusal": "I can't"}}]}
    with serving((200, body)) as server:
        (completion,) = complete(server.url)
    assert (completion.content, completion.model, completion.prompt_tokens) == ("I can't", "some-model", None)


def test_the_key_reaches_no_log(caplog):
    with (
        caplog.at_level(logging.DEBUG),
        serving((500, {"error": {"message": "boom"}}), (200, GOOD)) as server,
    ):
        complete(server.url)
    assert caplog.records
    assert all(KEY not in record.getMessage() for record in caplog.records)


def test_the_limit_of_open_files_is_raised_as_far_as_it_may_be(monkeypatch):
    limits = [100, 2000]
    monkeypatch.setattr(resource, "getrlimit", lambda kind: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, new: limits.__setitem__(slice(None), new))
    Endpoint("m", "https://localhost/v1", concurrency=1000)
    assert limits == [1128, 2000]
    with pytest.raises(BackendError, match="3000 requests at once need 3128 open files"):
        Endpoint("m", "https://localhost/v1", concurrency=3000)
