"""Command ``run``: drives every session to its end and writes the dialogues."""

import asyncio
import sys
import time
from argparse import Namespace
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from typing import Any

from generation.backends.choice import BackendChoice
from generation.backends.interface import Backend, BackendError, CapReachedError
from generation.backends.meter import Meter
from generation.backends.replay import Replay
from generation.completions.driving import Lookup
from generation.completions.recording import read_known, read_recording
from generation.completions.store import CompletionStore
from generation.files import write_json, write_lines
from generation.inputs import COMPLETIONS, PROFILES, RECORDED_MANIFEST, Inputs, load_inputs
from generation.manifest import describe_results, first_difference, read_manifest
from generation.progress import SECONDS_BETWEEN_FILES, Progress
from generation.recorded import n_recorded_profiles
from generation.results import Entry, Results
from generation.runner import drive_all
from generation.sessions.request import Completion
from generation.tally import FINISHED, STOPPED, UNFINISHED, Tally

N_ERRORS_SHOWN = 10
EXIT_CAP = 3


def run(options: Namespace) -> int:
    """Drive every session and write dialogues, rejections, the manifest and the run's figures."""
    limit = options.limit or _n_recorded(options)
    inputs = load_inputs(options.profiles, options.plans, options.settings, options.shard, limit)
    meter = _meter(options)
    with _open_store(options) as store, Results(options.out / "results.part") as results:
        tally = Tally(len(inputs.profiles), _about(options), results, meter)
        try:
            if options.engine == "ray":
                failure = _drive_on_ray(inputs, tally, options)
            elif store is None:
                replay = Replay(read_recording(options.recording or COMPLETIONS))
                failure = asyncio.run(_drive(inputs, replay, Lookup(), None, tally, options))
            else:
                known = Lookup(_known(options), store)
                failure = asyncio.run(_drive_backend(inputs, known, store, tally, options))
        except (KeyboardInterrupt, ValueError, OSError) as error:
            tally.state, tally.stopped_by = STOPPED, str(error) or "the keyboard"
            tally.write(options.out)
            raise
        return _finish(inputs, tally, failure, options)


def _n_recorded(options: Namespace) -> int | None:
    """How many profiles the shipped recording reaches to; None where anything else is run."""
    is_shipped = options.backend == "replay" and options.recording is None and options.profiles == PROFILES
    if not is_shipped or not RECORDED_MANIFEST.exists():
        return None
    return n_recorded_profiles(RECORDED_MANIFEST)


def _finish(inputs: Inputs, tally: Tally, failure: BackendError | None, options: Namespace) -> int:
    manifest = describe_results(inputs, tally.results)
    write_lines(options.out / "dialogues.jsonl", tally.results.dialogues())
    write_lines(options.out / "rejected.jsonl", tally.results.rejected())
    write_json(options.out / "manifest.json", manifest)
    counts = manifest["counts"]
    tally.state = UNFINISHED if counts["unfinished"] else FINISHED
    tally.stopped_by = str(failure) if failure else None
    tally.write(options.out)
    print(
        f"{counts['dialogues']} dialogues with {counts['utterances']} utterances in {options.out}; "
        f"{counts['rejected']} rejected, {counts['unfinished']} unfinished"
    )
    if not counts["unfinished"]:
        return 0
    if isinstance(failure, CapReachedError):
        print(failure, file=sys.stderr)
        return EXIT_CAP
    _report_errors(tally.results)
    if options.backend != "replay":
        print(
            "run the same command again to go on; nothing that was answered is asked again", file=sys.stderr
        )
    elif RECORDED_MANIFEST.exists():
        stage = first_difference(manifest, read_manifest(RECORDED_MANIFEST))
        print(f"error: {stage} is the first stage that differs from {RECORDED_MANIFEST}", file=sys.stderr)
    return 1


def _open_store(options: Namespace) -> AbstractContextManager[CompletionStore | None]:
    if options.backend == "replay" or options.engine == "ray":  # Ray's keeper opens it where it runs
        return nullcontext()
    return CompletionStore(options.store, read_only=options.backend == "store")


def _about(options: Namespace) -> dict[str, Any]:
    names = ("concurrency", "requests_per_minute", "tokens_per_minute", "max_cost", "max_tokens")
    names += ("price_in", "price_out", "limit", "engine", "workers")
    limits = {name: getattr(options, name) for name in names}
    limits["shard"] = str(options.shard) if options.shard else None
    return {"backend": options.backend, "model": options.model, "base_url": None, "options": limits}


def _meter(options: Namespace) -> Meter:
    return Meter(
        price_in=options.price_in,
        price_out=options.price_out,
        max_cost=options.max_cost,
        max_tokens=options.max_tokens,
    )


def _drive_on_ray(inputs: Inputs, tally: Tally, options: Namespace) -> BackendError | None:
    # ray takes seconds to import, and only this engine needs it.
    from generation.engines.ray_engine import drive_on_ray

    is_replay = options.backend == "replay"
    known = read_recording(options.recording or COMPLETIONS) if is_replay else _known(options)
    shown_at = time.monotonic()
    with closing(Progress(tally, options.out)) as progress:

        def on_end(n: int, entry: Entry) -> None:
            nonlocal shown_at
            tally.results.add_entry(n, entry)
            if time.monotonic() - shown_at > SECONDS_BETWEEN_FILES:
                shown_at = time.monotonic()
                progress.show()

        return drive_on_ray(
            inputs,
            BackendChoice.of(options),
            tally.meter,
            None if is_replay else options.store,
            known,
            n_workers=options.workers,
            on_end=on_end,
        )


def _known(options: Namespace) -> dict[str, Completion]:
    return read_known(options.recording) if options.recording else {}


async def _drive_backend(
    inputs: Inputs, known: Lookup, store: CompletionStore, tally: Tally, options: Namespace
) -> BackendError | None:
    backend = BackendChoice.of(options).open(tally.meter)
    try:
        if options.backend == "openai":
            print(f"asking {backend.model} at {backend.base_url}", file=sys.stderr)
            tally.about["base_url"], tally.gate = backend.base_url, backend.gate
            await backend.check()
        return await _drive(inputs, backend, known, store, tally, options)
    finally:
        await backend.close()


async def _drive(
    inputs: Inputs,
    backend: Backend,
    known: Lookup,
    store: CompletionStore | None,
    tally: Tally,
    options: Namespace,
) -> BackendError | None:
    with closing(Progress(tally, options.out)) as progress:
        showing = asyncio.create_task(progress.keep_showing())
        try:
            return await drive_all(
                inputs.open_sessions(),
                backend,
                known,
                store,
                concurrency=options.concurrency,
                on_end=tally.results.add,
            )
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing


def _report_errors(results: Results) -> None:
    for error, n in results.errors.most_common(N_ERRORS_SHOWN):
        print(f"error: {error}" + (f" ({n} sessions)" if n > 1 else ""), file=sys.stderr)
    if len(results.errors) > N_ERRORS_SHOWN:
        print(f"and {len(results.errors) - N_ERRORS_SHOWN} more errors", file=sys.stderr)
