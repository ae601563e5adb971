"""Engine `ray`: the same sessions, spread over the workers of a Ray cluster.

Workers drive sessions and ask the backend; one keeper, on the machine where the run was started, holds the
store. A completion is in the store before its session goes on, so a worker that dies loses what was in flight
and nothing else.
"""

import json
import logging
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what matters is raised, in words
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no telemetry; before the import, which reads it

import numpy as np
import ray
import ray.data
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from generation.backends.choice import BackendChoice
from generation.backends.interface import Backend, BackendError, CapReachedError
from generation.backends.meter import Meter
from generation.completions.driving import Lookup
from generation.completions.group_commit import GroupCommit
from generation.completions.store import CompletionStore
from generation.engines.exchange import add_counts, counts_of, share_of
from generation.inputs import Inputs
from generation.results import Entry, entry_of
from generation.runner import drive_all
from generation.sessions.request import Completion, Request

TASKS_PER_WORKER = 8
MAX_SESSIONS_PER_TASK = 256


class EngineError(ValueError):
    """Raised where the cluster can't run the sessions."""


def drive_on_ray(
    inputs: Inputs,
    choice: BackendChoice,
    meter: Meter,
    store: Path | None,
    known: dict[str, Completion],
    *,
    n_workers: int,
    on_end: Callable[[int, Entry], None],
) -> BackendError | None:
    """Drive every session to its end on a Ray cluster: one that runs already, or one started here.

    Args:
        inputs: What the sessions are made from; sent to the workers.
        choice: Backend that the workers open, each with its share of the limits.
        meter: Prices and caps; takes up what the workers count.
        store: Completions file on this machine; None keeps none.
        known: Completions that count as answered, besides the store's.
        n_workers: Workers, each of which takes one processor core.
        on_end: Called here with each entry as it comes and with the number of its session.

    Returns:
        The first fatal error of a worker, after which that worker asked no more; None if there was none.

    Raises:
        EngineError: If the cluster is too small or fails.
    """
    was_connected = ray.is_initialized()
    try:
        _connect(n_workers)
        keeper = _keeper(store)
        shared = ray.put((inputs, *share_of(choice, meter, n_workers), known))
        failure = _take_in(_rows(len(inputs.profiles), n_workers, shared, keeper), meter, on_end)
        if keeper is not None:
            ray.get(keeper.close.remote())
        return failure
    except RayError as error:
        raise EngineError(f"the Ray cluster failed: {_last_line(error)}; run again to go on") from None
    finally:
        if not was_connected:
            ray.shutdown()


def _take_in(
    rows: Iterator[dict[str, Any]], meter: Meter, on_end: Callable[[int, Entry], None]
) -> BackendError | None:
    failure: BackendError | None = None
    told: dict[str, dict[str, Any]] = {}
    for row in rows:
        counts = json.loads(row["counts"])
        add_counts(meter, counts, told.get(row["worker"]))
        told[row["worker"]] = counts
        failure = failure or _failure(counts)
        on_end(int(row["n"]), Entry(**json.loads(row["entry"])))
    return failure


def _connect(n_workers: int) -> None:
    if not ray.is_initialized():
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        ray.init(logging_level=logging.ERROR, log_to_driver=False, include_dashboard=False)
    n_cores = int(ray.cluster_resources().get("CPU", 0))
    if n_cores < n_workers:
        raise EngineError(f"the cluster has {n_cores} cores, fewer than --workers {n_workers}; give fewer")
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False


def _keeper(store: Path | None) -> Any:
    if store is None:
        return None
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    keeper = _Keeper.options(num_cpus=0, scheduling_strategy=here).remote(store.absolute())
    ray.get(keeper.open.remote())
    return keeper


def _rows(n_sessions: int, n_workers: int, shared: Any, keeper: Any) -> Iterator[dict[str, Any]]:
    n_tasks = max(n_workers * TASKS_PER_WORKER, -(-n_sessions // MAX_SESSIONS_PER_TASK))
    numbers = ray.data.range(n_sessions, override_num_blocks=max(1, min(n_tasks, n_sessions)))
    outcomes = numbers.map_batches(
        _Worker,
        fn_constructor_args=(shared, keeper),
        compute=ray.data.ActorPoolStrategy(size=n_workers),
        batch_size=None,
        num_cpus=1,
    )
    return iter(outcomes.iter_rows())


@ray.remote
class _Keeper:
    """Holds the store for all workers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def open(self) -> None:
        self._store = CompletionStore(self._path)
        self._commits = GroupCommit(self._store)
        self._is_new = len(self._store) == 0
        if not self._is_new:
            self._store.index_sessions()

    async def add(self, completion: Completion) -> None:
        await self._commits.add(completion)

    async def known(self, profile_ids: list[int]) -> list[Completion]:
        if self._is_new:
            return []
        return [completion for n in profile_ids for completion in self._store.of_profile(n)]

    async def close(self) -> None:
        self._store.close()


class _Worker:
    """Drives the sessions of one task after another."""

    def __init__(self, shared: Any, keeper: Any) -> None:
        self._inputs, choice, self._meter, self._known = ray.get(shared)
        self._keeper = keeper
        self._name = uuid.uuid4().hex
        self._concurrency = choice.concurrency
        self._backend = choice.open(self._meter)
        self._stopped_by: BackendError | None = None

    async def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, list[Any]]:
        numbers = [int(n) for n in batch["id"]]
        inputs = replace(self._inputs, profiles=[self._inputs.profiles[n] for n in numbers])
        entries: dict[int, Entry] = {}
        stored = {}
        if self._keeper is not None:
            ids = [profile.id for profile in inputs.profiles]
            stored = {c.request_hash: c for c in await self._keeper.known.remote(ids)}
        failure = await drive_all(
            inputs.open_sessions(),
            _Keeping(self._backend, self._keeper, self._stopped_by),
            Lookup(stored, self._known),
            concurrency=self._concurrency,
            on_end=lambda i, outcome: entries.update({i: entry_of(outcome)}),
        )
        self._stopped_by = self._stopped_by or failure
        return {
            "n": numbers,
            "entry": [json.dumps(asdict(entries[i]), ensure_ascii=False) for i in range(len(numbers))],
            "worker": [self._name] * len(numbers),
            "counts": [json.dumps(counts_of(self._meter) | self._stop())] * len(numbers),
        }

    def _stop(self) -> dict[str, Any]:
        is_cap = isinstance(self._stopped_by, CapReachedError)
        return {"stopped_by": str(self._stopped_by) if self._stopped_by else None, "is_cap": is_cap}


class _Keeping:
    """Backend that hands each completion to the keeper before the session sees it."""

    def __init__(self, backend: Backend, keeper: Any, stopped_by: BackendError | None) -> None:
        self._backend, self._keeper, self._stopped_by = backend, keeper, stopped_by

    async def complete(self, request: Request) -> Completion:
        if self._stopped_by is not None:
            raise self._stopped_by
        completion = await self._backend.complete(request)
        if self._keeper is not None:
            await self._keeper.add.remote(completion)
        return completion

    async def close(self) -> None:
        await self._backend.close()


def _failure(counts: dict[str, Any]) -> BackendError | None:
    if counts["stopped_by"] is None:
        return None
    text = counts["stopped_by"]
    return CapReachedError(text) if counts["is_cap"] else BackendError(text, is_fatal=True)


def _last_line(error: RayError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
