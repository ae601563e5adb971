"""Session: a deterministic function of its completions, and the driver that runs it as far as they reach.

A session is a generator that yields a `Request`, is sent the `Completion`, and returns the finished dialogue or
raises `Rejected`. It never calls a model. Everything else (resume, replay, batch files, any engine) is a way of
answering its requests.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from generation.reasons import Reason
from generation.request import Completion, Request

SESSION_VERSION = 1

Steps = Generator[Request, Completion, dict[str, Any]]


class Rejected(Exception):
    """Raised by a session whose completions cannot become a dialogue."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


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

    def advance(self, completion: Completion) -> State:
        """Hand over the completion of the waiting request and move on to the next state.

        Raises:
            ValueError: If no request waits, or the completion answers another one.
        """
        if not isinstance(self.state, Request):
            raise ValueError(f"session {self.name} has ended and takes no completion")
        if completion.request_hash != self.state.hash:
            raise ValueError(
                f"session {self.name} waits for {self.state.name} ({self.state.hash[:12]}), but the completion "
                f"answers request {completion.request_hash[:12]}"
            )
        self.state = self._step(completion)
        return self.state

    def drive(self, lookup: Callable[[str], Completion | None]) -> State:
        """Move on as far as stored completions reach.

        Args:
            lookup: Returns the completion of a request hash, or None where there is none yet.

        Returns:
            The first request that has no completion, or the end of the session.
        """
        while isinstance(self.state, Request):
            completion = lookup(self.state.hash)
            if completion is None:
                break
            self.advance(completion)
        return self.state

    def _step(self, completion: Completion | None) -> State:
        try:
            return next(self._steps) if completion is None else self._steps.send(completion)
        except StopIteration as stop:
            return Finished(stop.value)
        except Rejected as rejected:
            return Rejection(self.name, rejected.reason, rejected.detail)
