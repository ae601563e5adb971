import asyncio

import pytest

from generation.completions.group_commit import GroupCommit
from generation.completions.store import CompletionStore, StoreError
from generation.sessions.request import Completion


def completion(n, content="x"):
    return Completion(request_hash=f"{n:064x}", session="0001-1", stage="write", content=content, model="m")


class Counting(CompletionStore):
    n_commits = 0

    def add_all(self, completions):
        self.n_commits += 1
        return super().add_all(completions)


def test_answers_that_come_together_share_one_commit_and_are_on_the_disk_when_add_returns(tmp_path):
    async def steps(store):
        commits = GroupCommit(store)

        async def add(n):
            await commits.add(completion(n))
            assert store.get(completion(n).request_hash) == completion(n)

        await asyncio.gather(*(add(n) for n in range(20)))

    with Counting(tmp_path / "store.sqlite") as store:
        asyncio.run(steps(store))
        assert (len(store), store.n_commits) == (20, 1)


def test_a_store_that_refuses_is_told_to_everyone_who_waits(tmp_path):
    async def steps(store):
        commits = GroupCommit(store)
        return await asyncio.gather(
            commits.add(completion(1)), commits.add(completion(2, "other")), return_exceptions=True
        )

    with CompletionStore(tmp_path / "store.sqlite") as store:
        store.add(completion(2))
        found = asyncio.run(steps(store))
        assert [type(error) for error in found] == [StoreError, StoreError]
        assert len(store) == 1


def test_flush_keeps_what_a_cancelled_caller_brought(tmp_path):
    async def steps(store):
        commits = GroupCommit(store)
        task = asyncio.create_task(commits.add(completion(1)))
        await asyncio.sleep(0)
        task.cancel()
        commits.flush()
        with pytest.raises(asyncio.CancelledError):
            await task

    with CompletionStore(tmp_path / "store.sqlite") as store:
        asyncio.run(steps(store))
        assert len(store) == 1
