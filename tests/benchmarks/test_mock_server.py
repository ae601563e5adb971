import json
import time
import urllib.error
import urllib.request

import pytest

from benchmarks.mock_server import Mock
from generation.prompts import load_prompt

BODY = {
    "model": "some-model",
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "1. 상담자: 오셨네요."}],
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "turns_client_v1", "schema": load_prompt("turns_client_v1").schema},
    },
    "max_tokens": 100,
}


def ask(url, body=BODY):
    request = urllib.request.Request(f"{url}/chat/completions", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_mock_answers_by_the_schema_and_counts_tokens_and_requests(serve_mock):
    mock = Mock(latency_seconds=0.1)
    url = serve_mock(mock)
    began = time.monotonic()
    answer = ask(url)
    assert time.monotonic() - began >= 0.1
    assert set(json.loads(answer["choices"][0]["message"]["content"])) == {"ko", "en", "label", "sublabel"}
    assert answer["usage"]["prompt_tokens"] > 0
    assert ask(url) == answer
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats", timeout=10) as stats:
        told = json.load(stats)
    assert (told["requests"], told["different"], told["asked_again"], told["under_way"]) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("mock", "status"),
    [
        pytest.param(Mock(capacity=0, retry_after_seconds=2), 429, id="beyond its capacity"),
        pytest.param(Mock(refuses_max_tokens=True), 400, id="newer model"),
    ],
)
def test_mock_refuses(serve_mock, mock, status):
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(serve_mock(mock))
    assert caught.value.code == status
    assert caught.value.headers["retry-after"] == ("2" if status == 429 else None)


def test_delay_spreads_around_the_latency():
    mock = Mock(latency_seconds=1.0, jitter_seconds=0.5)
    delays = [mock.delay(f"{n}".encode()) for n in range(500)]
    assert 0.5 <= min(delays) < 0.6
    assert 1.4 < max(delays) <= 1.5
    assert mock.delay(b"x") == mock.delay(b"x")
