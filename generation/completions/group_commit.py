"""Group commit: answers that arrive within a few milliseconds of each other share one write to the disk."""

import asyncio

from generation.completions.store import CompletionStore, StoreError
from generation.sessions.request import Completion

GATHER_SECONDS = 0.004
"""How long the first answer of a group waits for others; far below any model's latency."""


class GroupCommit:
    """Adds completions to a store, each caller waiting until its own is on the disk.

    Args:
        store: The store.
    """

    def __init__(self, store: CompletionStore) -> None:
        self._store = store
        self._group: list[tuple[Completion, asyncio.Future[None]]] = []

    async def add(self, completion: Completion) -> None:
        """Keep a completion; when this returns it is on the disk.

        Raises:
            StoreError: If it can't be stored.
        """
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        if not self._group:
            loop.call_later(GATHER_SECONDS, self.flush)
        self._group.append((completion, done))
        await done

    def flush(self) -> None:
        """Put on the disk what waits for it."""
        group, self._group = self._group, []
        try:
            self._store.add_all(completion for completion, _ in group)
        except StoreError as error:
            for _, done in group:
                if not done.done():
                    done.set_exception(StoreError(str(error)))
            return
        for _, done in group:
            if not done.done():
                done.set_result(None)
