"""Request for a completion and the completion itself: what a session asks for and what it gets."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal

STAGES = ("write", "code", "revise", "recode", "therapist", "client", "judge", "compare")
"""Kinds of request: four make a session of mode `plan`, two one of mode `turns`, two are of `metrics`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a request in the chat format."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a language model, free of any model's name.

    Attributes:
        session: Session that asks, ``{profile id:04d}-{session attempt}``; part of the hash, so that sessions
            whose text is the same draw their completions apart.
        stage: One of `STAGES`.
        index: Turn that a request of mode `turns` is for, from 1; 0 for a request about a whole session.
        attempt: 1 for the first question of its stage, higher after a failed check.
        prompt: Folder name of the prompt with its version.
        messages: Static text first, so that prefix caches hit.
        schema: JSON Schema that the answer must satisfy.
        temperature: Sampling temperature, 0 or more.
        max_tokens: Largest completion, in tokens.
        complaints: What the checks found in the completion before this request; not part of the hash, since
            the messages say it where the model is to know.
        hash: SHA-256 of the request's content, hexadecimal; the key of its completion.
    """

    session: str
    stage: str
    index: int = 0
    attempt: int
    prompt: str
    messages: tuple[Message, ...]
    schema: dict[str, Any]
    temperature: float
    max_tokens: int
    complaints: tuple[str, ...] = ()
    hash: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"stage {self.stage!r} is not one of {', '.join(STAGES)}")
        object.__setattr__(self, "hash", self._hash())

    @property
    def name(self) -> str:
        """Short readable name, unique within a run: ``0001-1-write-1``."""
        turn = f"-{self.index:02d}" if self.index else ""
        return f"{self.session}-{self.stage}{turn}-{self.attempt}"

    def _hash(self) -> str:
        content = {
            "session": self.session,
            "stage": self.stage,
            "index": self.index,
            "attempt": self.attempt,
            "prompt": self.prompt,
            "messages": [[message.role, message.content] for message in self.messages],
            "schema": self.schema,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One answer to one request.

    Attributes:
        request_hash: `Request.hash` of the request that it answers.
        session: `Request.session` of that request.
        stage: `Request.stage` of that request.
        content: Text as the model gave it; it may be malformed, the session decides.
        model: Name of the model, or of its family.
        worker: Number of the reader or writer behind a batch answer, 1 or more; 0 for a model that sees each
            request alone. No worker serves two stages of one session.
        prompt_tokens: Tokens of the request, if known.
        completion_tokens: Tokens of the answer, if known.
    """

    request_hash: str
    session: str
    stage: str
    content: str
    model: str
    worker: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
