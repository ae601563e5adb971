"""Connection to an OpenAI-compatible endpoint: the official client, the key, and errors in words."""

import logging
import os
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import openai

from generation.backends.interface import BackendError

_LOG = logging.getLogger(__name__)

KEY_VARIABLE = "OPENAI_API_KEY"
CHECK_SECONDS = 10.0
OTHER_FILES = 128
"""Open files beside the connections, generously."""
REQUESTS_PER_CLIENT = 32
"""Connections of one client. Its pool is searched at each request, which a thousand would make slow."""


class Connection:
    """Sends bodies to a model behind an endpoint. The key comes from the environment alone.

    Args:
        model: Name of the model, for messages.
        base_url: Root of the API; None for `OPENAI_BASE_URL` or, without it, OpenAI's own.
        concurrency: Most requests under way at once, 1 or more.
        timeout_seconds: Longest wait for one answer.

    Raises:
        BackendError: If no key is set, the URL can't be used or the system allows too few connections.
    """

    def __init__(self, model: str, base_url: str | None, concurrency: int, timeout_seconds: float) -> None:
        self._key = os.environ.get(KEY_VARIABLE, "").strip()
        if not self._key:
            raise BackendError(
                f"no key: set {KEY_VARIABLE} in the environment (to any text for a local server)",
                is_fatal=True,
            )
        self._model = model
        self.base_url = checked_url(
            base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
        )
        _allow_connections(concurrency)
        self._timeout_seconds = timeout_seconds
        self._has_answered = False
        self._clients = [
            openai.AsyncOpenAI(
                api_key=self._key, base_url=self.base_url, timeout=timeout_seconds, max_retries=0
            )
            for _ in range(-(-concurrency // REQUESTS_PER_CLIENT))
        ]
        self._next_client = cycle(self._clients)

    async def check(self) -> None:
        """Find out, without asking for a completion, that the endpoint can be reached and takes the key.

        Raises:
            BackendError: If it can't be reached or refuses the key; any other answer passes.
        """
        client = self._clients[0].with_options(max_retries=1, timeout=CHECK_SECONDS)
        try:
            await client.models.list()
        except (openai.APIConnectionError, openai.AuthenticationError) as error:
            raise self.failed("first contact", error, CHECK_SECONDS) from None
        except (openai.OpenAIError, ValueError) as error:
            _LOG.info("%s lists no models: %s", self.base_url, self._clean(error))

    async def send(self, body: dict[str, Any]) -> bytes:
        """Ask for a chat completion once and return the answer's body, whatever it holds.

        Raises:
            openai.OpenAIError: If there is no answer, or one with an error status.
        """
        # The generic call: building and parsing the typed models would take as long as all the rest.
        return await next(self._next_client).post("/chat/completions", cast_to=bytes, body=body)

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.close()

    def note_answer(self) -> None:
        """Note that the endpoint works: from now on a fault is one of a request, not of the endpoint."""
        self._has_answered = True

    def failed(self, name: str, error: openai.OpenAIError, seconds: float | None = None) -> BackendError:
        """Put an error in words, without the key.

        Args:
            name: Name of the request.
            error: What the client raised.
            seconds: How long was waited; None for the usual.
        """
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            text = (
                f"{self.base_url} refuses the key in {KEY_VARIABLE} (HTTP {error.status_code}); set another"
            )
            return BackendError(text, is_fatal=True)
        if isinstance(error, openai.NotFoundError):
            text = (
                f"{self.base_url} knows no model {self._model!r} or no chat API; check --model and --base-url"
            )
            return BackendError(text, is_fatal=True)
        if isinstance(error, openai.APITimeoutError):
            return BackendError(
                f"{name}: no answer from {self.base_url} in {seconds or self._timeout_seconds:g} s"
            )
        if isinstance(error, openai.APIConnectionError):
            cause = self._clean(error.__cause__ or error)
            text = f"{self.base_url} can't be reached ({cause}); check --base-url and that the server runs"
            return BackendError(text, is_fatal=not self._has_answered)
        is_spent = getattr(error, "code", None) == "insufficient_quota"
        return BackendError(f"{name}: {self.base_url} says: {self._clean(error)}", is_fatal=is_spent)

    def no_chat(self, name: str) -> BackendError:
        """Put in words that an answer is no chat completion."""
        return BackendError(
            f"{name}: {self.base_url} answers, but not with a chat completion; is it the root of an "
            "OpenAI-compatible API, such as https://host/v1?",
            is_fatal=not self._has_answered,
        )

    def _clean(self, error: BaseException) -> str:
        return " ".join(str(error).replace(self._key, "***").split())[:300] or type(error).__name__


def _allow_connections(concurrency: int) -> None:
    """Raise the process's limit of open files where so many connections need it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = concurrency + OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise BackendError(
            f"{concurrency} requests at once need {wanted} open files, and the system allows {hard}; lower "
            "--concurrency, or raise the limit with `ulimit -n`",
            is_fatal=True,
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def checked_url(url: str) -> str:
    """Return the root of an API as given.

    Raises:
        BackendError: If it holds credentials or a query, or is no http(s) URL.
    """
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise BackendError(
            f"the base URL holds credentials or a query; put the key in {KEY_VARIABLE} instead", is_fatal=True
        )
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BackendError(f"base URL {url!r} must have the form https://host/v1", is_fatal=True)
    return url
