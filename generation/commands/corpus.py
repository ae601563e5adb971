"""Commands for the shipped corpus: ``record``, ``build`` and ``verify``."""

import asyncio
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generation.backends.replay import Replay
from generation.commands.runs import read_dialogues
from generation.completions.driving import Lookup
from generation.completions.recording import read_known, write_recording
from generation.completions.store import CompletionStore
from generation.files import write_json
from generation.inputs import COMPLETIONS, Inputs, load_inputs
from generation.manifest import (
    ManifestError,
    build_manifest,
    digest,
    finished_dialogues,
    first_difference,
    read_manifest,
)
from generation.runner import Outcome, run_sessions
from generation.sessions.request import Completion


def record(options: Namespace) -> int:
    """Add what ended sessions used to the recording, and describe the recording in its manifest.

    The recording reaches as far as every session has ended: profiles after the first one that still waits are
    left out.
    """
    inputs = load_inputs(options.profiles, options.plans, options.settings)
    folder = options.recording or COMPLETIONS
    recorded = read_known(folder)
    with CompletionStore(options.store, read_only=True) as store:
        outcomes = _replay(inputs, Lookup(recorded, store))
    n_ended = next((n for n, outcome in enumerate(outcomes) if not outcome.end), len(outcomes))
    n_later = len(outcomes) - n_ended
    inputs, outcomes = replace(inputs, profiles=inputs.profiles[:n_ended]), outcomes[:n_ended]
    new = {c.request_hash: c for o in outcomes if o.end for c in o.used if c.request_hash not in recorded}
    if new:
        path = _next_file(folder)
        write_recording(path, new.values())
        print(f"{len(new)} completions recorded in {path}")
    else:
        print(f"nothing new to record in {folder}")
    manifest = _manifest_of_recording(inputs, recorded | new)
    write_json(options.manifest, manifest)
    counts = manifest["counts"]
    print(f"{options.manifest} describes {counts['dialogues']} dialogues, {counts['rejected']} rejected")
    if n_later:
        print(
            f"note: {n_later} profiles are left out, from the first whose session still waits; "
            "`python -m generation status` says for what",
            file=sys.stderr,
        )
    return 0


def build(options: Namespace) -> int:
    """Write the dataset's files from finished dialogues and add the stage `dataset` to the run's manifest."""
    manifest_path = options.out / "manifest.json"
    manifest = read_manifest(manifest_path)
    dialogues = read_dialogues(options.out)
    if digest(dialogues) != manifest["stages"].get("dialogues"):
        raise ManifestError(f"{options.out}/dialogues.jsonl is not what {manifest_path} describes; run again")
    manifest["stages"]["dataset"] = _write_dataset(dialogues, options.data)
    write_json(manifest_path, manifest)
    print(f"{len(dialogues)} dialogues written to {options.data}; digest {manifest['stages']['dataset']}")
    return 0


def verify(options: Namespace) -> int:
    """Compare a run's manifest with the recorded one, stage by stage."""
    built, recorded = read_manifest(options.out / "manifest.json"), read_manifest(options.manifest)
    stage = first_difference(built, recorded)
    if stage is None:
        counts = built["counts"]
        splits = ", ".join(f"{name} {n}" for name, n in counts["splits"].items())
        print(f"{counts['dialogues']} dialogues, {counts['utterances']} utterances; {splits}")
        print(f"digest of the rows {built['stages']['dataset']}: equals the recorded one")
        return 0
    print(
        f"error: stage {stage!r} differs from the recording: built {built['stages'][stage]}, recorded "
        f"{recorded['stages'][stage]}; the stages before it agree" + _version_notes(built, recorded),
        file=sys.stderr,
    )
    return 1


def _replay(inputs: Inputs, known: Lookup) -> list[Outcome]:
    return asyncio.run(run_sessions(inputs.open_sessions(), Replay({}), known))


def _manifest_of_recording(inputs: Inputs, completions: dict[str, Completion]) -> dict[str, Any]:
    outcomes = _replay(inputs, Lookup(completions))
    manifest = build_manifest(inputs, outcomes)
    with TemporaryDirectory() as folder:
        manifest["stages"]["dataset"] = _write_dataset(finished_dialogues(outcomes), Path(folder))
    return manifest


def _next_file(folder: Path) -> Path:
    numbers = [int(path.name.split(".")[0]) for path in folder.glob("[0-9]*.jsonl.gz")]
    return folder / f"{max(numbers, default=0) + 1:04d}.jsonl.gz"


def _version_notes(built: dict[str, Any], recorded: dict[str, Any]) -> str:
    mine, theirs = built.get("versions", {}), recorded.get("versions", {})
    notes = [
        f"{key} {mine.get(key)}, recorded {theirs.get(key)}" for key in theirs if mine.get(key) != theirs[key]
    ]
    return f"; versions that differ: {'; '.join(notes)}" if notes else ""


def _write_dataset(dialogues: list[dict[str, Any]], folder: Path) -> str:
    # pyarrow takes half a second to import, and only this step needs it.
    from generation.dataset import write_dataset

    return write_dataset(dialogues, folder).digest
