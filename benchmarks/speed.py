"""Benchmarks of speed, memory and growth."""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bar import Bar
from benchmarks.workload import make_workload, serving, stats
from generation.completions.store import CompletionStore

N_REPEATS = 5
SATURATION = 0.85
MOST_TRIES = 3


def saturation(folder: Path, *, n_sessions: int = 64, n_utterances: int = 25) -> Iterator[Bar]:
    """Measure how near a run in mode `turns` comes to what the endpoint's latency of 1 s allows.

    A session opens and closes with the therapist, so that 24 utterances become 25. Other work on the machine
    can only slow a run down, so a run that falls short is tried again, and the best counts.
    """
    workload = make_workload(folder, n_sessions, n_utterances)
    tries = []
    with serving(latency=1.0) as url:
        while len(tries) < MOST_TRIES and (not tries or n_utterances / min(tries)[0] < SATURATION):
            figures = workload.run(url, f"run{len(tries)}", n_sessions)
            tries.append((figures["seconds"], len(tries), figures))
    figures = min(tries)[2]
    n_calls = figures["requests"]["answered"]
    yield Bar(
        name=f"saturation, {n_sessions} sessions of {n_utterances} utterances",
        measured=n_utterances / figures["seconds"],
        ideal=1.0,
        at_least=SATURATION,
        note=f"{figures['seconds']:.1f} s from start to last file, ideal {n_utterances} s; try {len(tries)}",
    )
    yield Bar(
        name="processor time a call",
        measured=1000 * figures["processor_seconds"] / n_calls,
        unit="ms",
        at_most=8,
        note=f"{n_calls} calls with forecaster, store and start of the program",
    )


def capacity(
    folder: Path, *, n_sessions: int = 64, n_utterances: int = 9, n_at_once: int = 16
) -> Iterator[Bar]:
    """Tell how well the concurrency finds the capacity of an endpoint that refuses what goes beyond it."""
    workload = make_workload(folder, n_sessions, n_utterances)
    with serving(latency=0.2, capacity=n_at_once) as url:
        figures = workload.run(url, "run", n_sessions)
    ideal_seconds = 0.2 * n_sessions * n_utterances / n_at_once
    yield Bar(
        name=f"capacity of {n_at_once} at once used by {n_sessions} sessions",
        measured=ideal_seconds / figures["seconds"],
        ideal=1.0,
        note=f"{figures['seconds']:.1f} s, ideal {ideal_seconds:.1f} s; "
        f"refused {figures['retries'].get('429', 0)} times",
    )


def memory(folder: Path, *, n_sessions: int = 1000, n_utterances: int = 9) -> Iterator[Bar]:
    """Measure the memory of a run whose sessions are all under way at once."""
    workload = make_workload(folder, n_sessions, n_utterances)
    with serving(latency=5.0, jitter=1.0) as url:
        figures = workload.run(url, "run", n_sessions)
        most = stats(url)["most_under_way"]
    yield Bar(
        name=f"memory, {n_sessions} sessions in flight",
        measured=figures["peak_memory_mb"],
        unit="MB",
        at_most=600,
        note=f"{most} requests at once at the endpoint; {figures['seconds']:.0f} s",
    )
    yield Bar(
        name="requests at once of those wanted",
        measured=most / n_sessions,
        ideal=1.0,
        at_least=0.95,
    )


def growth(folder: Path, *, n_sessions: int = 60) -> Iterator[Bar]:
    """Measure how time, store and resume grow with ten times the sessions, in mode `plan` without latency."""
    seconds: dict[str, list[float]] = {"run": [], "resume": [], "open": []}
    with serving() as url:
        # The small size before and after the large one, since a machine's other work comes and goes.
        for n, size in enumerate((n_sessions, 10 * n_sessions, n_sessions)):
            workload = make_workload(folder / str(n), size)
            for name in ("run", "resume"):
                seconds[name].append(workload.run(url, "run", 64)["seconds"])
            seconds["open"].append(_open_seconds(workload.folder / "run" / "completions.sqlite"))
        n_requests = stats(url)["requests"]
    for name, (before, large, after) in seconds.items():
        small = (before + after) / 2
        yield Bar(
            name=f"10x the sessions, {name}",
            measured=large / small,
            ideal=10.0,
            at_most=11,
            note=f"{1000 * small:,.1f} ms with {n_sessions}, {1000 * large:,.1f} ms with {10 * n_sessions}",
        )
    yield Bar(
        name="asked again by resumes",
        measured=n_requests - 4 * 12 * n_sessions,
        ideal=0,
        at_most=0,
        note="every session asks four times",
    )


def _open_seconds(path: Path) -> float:
    """Return the shortest of a few openings with one lookup."""
    found = []
    for _ in range(N_REPEATS):
        began = time.perf_counter()
        with CompletionStore(path) as store:
            store.get("0" * 64)
        found.append(time.perf_counter() - began)
    return min(found)
