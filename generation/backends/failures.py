"""Failures of a request at an endpoint: what caused them, and how long to wait before the next try."""

import random
import time
from email.utils import parsedate_to_datetime
from enum import StrEnum

import openai

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0


class Cause(StrEnum):
    """Why a request is sent again; counted in each run."""

    RATE_LIMIT = "429"
    SERVER_ERROR = "5xx"
    DROPPED = "dropped_connection"
    TIMEOUT = "timeout"
    BROKEN_BODY = "broken_body"
    TRUNCATED = "truncated"
    PARAMETER = "parameter"


PATIENT = (Cause.RATE_LIMIT, Cause.SERVER_ERROR, Cause.DROPPED, Cause.TIMEOUT)
"""Causes that pass with time; after another the request is sent again at once."""


def cause_of(error: openai.OpenAIError) -> Cause | None:
    """Return why a request may be sent again after an error, or None where that would not help.

    Source:
        The status codes are those that the official client retries: 408, 409, 429 and 500 and above.
    """
    if isinstance(error, openai.APITimeoutError):
        return Cause.TIMEOUT
    if isinstance(error, openai.APIConnectionError):
        return Cause.DROPPED
    status = getattr(error, "status_code", 0)
    if status == 429:
        return None if getattr(error, "code", None) == "insufficient_quota" else Cause.RATE_LIMIT
    if status == 408:
        return Cause.TIMEOUT
    return Cause.SERVER_ERROR if status == 409 or status >= 500 else None


def refuses_max_tokens(error: openai.OpenAIError) -> bool:
    """Tell whether a model refuses `max_tokens` and wants its newer name `max_completion_tokens`."""
    return isinstance(error, openai.BadRequestError) and "max_completion_tokens" in str(error)


def retry_after_seconds(error: openai.OpenAIError) -> float | None:
    """Return the seconds that the server asks to wait, 0 or more; None where it doesn't say.

    Source:
        RFC 9110, section 10.2.3: `Retry-After` holds seconds or a date. `retry-after-ms` is OpenAI's own.
    """
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * unit)
        except ValueError:
            continue
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except ValueError:
        return None


def wait_seconds(n_failures: int, rng: random.Random, first_seconds: float = FIRST_WAIT_SECONDS) -> float:
    """Return how long to wait after a failure: twice as long each time, at most half a minute.

    Args:
        n_failures: Failures of the request so far, 1 or more.
        rng: Spreads the tries of many requests over the last half of the wait.
        first_seconds: Longest wait after the first failure.
    """
    longest = min(LONGEST_WAIT_SECONDS, first_seconds * 2.0 ** (n_failures - 1))
    return longest * (0.5 + 0.5 * rng.random())
