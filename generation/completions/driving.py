"""Driving: run sessions as far as known completions reach, and find what each then waits for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generation.sessions.request import Completion, Request
from generation.sessions.session import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session that was driven as far as the known completions reach, and waits for one more.

    Attributes:
        session: The session; its state is `request`.
        request: What it asks.
        used: Completions that brought it there.
    """

    session: Session
    request: Request
    used: tuple[Completion, ...]


@dataclass(frozen=True, slots=True)
class Driven:
    """All sessions of a run, driven as far as the known completions reach.

    Attributes:
        waiting: Sessions that wait, by the `custom_id` of what they wait for.
        answered: Completions that were used, by the `custom_id` of their request.
        ended: Sessions that have ended.
    """

    waiting: dict[str, Waiting]
    answered: dict[str, Completion]
    ended: list[Session]


def custom_id(request: Request) -> str:
    """Return the readable id of a request in a batch file: its name and the first 64 bits of its hash.

    Source:
        Batch services ask for ids that are unique within a file; the narrowest rule known is Anthropic's:
        letters, digits, ``_`` and ``-``, 64 at most.
    """
    return f"{request.name}-{request.hash[:16]}"


def drive_sessions(sessions: Iterable[Session], known: "Lookup") -> Driven:
    """Drive sessions as far as known completions reach.

    Args:
        sessions: Sessions, each at its start.
        known: Where completions are looked up.
    """
    driven = Driven({}, {}, [])
    for session in sessions:
        used = []
        for request, completion in answered_requests(session, known):
            driven.answered[custom_id(request)] = completion
            used.append(completion)
        if isinstance(session.state, Request):
            driven.waiting[custom_id(session.state)] = Waiting(session, session.state, tuple(used))
        else:
            driven.ended.append(session)
    return driven


def answered_requests(session: Session, known: "Lookup") -> Iterator[tuple[Request, Completion]]:
    """Advance a session as far as known completions reach, giving each request with its completion.

    Args:
        session: The session; afterwards it has ended, or waits for what is not known.
        known: Where completions are looked up.
    """
    while isinstance(request := session.state, Request):
        completion = known.get(request.hash)
        if completion is None:
            return
        session.advance(completion)
        yield request, completion


class Lookup:
    """Completions from several places, each one a mapping or a store; the first that knows a request answers.

    Args:
        places: Anything with a method ``get(request_hash)``.
    """

    def __init__(self, *places: Any) -> None:
        self._places = places

    def get(self, request_hash: str) -> Completion | None:
        """Return the completion of a request, or None where no place has it."""
        for place in self._places:
            completion = place.get(request_hash)
            if completion is not None:
                return completion
        return None
