"""Question: one request about a transcript or a pair of them, as a session that any backend can drive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generation.prompts import Prompt
from generation.sessions.asking import ask, first_request
from generation.sessions.session import Session, Steps
from generation.settings import Asking

CHECK_RETRIES = 2
"""Times that a refused answer goes back to the model with its reason."""
N_NAME = 16
"""Hexadecimal digits of a digest that name a question: 64 bits, short enough for batch services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a model once.

    Attributes:
        name: Digest that names its session; letters and digits, part of the request's hash.
        stage: One of `generation.sessions.request.STAGES`.
        prompt: Prompt to fill in.
        values: Text for the prompt's placeholders.
        max_tokens: Largest completion, in tokens.
        read: Turns an answer's text into a value; raises `generation.sessions.reading.UnusableError`.
    """

    name: str
    stage: str
    prompt: Prompt
    values: dict[str, str]
    max_tokens: int
    read: Callable[[str], Any]

    def open(self) -> Session:
        """Start the session that asks, at temperature 0; its end holds what `read` made and the model."""
        return Session(self.name, self._steps())

    def _steps(self) -> Steps:
        asking = Asking(prompt=self.prompt.name, temperature=0.0, max_tokens=self.max_tokens)
        request = first_request(self.name, self.stage, self.prompt, asking, self.values)
        value, completion = yield from ask(request, self.read, CHECK_RETRIES)
        return {"value": value, "model": completion.model}
