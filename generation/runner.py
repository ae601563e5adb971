"""Runner: drives many sessions at once, asking a backend only for what is not known yet."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from generation.backends.interface import Backend, BackendError
from generation.completions.driving import Lookup
from generation.completions.group_commit import GroupCommit
from generation.completions.store import CompletionStore
from generation.sessions.request import Completion, Request
from generation.sessions.session import Finished, Rejection, Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far one session came.

    Attributes:
        name: Name of the session.
        end: Its end; None if a request got no completion.
        used: Completions that it used, in order.
        complaints: What its checks found on the way, in order.
        n_asked: Completions that had to be asked for.
        error: Why it did not end; None if it did, or if the run stopped before it could ask.
    """

    name: str
    end: Finished | Rejection | None
    used: tuple[Completion, ...]
    complaints: tuple[str, ...] = ()
    n_asked: int = 0
    error: str | None = None


async def drive_all(
    sessions: Iterable[Session],
    backend: Backend,
    known: Lookup,
    store: CompletionStore | None = None,
    *,
    concurrency: int = 16,
    on_end: Callable[[int, Outcome], None],
) -> BackendError | None:
    """Drive sessions to their ends, holding in memory only those that are under way.

    An answer is stored before the session sees it. A request that gets no completion ends its own session
    alone, unless the error is fatal: then no session asks again, and what is under way is waited for.

    Args:
        sessions: Sessions, each at its start; opened as they are needed.
        backend: What is asked where `known` has no completion.
        known: Where completions are looked up first.
        store: Where answers are kept; None keeps none.
        concurrency: Sessions under way at once, 1 or more.
        on_end: Called with the number of a session, from 0, and its outcome.

    Returns:
        The first fatal error, after which no session asked again; None if there was none.

    Raises:
        StoreError: If an answer can't be stored; other sessions are stopped.
    """
    run = _Run(backend, known, commits := GroupCommit(store) if store is not None else None)
    queue = enumerate(sessions)
    workers = [asyncio.create_task(_work(queue, run, on_end)) for _ in range(concurrency)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if commits is not None:
            commits.flush()
    return run.stopped_by


async def run_sessions(
    sessions: Iterable[Session],
    backend: Backend,
    known: Lookup,
    store: CompletionStore | None = None,
    *,
    concurrency: int = 16,
    on_end: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Drive sessions as `drive_all` and return their outcomes in the order of the sessions."""
    outcomes: dict[int, Outcome] = {}

    def keep(n: int, outcome: Outcome) -> None:
        outcomes[n] = outcome
        if on_end is not None:
            on_end(outcome)

    await drive_all(sessions, backend, known, store, concurrency=concurrency, on_end=keep)
    return [outcomes[n] for n in sorted(outcomes)]


@dataclass(slots=True)
class _Run:
    backend: Backend
    known: Lookup
    commits: GroupCommit | None
    stopped_by: BackendError | None = None

    async def finish(self, session: Session) -> Outcome:
        used: list[Completion] = []
        complaints: list[str] = []
        n_asked, error = 0, None
        while isinstance(session.state, Request):
            completion = self.known.get(session.state.hash)
            if completion is None:
                if self.stopped_by is not None:
                    break
                try:
                    completion = await self._ask(session.state)
                except BackendError as failure:
                    if failure.is_fatal and self.stopped_by is None:
                        self.stopped_by = failure
                    error = str(failure)
                    break
                n_asked += 1
            used.append(completion)
            session.advance(completion)
            complaints.extend(session.complaints)
        end = None if isinstance(session.state, Request) else session.state
        return Outcome(session.name, end, tuple(used), tuple(complaints), n_asked, error)

    async def _ask(self, request: Request) -> Completion:
        completion = await self.backend.complete(request)
        if self.commits is not None:
            await self.commits.add(completion)
        return completion


async def _work(
    queue: Iterator[tuple[int, Session]], run: _Run, on_end: Callable[[int, Outcome], None]
) -> None:
    for n, session in queue:
        on_end(n, await run.finish(session))
        await asyncio.sleep(0)
