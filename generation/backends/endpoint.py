"""Backend `openai`: any endpoint that speaks the OpenAI chat API, through the official client."""

import asyncio
import logging
import os
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import openai

from generation.backends.interface import BackendError
from generation.completions.batch import chat_body
from generation.sessions.request import Completion, Request

_LOG = logging.getLogger(__name__)

KEY_VARIABLE = "OPENAI_API_KEY"
CHECK_SECONDS = 10.0
MALFORMED_RETRIES = 2
"""Times that an answer without the shape of a chat completion is asked for again."""


class Endpoint:
    """Completions of a model behind an OpenAI-compatible endpoint. The key comes from the environment alone.

    Args:
        model: Name of the model, as the endpoint knows it.
        base_url: Root of the API; None for `OPENAI_BASE_URL` or, without it, OpenAI's own.
        concurrency: Requests under way at once, 1 or more.
        timeout_seconds: Longest wait for one answer.
        max_retries: Times that the client itself asks again after 408, 409, 429, 5xx or a lost connection.

    Raises:
        BackendError: If no key is set or the URL can't be used.
    """

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        *,
        concurrency: int = 16,
        timeout_seconds: float = 600,
        max_retries: int = 6,
    ) -> None:
        self._key = os.environ.get(KEY_VARIABLE, "").strip()
        if not self._key:
            raise BackendError(
                f"no key: set {KEY_VARIABLE} in the environment (to any text for a local server)",
                is_fatal=True,
            )
        self.model = model
        self.base_url = _checked_url(
            base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
        )
        self.timeout_seconds = timeout_seconds
        self._semaphore = asyncio.Semaphore(concurrency)
        self._has_answered = False
        self._client = openai.AsyncOpenAI(
            api_key=self._key, base_url=self.base_url, timeout=timeout_seconds, max_retries=max_retries
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def check(self) -> None:
        """Find out, without asking for a completion, that the endpoint can be reached and takes the key.

        Raises:
            BackendError: If it can't be reached or refuses the key; any other answer passes.
        """
        client = self._client.with_options(max_retries=1, timeout=CHECK_SECONDS)
        try:
            await client.models.list()
        except (openai.APIConnectionError, openai.AuthenticationError) as error:
            raise self._failed("first contact", error, CHECK_SECONDS) from None
        except (openai.OpenAIError, ValueError) as error:
            _LOG.info("%s lists no models: %s", self.base_url, self._clean(error))

    async def complete(self, request: Request) -> Completion:
        """Return the model's completion; see `Backend`."""
        async with self._semaphore:
            for _ in range(1 + MALFORMED_RETRIES):
                completion = _read(await self._ask(request), request, self.model)
                if completion is not None:
                    self._has_answered = True
                    return completion
        raise BackendError(
            f"{request.name}: {self.base_url} answers, but not with a chat completion; is it the root of an "
            "OpenAI-compatible API, such as https://host/v1?",
            is_fatal=not self._has_answered,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(self, request: Request) -> Any:
        try:
            return await self._client.chat.completions.create(**chat_body(request, self.model))
        except openai.OpenAIError as error:
            raise self._failed(request.name, error, self.timeout_seconds) from None
        except ValueError:  # the body is no JSON
            return None

    def _failed(self, name: str, error: openai.OpenAIError, seconds: float) -> BackendError:
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            text = (
                f"{self.base_url} refuses the key in {KEY_VARIABLE} (HTTP {error.status_code}); set another"
            )
            return BackendError(text, is_fatal=True)
        if isinstance(error, openai.NotFoundError):
            text = (
                f"{self.base_url} knows no model {self.model!r} or no chat API; check --model and --base-url"
            )
            return BackendError(text, is_fatal=True)
        if isinstance(error, openai.APITimeoutError):
            return BackendError(f"{name}: no answer from {self.base_url} in {seconds:g} s")
        if isinstance(error, openai.APIConnectionError):
            cause = self._clean(error.__cause__ or error)
            text = f"{self.base_url} can't be reached ({cause}); check --base-url and that the server runs"
            return BackendError(text, is_fatal=not self._has_answered)
        is_spent = getattr(error, "code", None) == "insufficient_quota"
        return BackendError(f"{name}: {self.base_url} says: {self._clean(error)}", is_fatal=is_spent)

    def _clean(self, error: BaseException) -> str:
        return " ".join(str(error).replace(self._key, "***").split())[:300] or type(error).__name__


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BackendError(
            f"the base URL holds credentials; put the key in {KEY_VARIABLE} instead", is_fatal=True
        )
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BackendError(f"base URL {url!r} must have the form https://host/v1", is_fatal=True)
    return url


def _read(answer: Any, request: Request, model: str) -> Completion | None:
    """Read a chat completion; None for anything of another shape."""
    try:
        message = answer.choices[0].message
        content, refusal = message.content, getattr(message, "refusal", None)
    except (AttributeError, IndexError, TypeError):
        return None
    usage = getattr(answer, "usage", None)
    return Completion(
        request_hash=request.hash,
        session=request.session,
        stage=request.stage,
        content=content if isinstance(content, str) else refusal or "",
        model=answer.model if isinstance(answer.model, str) and answer.model else model,
        prompt_tokens=getattr(usage, "prompt_tokens", None),
        completion_tokens=getattr(usage, "completion_tokens", None),
    )
