"""Progress of a run: a bar on a terminal, a plain line now and then elsewhere, the whole in `run.json`."""

import asyncio
import logging
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from generation.backends.meter import MILLION
from generation.tally import Tally

_LOG = logging.getLogger(__name__)

SECONDS_BETWEEN_FILES = 1.0
SECONDS_BETWEEN_LINES = 10.0
BAR_FORMAT = "{percentage:3.0f}% {n_fmt}/{total_fmt} sessions [{elapsed}<{remaining}]{postfix}"
"""No drawn bar: its room goes to the figures."""


class Progress:
    """Shows a tally and keeps `run.json` up to date.

    Args:
        tally: The figures.
        out: The run's folder.
        stream: Where to show; None for the standard error stream.
    """

    def __init__(self, tally: Tally, out: Path, stream: TextIO | None = None) -> None:
        self._tally, self._out = tally, out
        self._stream = stream or sys.stderr
        self._last_line_at = time.monotonic()
        self._bar = None
        if self._stream.isatty():
            self._bar = tqdm(
                total=tally.n_sessions, file=self._stream, dynamic_ncols=True, bar_format=BAR_FORMAT
            )

    async def keep_showing(self) -> None:
        """Show the figures every second until cancelled."""
        while True:
            try:
                self.show()
            except OSError as error:
                _LOG.warning("the figures of the run can't be written: %s", error)
            await asyncio.sleep(SECONDS_BETWEEN_FILES)

    def show(self) -> None:
        """Show the figures once; a line only where the last was long ago."""
        self._tally.write(self._out)
        if self._bar is not None:
            self._refresh(self._bar)
        elif time.monotonic() - self._last_line_at >= SECONDS_BETWEEN_LINES:
            self._last_line_at = time.monotonic()
            self._write_line()

    def close(self) -> None:
        """Show the last figures."""
        self._tally.write(self._out)
        if self._bar is not None:
            self._refresh(self._bar)
            self._bar.close()
        else:
            self._write_line()

    def _refresh(self, bar: tqdm) -> None:
        bar.n = self._tally.results.n_ended
        bar.set_postfix_str(", ".join(_short_figures(self._tally.record())))

    def _write_line(self) -> None:
        self._stream.write(summary(self._tally.record()) + "\n")
        self._stream.flush()


def summary(record: Mapping[str, Any]) -> str:
    """Put the figures of a run in one line."""
    sessions = record["sessions"]
    n_ended = sum(n for kind, n in sessions.items() if kind != "total")
    left = record["seconds_left"]
    time_left = [f"{duration(left)} left"] if left and record["state"] == "running" else []
    return ", ".join([f"{n_ended} of {sessions['total']} sessions", *_figures(record), *time_left])


def duration(seconds: float) -> str:
    """Write a length of time for people.

    Example:
        >>> duration(42), duration(600), duration(9000)
        ('42 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _short_figures(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what fits beside the sessions in a line of a terminal, rare things only where they occur."""
    sessions, tokens = record["sessions"], record["tokens"]
    yield f"{record['utterances_per_second']:.1f} utterances/s"
    yield f"{(tokens['prompt'] + tokens['completion']) / MILLION:.2f} M tokens"
    if record["cost_usd"] is not None:
        yield f"${record['cost_usd']:,.2f}"
    for kind in ("rejected", "unfinished"):
        if sessions[kind]:
            yield f"{sessions[kind]} {kind}"
    for kind in ("failures", "retries", "complaints"):
        if record[kind]:
            yield f"{kind} " + " ".join(f"{name}:{n}" for name, n in record[kind].items())


def _figures(record: Mapping[str, Any]) -> Iterator[str]:
    sessions, requests, tokens = record["sessions"], record["requests"], record["tokens"]
    yield ", ".join(f"{kind} {sessions[kind]}" for kind in ("finished", "rejected", "unfinished"))
    yield f"{record['utterances_per_second']:.1f} utterances/s"
    if requests["answered"] or requests["under_way"]:
        yield f"{requests['answered']} answered, {requests['under_way']} under way"
        yield f"{tokens['prompt']:,} + {tokens['completion']:,} tokens"
    if record["cost_usd"] is not None:
        yield f"${record['cost_usd']:,.2f}"
    for kind in ("retries", "failures", "complaints"):
        if record[kind]:
            yield f"{kind}: " + " ".join(f"{name} {n}" for name, n in record[kind].items())
