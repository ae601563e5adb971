"""Progress of a run: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections import Counter
from typing import TextIO

from tqdm import tqdm

from generation.runner import Outcome
from generation.sessions.session import Finished, Rejection

SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Counts outcomes and shows the counts.

    Args:
        n_sessions: Sessions of the run.
        stream: Where to show; None for the standard error stream.
    """

    def __init__(self, n_sessions: int, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._n_sessions = n_sessions
        self._counts: Counter[str] = Counter()
        self._last_line_at = time.monotonic()
        self._bar = (
            tqdm(total=n_sessions, unit="session", file=self._stream) if self._stream.isatty() else None
        )

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self._counts[_kind(outcome)] += 1
        self._counts["asked"] += outcome.n_asked
        if self._bar is not None:
            self._bar.update()
            self._bar.set_postfix_str(self._summary(), refresh=False)
        elif time.monotonic() - self._last_line_at >= SECONDS_BETWEEN_LINES:
            self._last_line_at = time.monotonic()
            self._write_line()

    def close(self) -> None:
        """Show the last counts."""
        if self._bar is not None:
            self._bar.close()
        else:
            self._write_line()

    def _summary(self) -> str:
        kinds = ("finished", "rejected", "unfinished")
        return ", ".join(f"{kind} {self._counts[kind]}" for kind in (*kinds, "asked"))

    def _write_line(self) -> None:
        n_done = sum(self._counts[kind] for kind in ("finished", "rejected", "unfinished"))
        self._stream.write(f"{n_done} of {self._n_sessions} sessions: {self._summary()}\n")
        self._stream.flush()


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome.end, Finished):
        return "finished"
    return "rejected" if isinstance(outcome.end, Rejection) else "unfinished"
