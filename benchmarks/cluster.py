"""Benchmark of the engine `ray`: sessions that only compute, on two workers of a cluster."""

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from benchmarks.bar import Bar
from benchmarks.workload import BenchError, make_workload
from forecaster.corpus import Turn
from forecaster.interface import Forecaster
from generation.backends.choice import BackendChoice
from generation.backends.meter import Meter
from generation.completions.driving import Lookup
from generation.inputs import Inputs, load_inputs
from generation.results import Results
from generation.runner import drive_all, run_sessions
from generation.sessions.request import Completion, Request
from generation.stand_in import stand_in_answer
from kmi import Label, Role

_LOG = logging.getLogger(__name__)

FORECASTS_A_TURN = 100
START_CLUSTER = (
    "import ray, sys; print(ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)"
    ".address_info['gcs_address'], flush=True); sys.stdin.read()"
)


@dataclass(frozen=True)
class Pondering:
    """Forecaster that takes about as long as one that reads text: it forecasts a hundred times.

    Attributes:
        forecaster: Gives the forecast.
    """

    forecaster: Forecaster
    role: Role = Role.THERAPIST

    def predict_proba(self, history: Sequence[Turn]) -> Mapping[Label, float]:
        """Return the forecast; see `forecaster.interface`."""
        for _ in range(FORECASTS_A_TURN - 1):
            self.forecaster.predict_proba(history)
        return self.forecaster.predict_proba(history)

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[Mapping[Label, float]]:
        """Return `predict_proba` of each history."""
        return [self.predict_proba(history) for history in histories]


def cluster(folder: Path, *, n_sessions: int = 800, n_utterances: int = 25) -> Iterator[Bar]:
    """Compare a cluster of two cores with one local process on sessions whose answers are all known.

    The cluster runs already; connecting to it and starting the workers count. Nothing is measured where ray
    is not installed.
    """
    if find_spec("ray") is None:
        _LOG.warning("the engine ray is not measured, since ray is not installed")
        return
    workload = make_workload(folder, n_sessions, n_utterances)
    inputs = load_inputs(folder / "profiles.jsonl", folder / "plans.jsonl", workload.settings)
    outcomes = asyncio.run(run_sessions(inputs.open_sessions(), _StandIn(), Lookup()))
    known = {completion.request_hash: completion for outcome in outcomes for completion in outcome.used}
    inputs = replace(inputs, forecaster=Pondering(inputs.forecaster))
    with Results() as local, Results() as on_ray:
        local_seconds = _drive_here(inputs, known, local)
        with _running_cluster():
            ray_seconds = _drive_on_ray(inputs, known, on_ray)
        n_other = sum(
            list(getattr(local, kind)()) != list(getattr(on_ray, kind)())
            for kind in ("dialogues", "rejected", "completions")
        )
    yield Bar(
        name="ray, 2 workers, against one local process",
        measured=local_seconds / ray_seconds,
        ideal=2.0,
        at_least=1.2,
        note=f"{n_sessions} sessions that only compute in {local_seconds:.1f} s and {ray_seconds:.1f} s",
    )
    yield Bar(name="ray, results that differ", measured=n_other, ideal=0, at_most=0)


def _drive_here(inputs: Inputs, known: dict[str, Completion], results: Results) -> float:
    began = time.monotonic()
    asyncio.run(drive_all(inputs.open_sessions(), _StandIn(), Lookup(known), on_end=results.add))
    return time.monotonic() - began


def _drive_on_ray(inputs: Inputs, known: dict[str, Completion], results: Results) -> float:
    # ray takes seconds to import, which a run pays once.
    from generation.engines.ray_engine import drive_on_ray

    began = time.monotonic()
    choice = BackendChoice(kind="store")
    drive_on_ray(inputs, choice, Meter(), None, known, n_workers=2, on_end=results.add_entry)
    return time.monotonic() - began


@contextmanager
def _running_cluster() -> Iterator[None]:
    os.environ.update({"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"})
    process = subprocess.Popen(
        [sys.executable, "-c", START_CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise BenchError("the Ray cluster did not start")
        os.environ["RAY_ADDRESS"] = address
        yield
    finally:
        process.communicate(timeout=60)


class _StandIn:
    """Backend that answers at once, as the stand-in does."""

    async def complete(self, request: Request) -> Completion:
        content = stand_in_answer(request.schema, [asdict(message) for message in request.messages])
        return Completion(
            request_hash=request.hash,
            session=request.session,
            stage=request.stage,
            content=content,
            model="stand-in",
        )

    async def close(self) -> None:
        pass
