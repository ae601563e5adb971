"""Session: a deterministic function of its completions, and its run, step by step.

A session is a generator that yields a `Request`, is sent the `Completion`, and returns the finished
dialogue or raises `RejectedError`. It never calls a model. Everything else (resume, replay, batch files, any
engine) is a way of answering its requests.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Request

SESSION_VERSION = 1

Steps = Generator[Request, Completion, dict[str, Any]]


class RejectedError(Exception):
    """Raised by a session whose completions cannot become a dialogue."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def attempts(n_attempts: int, start: Callable[[int], Steps]) -> Steps:
    """Run one attempt at a session after another until one is finished.

    Args:
        n_attempts: Most attempts, 1 or more.
        start: Begins the attempt with the given number, from 1.

    Returns:
        Generator of requests that returns the row of the finished dialogue.

    Raises:
        RejectedError: If every attempt was rejected; with the last one's reason.
    """
    complaints: tuple[str, ...] = ()
    for attempt in range(1, n_attempts):
        try:
            return (yield from _told(start(attempt), complaints))
        except RejectedError as rejected:
            complaints = (str(rejected),)
    return (yield from _told(start(n_attempts), complaints))


def _told(steps: Steps, complaints: tuple[str, ...]) -> Steps:
    """Run an attempt whose first request tells what ended the attempt before, so that it is counted."""
    request = replace(next(steps), complaints=complaints)
    while True:
        completion = yield request
        try:
            request = steps.send(completion)
        except StopIteration as stop:
            return stop.value


@dataclass(frozen=True, slots=True)
class Finished:
    """End of a session with a dialogue: one row of the config `dialogues` plus its split."""

    dialogue: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejection:
    """End of a session without a dialogue."""

    session: str
    reason: Reason
    detail: str


State = Request | Finished | Rejection


class Session:
    """A running session and the state that it has reached.

    Attributes:
        name: Profile id with four digits, for messages.
        state: The request that waits for its completion, or the end.
    """

    def __init__(self, name: str, steps: Steps) -> None:
        self.name = name
        self._steps = steps
        self.state: State = self._step(None)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What the checks found in the last completion; empty where it was accepted as it is."""
        if isinstance(self.state, Request):
            return self.state.complaints
        return (f"{self.state.reason}: {self.state.detail}",) if isinstance(self.state, Rejection) else ()

    def advance(self, completion: Completion) -> State:
        """Hand over the completion of the waiting request and move on to the next state.

        Raises:
            ValueError: If no request waits, or the completion answers another one.
        """
        if not isinstance(self.state, Request):
            raise ValueError(f"session {self.name} has ended and takes no completion")
        if completion.request_hash != self.state.hash:
            raise ValueError(
                f"session {self.name} waits for {self.state.name} ({self.state.hash[:12]}), but the "
                f"completion answers request {completion.request_hash[:12]}"
            )
        self.state = self._step(completion)
        return self.state

    def _step(self, completion: Completion | None) -> State:
        try:
            return next(self._steps) if completion is None else self._steps.send(completion)
        except StopIteration as stop:
            return Finished(stop.value)
        except RejectedError as rejected:
            return Rejection(self.name, rejected.reason, rejected.detail)
