"""Benchmarks of what must not be lost: faults of the endpoint and kills of the run."""

import json
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bar import Bar
from benchmarks.workload import ROOT, BenchError, Workload, call, environment, make_workload, serving, stats

FAULTS = {
    "rate_limit": 0.10,
    "server_error": 0.05,
    "drop": 0.05,
    "broken_body": 0.025,
    "broken_answer": 0.025,
    "truncate": 0.03,
    "wrong_label": 0.02,
}
"""Shares of the requests; broken JSON is half a broken body and half a broken answer of the model."""
COUNTED_AS = {
    "rate_limit": "429",
    "server_error": "5xx",
    "drop": "dropped_connection",
    "broken_body": "broken_body",
    "truncate": "truncated",
}
"""Faults that the endpoint engine retries, and the cause under which it counts them."""
CONCURRENCY = 16
LONGEST_SECONDS = 300


def faults(folder: Path, *, n_sessions: int = 200, n_utterances: int = 15) -> Iterator[Bar]:
    """Measure what a run against a bad endpoint loses, and whether it counts every retry."""
    workload = make_workload(folder, n_sessions, n_utterances)
    with serving(latency=0.02, jitter=0.01, **FAULTS) as url:
        figures = workload.run(url, "run", 64)
        counts = stats(url)
    n_ended = figures["sessions"]["finished"] + figures["sessions"]["rejected"]
    yield Bar(
        name=f"lost of {n_sessions} sessions with faults",
        measured=n_sessions - n_ended,
        ideal=0,
        at_most=0,
        note=f"finished {figures['sessions']['finished']}, rejected {figures['sessions']['rejected']}; "
        f"{counts['requests']} requests, {figures['requests']['lowest_limit']} at once at the lowest",
    )
    injected = {cause: counts.get(fault, 0) for fault, cause in COUNTED_AS.items()}
    counted = {cause: figures["retries"].get(cause, 0) for cause in COUNTED_AS.values()}
    # An answer that is truncated for the third time goes on to the checks, which complain about it.
    n_handed_on = max(0, injected["truncated"] - counted["truncated"])
    injected["truncated"] -= n_handed_on
    yield Bar(
        name="retries not counted by cause",
        measured=sum(abs(injected[cause] - counted[cause]) for cause in injected),
        ideal=0,
        at_most=0,
        note=", ".join(f"{cause} {n}" for cause, n in counted.items()),
    )
    spoiled = counts.get("broken_answer", 0) + counts.get("wrong_label", 0) + n_handed_on
    complaints = sum(figures["complaints"].values())
    yield Bar(
        name="broken answers and wrong labels not counted",
        measured=abs(spoiled - complaints),
        ideal=0,
        at_most=0,
        note=", ".join(f"{reason} {n}" for reason, n in figures["complaints"].items()),
    )


def kills(folder: Path, *, n_kills: int = 10, n_sessions: int = 40, n_utterances: int = 9) -> Iterator[Bar]:
    """Kill a run with SIGKILL at random moments, let it end, and compare it with an undisturbed one."""
    workload = make_workload(folder, n_sessions, n_utterances)
    rng = random.Random(time.time_ns())
    n_calls = n_sessions * n_utterances
    asked_again = []
    with serving(latency=0.2, jitter=0.15) as url:
        for _ in range(n_kills):
            before = stats(url)
            _start_and_kill(workload, url, rng.randint(1, max(1, n_calls // n_kills - CONCURRENCY // 2)))
            asked_again.append(stats(url).get("asked_again", 0) - before.get("asked_again", 0))
        before = stats(url)
        workload.run(url, "killed", CONCURRENCY)
        asked_again.append(stats(url).get("asked_again", 0) - before.get("asked_again", 0))
    with serving(latency=0.2, jitter=0.15) as url:
        workload.run(url, "undisturbed", CONCURRENCY)
    files = {name: _parquet(workload, name) for name in ("killed", "undisturbed")}
    differing = [name for name, data in files["undisturbed"].items() if files["killed"].get(name) != data]
    yield Bar(
        name=f"parquet files that differ after {n_kills} kills",
        measured=len(differing) + len(set(files["killed"]) ^ set(files["undisturbed"])),
        ideal=0,
        at_most=0,
        note=f"{len(files['undisturbed'])} files of {n_sessions} dialogues compared byte by byte",
    )
    yield Bar(
        name="asked again after a kill, at most",
        measured=max(asked_again),
        ideal=0,
        at_most=CONCURRENCY,
        note=f"{CONCURRENCY} in flight; after each kill: {', '.join(map(str, asked_again[1:]))}",
    )


def _start_and_kill(workload: Workload, url: str, n_more: int) -> None:
    """Start a run and kill it once the endpoint was asked so many more times."""
    target = stats(url).get("requests", 0) + n_more
    process = subprocess.Popen(
        workload.command(url, "killed", CONCURRENCY),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + LONGEST_SECONDS
    while stats(url).get("requests", 0) < target:
        if process.poll() is not None:
            raise BenchError(f"the run ended with {process.returncode} before it was killed")
        if time.monotonic() > deadline:
            process.kill()
            raise BenchError(f"the run did not ask {n_more} times in {LONGEST_SECONDS} s")
        time.sleep(0.005)
    process.kill()
    process.wait()


def _parquet(workload: Workload, name: str) -> dict[str, bytes]:
    out = workload.folder / name
    python = workload.command("", name, 1)[0]
    call([python, "-m", "generation", "build", "--out", str(out), "--data", str(out / "data")])
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    if not manifest["counts"]["dialogues"]:
        raise BenchError(f"{out} holds no dialogue")
    return {path.name: path.read_bytes() for path in sorted((out / "data").glob("*.parquet"))}
