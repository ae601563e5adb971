"""Commands that make and look at dialogues: ``run``, ``status`` and ``show``."""

import asyncio
import json
import sys
from argparse import Namespace
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from generation.backends.interface import Backend, BackendError
from generation.backends.replay import Replay
from generation.completions.driving import Lookup, drive_sessions
from generation.completions.recording import read_known, read_recording
from generation.completions.store import CompletionStore
from generation.files import write_json, write_lines
from generation.inputs import COMPLETIONS, RECORDED_MANIFEST, Inputs, load_inputs
from generation.manifest import build_manifest, finished_dialogues, first_difference, read_manifest
from generation.progress import Progress
from generation.runner import Outcome, run_sessions
from generation.sessions.request import STAGES
from generation.sessions.session import Rejection

N_ERRORS_SHOWN = 10


def run(options: Namespace) -> int:
    """Drive every session and write dialogues, rejections and the manifest."""
    inputs = load_inputs(options.profiles, options.plans, options.settings, options.shard, options.limit)
    if options.backend == "replay":
        replay = Replay(read_recording(options.recording or COMPLETIONS))
        outcomes = asyncio.run(_drive(inputs, replay, Lookup(), None, options.concurrency))
    else:
        known = read_known(options.recording) if options.recording else {}
        with CompletionStore(options.store) as store:
            outcomes = asyncio.run(_drive_endpoint(inputs, Lookup(known, store), store, options))
    manifest = build_manifest(inputs, outcomes)
    write_lines(options.out / "dialogues.jsonl", finished_dialogues(outcomes))
    write_lines(
        options.out / "rejected.jsonl", [_rejected(o) for o in outcomes if isinstance(o.end, Rejection)]
    )
    write_json(options.out / "manifest.json", manifest)
    counts = manifest["counts"]
    print(
        f"{counts['dialogues']} dialogues with {counts['utterances']} utterances in {options.out}; "
        f"{counts['rejected']} rejected, {counts['unfinished']} unfinished"
    )
    if not counts["unfinished"]:
        return 0
    if options.backend == "replay" and RECORDED_MANIFEST.exists():
        stage = first_difference(manifest, read_manifest(RECORDED_MANIFEST))
        print(f"error: {stage} is the first stage that differs from {RECORDED_MANIFEST}", file=sys.stderr)
    return _report_unfinished(outcomes)


def status(options: Namespace) -> int:
    """Say how far the sessions of the inputs have come."""
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


async def _drive_endpoint(
    inputs: Inputs, known: Lookup, store: CompletionStore, options: Namespace
) -> list[Outcome]:
    # The client takes half a second to import, and only this backend needs it.
    from generation.backends.endpoint import Endpoint

    if not options.model:
        raise BackendError("backend openai needs the name of a model; give it with --model")
    async with Endpoint(options.model, options.base_url, concurrency=options.concurrency) as endpoint:
        print(f"asking {endpoint.model} at {endpoint.base_url}", file=sys.stderr)
        await endpoint.check()
        return await _drive(inputs, endpoint, known, store, options.concurrency)


async def _drive(
    inputs: Inputs, backend: Backend, known: Lookup, store: CompletionStore | None, concurrency: int
) -> list[Outcome]:
    with closing(Progress(len(inputs.profiles))) as progress:
        return await run_sessions(
            inputs.open_sessions(), backend, known, store, concurrency=concurrency, on_end=progress.add
        )


def _report_unfinished(outcomes: list[Outcome]) -> int:
    errors = Counter(outcome.error for outcome in outcomes if outcome.error)
    for error, n in errors.most_common(N_ERRORS_SHOWN):
        print(f"error: {error}" + (f" ({n} sessions)" if n > 1 else ""), file=sys.stderr)
    if len(errors) > N_ERRORS_SHOWN:
        print(f"and {len(errors) - N_ERRORS_SHOWN} more errors", file=sys.stderr)
    print("run the same command again to go on; nothing that was answered is asked again", file=sys.stderr)
    return 1


def _rejected(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": int(outcome.name),
        "reason": outcome.end.reason.value,
        "detail": outcome.end.detail,
        "completions": [completion.request_hash for completion in outcome.used],
    }


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
