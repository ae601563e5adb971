import random
from email.utils import formatdate
from time import time

import httpx2
import openai
import pytest

from generation.backends.failures import (
    Cause,
    cause_of,
    refuses_max_tokens,
    retry_after_seconds,
    wait_seconds,
)

REQUEST = httpx2.Request("POST", "http://localhost/v1/chat/completions")


def status_error(status, headers=None, **error):
    response = httpx2.Response(status, headers=headers, json={"error": error}, request=REQUEST)
    return openai.AsyncOpenAI(api_key="none")._make_status_error_from_response(response)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        pytest.param(status_error(429), Cause.RATE_LIMIT, id="rate limit"),
        pytest.param(status_error(429, code="insufficient_quota"), None, id="no money left"),
        pytest.param(status_error(500), Cause.SERVER_ERROR, id="500"),
        pytest.param(status_error(503), Cause.SERVER_ERROR, id="503"),
        pytest.param(status_error(409), Cause.SERVER_ERROR, id="409"),
        pytest.param(status_error(408), Cause.TIMEOUT, id="408"),
        pytest.param(status_error(400), None, id="bad request"),
        pytest.param(status_error(401), None, id="wrong key"),
        pytest.param(openai.APITimeoutError(REQUEST), Cause.TIMEOUT, id="timeout"),
        pytest.param(openai.APIConnectionError(request=REQUEST), Cause.DROPPED, id="dropped"),
    ],
)
def test_cause_of_says_what_another_try_can_help(error, cause):
    assert cause_of(error) is cause


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"retry-after": "3"}, 3.0, id="seconds"),
        pytest.param({"retry-after-ms": "250", "retry-after": "1"}, 0.25, id="milliseconds"),
        pytest.param({"retry-after": "-5"}, 0.0, id="in the past"),
        pytest.param({"retry-after": "soon"}, None, id="words"),
    ],
)
def test_retry_after_seconds_reads_the_header(headers, seconds):
    assert retry_after_seconds(status_error(429, headers)) == seconds


def test_retry_after_seconds_reads_a_date():
    asked = retry_after_seconds(status_error(429, {"retry-after": formatdate(time() + 30, usegmt=True)}))
    assert 28 < asked <= 30


def test_retry_after_seconds_of_an_error_without_an_answer_is_none():
    assert retry_after_seconds(openai.APITimeoutError(REQUEST)) is None


def test_wait_seconds_doubles_up_to_half_a_minute_and_spreads_over_its_last_half():
    rng = random.Random(1)
    for n_failures, longest in ((1, 0.5), (2, 1.0), (5, 8.0), (9, 30.0), (500, 30.0)):
        waits = [wait_seconds(n_failures, rng) for _ in range(200)]
        assert longest / 2 <= min(waits) < longest * 0.6
        assert longest * 0.9 < max(waits) <= longest


def test_refuses_max_tokens_knows_the_message_and_nothing_else():
    text = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    assert refuses_max_tokens(status_error(400, message=text))
    assert not refuses_max_tokens(status_error(400, message="temperature is too high"))
    assert not refuses_max_tokens(status_error(500, message=text))
