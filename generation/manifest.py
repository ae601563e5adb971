"""Manifest: what a run rests on and what came of it, with one hash a stage, so that two runs can be compared.

Hashes are taken over content in a canonical form, never over bytes of files, so that line ends, comments or
compression change nothing.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from forecaster.interface import Forecaster
from generation.inputs import Inputs
from generation.prompts import load_prompt, shared_text
from generation.results import Results
from generation.runner import Outcome
from generation.sessions.asking import RETRY_PROMPT
from generation.sessions.reasons import Reason
from generation.sessions.session import SESSION_VERSION, Finished
from kmi import SPLITS

STAGE_NAMES = ("profiles", "plans", "prompts", "settings", "completions", "dialogues", "dataset")
"""Stages whose hashes a manifest holds, in the order in which one rests on the other."""

PACKAGES = ("datasets", "jsonschema", "openai", "pyarrow")


class ManifestError(ValueError):
    """Raised for a manifest that can't be read, or two that differ."""


def digest(values: Iterable[Any]) -> str:
    """Return the SHA-256 of JSON values in a canonical form: sorted keys, one value a line.

    Example:
        >>> digest([{"b": 1, "a": 2}]) == digest([{"a": 2, "b": 1}])
        True
    """
    sha256 = hashlib.sha256()
    for value in values:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sha256.update(text.encode() + b"\n")
    return sha256.hexdigest()


def build_manifest(inputs: Inputs, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Describe a run as `describe_results`, from its outcomes in the order of the profiles."""
    with Results.of(outcomes) as results:
        return describe_results(inputs, results)


def describe_results(inputs: Inputs, results: Results) -> dict[str, Any]:
    """Describe a run: the same inputs and completions give the same manifest on the same installation.

    Args:
        inputs: What the sessions were made from.
        results: How far they came.
    """
    settings = inputs.settings.up_to(max((profile.id for profile in inputs.profiles), default=0))
    prompts = {name: load_prompt(name).sha256 for name in settings.prompts}
    prompts[RETRY_PROMPT] = digest([shared_text(RETRY_PROMPT)])
    plans = [inputs.plans[profile.id] for profile in inputs.profiles if profile.id in inputs.plans]
    forecaster = _forecaster(inputs.forecaster)
    return {
        "stages": {
            "profiles": digest(asdict(profile) for profile in inputs.profiles),
            "plans": digest([*map(asdict, plans), *([forecaster] if forecaster else [])]),
            "prompts": digest([prompts]),
            "settings": digest([asdict(settings)]),
            "completions": digest(results.completions()),
            "dialogues": digest(results.dialogues()),
        },
        "settings": asdict(settings),
        "prompts": prompts,
        "forecaster": forecaster,
        "models": sorted(results.models),
        "counts": {
            "profiles": len(inputs.profiles),
            "dialogues": results.n_dialogues,
            "rejected": results.n_rejected,
            "unfinished": len(inputs.profiles) - results.n_dialogues - results.n_rejected,
            "utterances": results.n_utterances,
            "splits": {split: results.splits[split] for split in SPLITS},
            "completions": results.n_completions,
        },
        "rejections": by_reason(results.rejections),
        "complaints": by_reason(results.complaints),
        "tokens": results.tokens,
        "versions": versions(),
    }


def finished_dialogues(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Return the rows of the dialogues that were finished, in order."""
    return [outcome.end.dialogue for outcome in outcomes if isinstance(outcome.end, Finished)]


def first_difference(built: Mapping[str, Any], recorded: Mapping[str, Any]) -> str | None:
    """Return the first stage whose hash differs between two manifests, or None if all agree.

    Raises:
        ManifestError: If one of the manifests lacks a stage.
    """
    for stage in STAGE_NAMES:
        hashes = [manifest["stages"].get(stage) for manifest in (built, recorded)]
        if None in hashes:
            which = "built" if hashes[0] is None else "recorded"
            raise ManifestError(
                f"the {which} manifest has no stage {stage!r}; run the command that makes it first"
            )
        if hashes[0] != hashes[1]:
            return stage
    return None


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises:
        ManifestError: If the file is missing or is no manifest.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(
            f"manifest {path} can't be read: {error.strerror}; make it with `run` or `record`"
        ) from None
    except ValueError as error:
        raise ManifestError(f"manifest {path} is not JSON: {error}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("stages"), dict):
        raise ManifestError(f"{path} is no manifest: it has no object 'stages'")
    return manifest


def _forecaster(forecaster: Forecaster | None) -> dict[str, str] | None:
    """Name the forecaster that stands for plans in mode `turns`, with the hash of its weights."""
    if forecaster is None:
        return None
    return {"kind": type(forecaster).__name__, "weights": digest([asdict(forecaster)])}


def by_reason(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by reason in the order of `Reason`; whatever is no reason counts as `other`."""
    known = {reason.value: counts[reason.value] for reason in Reason if reason.value in counts}
    n_other = sum(counts.values()) - sum(known.values())
    return known | ({"other": n_other} if n_other else {})


def versions() -> dict[str, Any]:
    """Return the versions of what decides about a run."""
    found: dict[str, Any] = {"session": SESSION_VERSION}
    found["python"] = platform.python_version()
    return found | {package: _version(package) for package in PACKAGES}


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
