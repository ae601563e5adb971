"""Commands that look at runs and dialogues: ``status`` and ``show``."""

import json
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generation.completions.driving import Lookup, drive_sessions
from generation.completions.recording import read_known
from generation.completions.store import CompletionStore
from generation.inputs import COMPLETIONS, load_inputs
from generation.progress import duration, summary
from generation.sessions.request import STAGES
from generation.sessions.session import Rejection
from generation.tally import RUNNING, read_run_file

SILENT_SECONDS = 15
"""A run writes its figures every second; one that has not for so long is no longer there."""


def status(options: Namespace) -> int:
    """Say how far a run has come or, without a run's folder, the sessions of the inputs."""
    if options.run is not None:
        print("\n".join(_run_lines(options.run, read_run_file(options.run))))
        return 0
    inputs = load_inputs(options.profiles, options.plans, options.settings)
    with CompletionStore(options.store, read_only=True) as store:
        recorded = read_known(options.recording or COMPLETIONS)
        driven = drive_sessions(inputs.open_sessions(), Lookup(recorded, store))
        print(f"completions: {len(store)} in {options.store}, {len(recorded)} recorded")
    stages = Counter(waiting.request.stage for waiting in driven.waiting.values())
    rejected = [session.state for session in driven.ended if isinstance(session.state, Rejection)]
    print(
        f"sessions: {len(inputs.profiles)}; finished {len(driven.ended) - len(rejected)}, "
        f"rejected {len(rejected)}, waiting {len(driven.waiting)}"
    )
    for stage in STAGES:
        if stages[stage]:
            print(f"waiting for {stage}: {stages[stage]}")
    for reason, n in sorted(Counter(rejection.reason.value for rejection in rejected).items()):
        print(f"rejected for {reason}: {n}")
    return 0


def show(options: Namespace) -> int:
    """Print one finished dialogue with its labels."""
    rows = read_dialogues(options.out)
    for row in rows:
        if row["id"] == options.id:
            print("\n".join(_dialogue_lines(row)))
            return 0
    known = ", ".join(str(row["id"]) for row in rows[:20]) or "none"
    print(f"error: {options.out} holds no dialogue {options.id}; it holds {known}", file=sys.stderr)
    return 1


def read_dialogues(out: Path) -> list[dict[str, Any]]:
    """Read the finished dialogues that `run` wrote to a folder.

    Raises:
        ValueError: If there are none, or a line is malformed.
    """
    path = out / "dialogues.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ValueError(
            f"{path} does not exist; make it with `python -m generation run --out {out}`"
        ) from None
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise ValueError(f"{path}, line {number} is not JSON: {error}; run again") from None
    return rows


def _run_lines(out: Path, record: Mapping[str, Any]) -> Iterator[str]:
    age = (datetime.now(UTC) - datetime.fromisoformat(record["updated_at"])).total_seconds()
    state = record["state"]
    if state == RUNNING and age > SILENT_SECONDS:
        state = f"no longer written to for {duration(age)}: the run was killed, or its machine sleeps"
    yield f"{out}: {state}; {record['backend']} {record['model'] or ''} {record['base_url'] or ''}".rstrip()
    yield f"after {duration(record['seconds'])}: {summary(record)}"
    requests = record["requests"]
    if requests["limit_now"] is not None:
        yield f"requests at once: {requests['limit_now']} now, {requests['lowest_limit']} at the lowest"
    if record["stopped_by"]:
        yield f"stopped by {record['stopped_by']}"


def _dialogue_lines(row: dict[str, Any]) -> list[str]:
    lines = [
        f"{row['id']} {row['category_en']} ({row['category_ko']}), {row['split']}, {row['stage_of_change']}, "
        f"risk {row['risk']}, session attempt {row['session_attempt']}, model {row['provenance']['model']}"
    ]
    for number, turn in enumerate(row["dialogue"], start=1):
        others = [
            f"{kind} {turn[key]}"
            for kind, key in (
                ("planned", "planned_label"),
                ("written", "written_label"),
                ("coded", "coded_label"),
            )
            if turn[key] not in (None, turn["label"])
        ]
        label = " / ".join(filter(None, (turn["label"], turn["sublabel"])))
        lines += [
            f"\n{number:2} {turn['role']}: {label}" + (f" [{', '.join(others)}]" if others else ""),
            f"   {turn['utterance_ko']}",
            f"   {turn['utterance_en']}",
        ]
    return lines
