"""Backend `openai`: any endpoint that speaks the OpenAI chat API, asked as fast as it and the caps allow.

Retries are ours, not the client's, so that each one is counted.
"""

import asyncio
import random
from collections import Counter
from types import TracebackType
from typing import Self

import openai

from generation.backends.chat_answer import ChatAnswer, read_chat_answer
from generation.backends.connection import Connection
from generation.backends.failures import (
    FIRST_WAIT_SECONDS,
    PATIENT,
    Cause,
    cause_of,
    refuses_max_tokens,
    retry_after_seconds,
    wait_seconds,
)
from generation.backends.interface import BackendError
from generation.backends.meter import Meter
from generation.backends.pacing import Gate
from generation.completions.batch import chat_body
from generation.sessions.request import Completion, Request
from generation.token_count import estimate_prompt_tokens

LONGEST_RETRY_AFTER_SECONDS = 600.0
"""A server that asks to wait longer ends the run, which can be taken up again."""
TRUNCATED_RETRIES = 2
"""Times that a truncated answer is asked for again; then the session's checks decide about it."""

Try = tuple[Cause | None, Completion | BackendError, float]
"""What hindered a request, its completion or error, and the seconds that the server asks to wait."""


class Endpoint:
    """Completions of a model behind an OpenAI-compatible endpoint. The key comes from the environment alone.

    Args:
        model: Name of the model, as the endpoint knows it.
        base_url: Root of the API; None for `OPENAI_BASE_URL` or, without it, OpenAI's own.
        meter: Counts requests and holds the caps; None for one without caps.
        concurrency: Most requests under way at once, 1 or more.
        requests_per_minute: Rate that is kept; None for no limit.
        tokens_per_minute: Rate that is kept, in and out together; None for no limit.
        timeout_seconds: Longest wait for one answer.
        max_retries: Times that one request is sent again.
        first_wait_seconds: Longest wait before the first retry.

    Raises:
        BackendError: If no key is set or the URL can't be used.
    """

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        *,
        meter: Meter | None = None,
        concurrency: int = 16,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        timeout_seconds: float = 600,
        max_retries: int = 10,
        first_wait_seconds: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self.model = model
        self.meter = meter or Meter()
        self.gate = Gate(concurrency, requests_per_minute, tokens_per_minute)
        self._connection = Connection(model, base_url, concurrency, timeout_seconds)
        self._max_retries, self._first_wait_seconds = max_retries, first_wait_seconds
        self._max_tokens_name = "max_tokens"
        self._rng = random.Random()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def base_url(self) -> str:
        """Root of the API."""
        return self._connection.base_url

    async def check(self) -> None:
        """See `Connection.check`."""
        await self._connection.check()

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()

    async def complete(self, request: Request) -> Completion:
        """Return the model's completion; see `Backend`."""
        prompt_tokens = estimate_prompt_tokens(request)
        failures: Counter[Cause] = Counter()
        while True:
            cause, outcome, asked_seconds = await self._try(request, prompt_tokens)
            if cause is not None:
                failures[cause] += 1
            if cause is None or self._is_spent(failures):
                return self._ended(cause, outcome)
            self.meter.retries[cause] += 1
            if cause in PATIENT:
                own_seconds = wait_seconds(failures.total(), self._rng, self._first_wait_seconds)
                await asyncio.sleep(max(own_seconds, asked_seconds))

    def _is_spent(self, failures: Counter[Cause]) -> bool:
        return failures.total() > self._max_retries or failures[Cause.TRUNCATED] > TRUNCATED_RETRIES

    def _ended(self, cause: Cause | None, outcome: Completion | BackendError) -> Completion:
        if isinstance(outcome, BackendError):
            self.meter.failures[cause or "refused"] += 1
            raise outcome
        self.meter.n_answered += 1
        return outcome

    async def _try(self, request: Request, prompt_tokens: int) -> Try:
        entry = await self.gate.enter(prompt_tokens)
        name = self._max_tokens_name
        try:
            self.meter.start(prompt_tokens)
            try:
                body = chat_body(request, self.model)
                body[name] = body.pop("max_tokens")
                answer = read_chat_answer(await self._connection.send(body))
            finally:
                self.meter.end()
            if answer is None:
                return Cause.BROKEN_BODY, self._connection.no_chat(request.name), 0.0
            return self._answered(request, answer, prompt_tokens)
        except openai.OpenAIError as error:
            if name == "max_tokens" and refuses_max_tokens(error):
                self._max_tokens_name = "max_completion_tokens"
                return Cause.PARAMETER, self._connection.failed(request.name, error), 0.0
            return self._refused(request, error, entry)
        finally:
            self.gate.leave()

    def _answered(self, request: Request, answer: ChatAnswer, prompt_tokens: int) -> Try:
        self._connection.note_answer()
        spent = answer.tokens(prompt_tokens)
        self.meter.spend(*spent, is_estimate=None in (answer.prompt_tokens, answer.completion_tokens))
        self.gate.accept(sum(spent) - prompt_tokens)
        completion = Completion(
            request_hash=request.hash,
            session=request.session,
            stage=request.stage,
            content=answer.content,
            model=answer.model or self.model,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
        )
        return Cause.TRUNCATED if answer.is_truncated else None, completion, 0.0

    def _refused(self, request: Request, error: openai.OpenAIError, entry: int) -> Try:
        cause, seconds = cause_of(error), retry_after_seconds(error) or 0.0
        if cause is not None and seconds > LONGEST_RETRY_AFTER_SECONDS:
            text = f"{self.base_url} asks to wait {seconds:,.0f} s; run the same command again after that"
            return None, BackendError(text, is_fatal=True), 0.0
        if cause is Cause.RATE_LIMIT:
            self.gate.refuse(entry, seconds)
        return cause, self._connection.failed(request.name, error), seconds
