"""Asking a model within a session: one stage, its retries and the reading of the answer."""

from collections.abc import Callable, Generator, Sequence
from string import Template
from typing import TypeVar

from generation.prompts import Prompt, shared_text
from generation.sessions.checks import Complaint
from generation.sessions.reading import UnusableError
from generation.sessions.request import Completion, Message, Request
from generation.sessions.session import RejectedError
from generation.settings import Asking

Answer = TypeVar("Answer")

RETRY_PROMPT = "retry_v1"


def ask(
    template: Request, read: Callable[[str], Answer], check_retries: int
) -> Generator[Request, Completion, tuple[Answer, Completion]]:
    """Ask until an answer can be read, giving the model the reasons of each refusal.

    Args:
        template: The first request.
        read: Turns an answer's text into what the session needs; raises `UnusableError`.
        check_retries: Times that a refused answer goes back, 0 or more.

    Returns:
        The answer as read, and the completion that held it.

    Raises:
        RejectedError: If the last retry is refused too.
    """
    request = template
    for attempt in range(1, check_retries + 2):
        completion = yield request
        try:
            return read(completion.content), completion
        except UnusableError as error:
            complaints = error.complaints
        request = _again(template, attempt + 1, completion, complaints)
    first = complaints[0]
    raise RejectedError(first.reason, f"{template.stage} after {check_retries + 1} answers: {first}")


def first_request(
    session: str,
    stage: str,
    prompt: Prompt,
    asking: Asking,
    values: dict[str, str],
    *,
    index: int = 0,
    complaints: Sequence[Complaint] = (),
) -> Request:
    """Make the first request of a stage.

    Args:
        session: Name of the session with its attempt.
        stage: One of `generation.sessions.request.STAGES`.
        prompt: Prompt to fill in.
        asking: Sampling parameters.
        values: Text for the prompt's placeholders.
        index: Turn that the request is for, in mode `turns`.
        complaints: What the checks found in the stage before.
    """
    return Request(
        session=session,
        stage=stage,
        index=index,
        attempt=1,
        prompt=prompt.name,
        messages=prompt.messages(**values),
        schema=prompt.schema,
        temperature=float(asking.temperature),
        max_tokens=asking.max_tokens,
        complaints=tuple(map(str, complaints)),
    )


def _again(
    template: Request, attempt: int, completion: Completion, complaints: Sequence[Complaint]
) -> Request:
    lines = [f"- {complaint}" for complaint in complaints]
    text = Template(shared_text(RETRY_PROMPT))
    return Request(
        session=template.session,
        stage=template.stage,
        index=template.index,
        attempt=attempt,
        prompt=template.prompt,
        messages=(
            *template.messages,
            Message(role="assistant", content=completion.content),
            Message(role="user", content=text.substitute(complaints="\n".join(lines))),
        ),
        schema=template.schema,
        temperature=template.temperature,
        max_tokens=template.max_tokens,
        complaints=tuple(map(str, complaints)),
    )
