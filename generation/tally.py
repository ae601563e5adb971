"""Tally of a run: its volatile figures, kept in `run.json` beside the manifest while it goes on and after.

What two runs are compared by is in the manifest; what differs from run to run is here.
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generation.backends.meter import Meter
from generation.backends.pacing import Gate
from generation.files import write_json
from generation.manifest import by_reason, versions
from generation.results import Results

RUN_FILE = "run.json"
RUNNING, FINISHED, UNFINISHED, STOPPED = "running", "finished", "unfinished", "stopped"


class RunFileError(ValueError):
    """Raised for a run folder that holds no figures of a run."""


@dataclass(slots=True)
class Tally:
    """Figures of one run.

    Attributes:
        n_sessions: Sessions of the run.
        about: Backend, model, URL and limits, as given.
        results: Outcomes so far.
        meter: Requests so far.
        gate: Slots of the endpoint; None for a backend without.
        state: `RUNNING` and, in the end, `FINISHED`, `UNFINISHED` (some sessions lack answers) or `STOPPED`.
        stopped_by: Why it stopped asking, such as a cap; None if it did not.
    """

    n_sessions: int
    about: dict[str, Any]
    results: Results
    meter: Meter = field(default_factory=Meter)
    gate: Gate | None = None
    state: str = RUNNING
    stopped_by: str | None = None
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _began: float = field(default_factory=time.monotonic)

    def record(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        seconds = time.monotonic() - self._began
        results, meter = self.results, self.meter
        return {
            "state": self.state,
            "stopped_by": self.stopped_by,
            "process": os.getpid(),
            "started_at": self._started_at.isoformat(timespec="seconds"),
            "updated_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "seconds_left": self._seconds_left(seconds),
            **self.about,
            "sessions": {
                "total": self.n_sessions,
                "finished": results.n_dialogues,
                "rejected": results.n_rejected,
                "unfinished": results.n_unfinished,
            },
            "utterances": results.n_utterances,
            "utterances_per_second": round(results.n_utterances / max(seconds, 1e-9), 2),
            "requests": {
                "answered": meter.n_answered,
                "under_way": meter.n_under_way,
                "limit_now": int(self.gate.limit) if self.gate else None,
                "lowest_limit": int(self.gate.lowest) if self.gate else None,
            },
            "retries": dict(sorted(meter.retries.items())),
            "failures": dict(sorted(meter.failures.items())),
            "complaints": by_reason(results.complaints),
            "rejections": by_reason(results.rejections),
            **_spent(meter),
            "processor_seconds": round(time.process_time(), 3),
            "peak_memory_mb": _peak_memory_mb(),
            "versions": versions(),
        }

    def write(self, out: Path) -> None:
        """Write the figures to a run's folder, whole or not at all."""
        write_json(out / RUN_FILE, self.record())

    def _seconds_left(self, seconds: float) -> float | None:
        n_ended = self.results.n_ended
        return round(seconds / n_ended * (self.n_sessions - n_ended), 1) if n_ended else None


def read_run_file(out: Path) -> dict[str, Any]:
    """Read the figures of a run from its folder.

    Raises:
        RunFileError: If the folder holds none, or the file is damaged.
    """
    path = out / RUN_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunFileError(f"{path} does not exist; give the folder that `run --out` writes to") from None
    except ValueError as error:
        raise RunFileError(f"{path} is not JSON: {error}") from None
    if not isinstance(record, dict) or "sessions" not in record:
        raise RunFileError(f"{path} holds no figures of a run")
    return record


def _spent(meter: Meter) -> dict[str, Any]:
    tokens = {"prompt": meter.prompt_tokens, "completion": meter.completion_tokens}
    tokens["estimated_answers"] = meter.n_estimated
    return {"tokens": tokens, "cost_usd": None if meter.cost is None else round(meter.cost, 4)}


def _peak_memory_mb() -> float | None:
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
