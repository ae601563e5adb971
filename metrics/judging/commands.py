"""The commands `judge score`, `judge validate` and `judge compare`."""

import random
from argparse import Namespace
from pathlib import Path
from typing import Any

from forecaster.corpus import ANNOMI_SHA256
from generation.files import write_json
from generation.prompts import Prompt
from metrics.asking.annomi import read_annomi_transcripts
from metrics.judging.comparison import compare_systems
from metrics.judging.rubric import load_rubric
from metrics.judging.scoring import rate, score_report
from metrics.judging.tables import render_comparison, render_scores, render_validation
from metrics.judging.validation import (
    OVERALL,
    agree,
    is_valid,
    read_scores,
    require_validation,
    separate,
    validation_path,
)
from metrics.report import rounded
from metrics.transcripts import Transcript, read_transcripts


def score(options: Namespace) -> int:
    """Rate every dialogue of a file by a judge that was validated."""
    prompt = load_rubric(options.prompt)
    transcripts = read_transcripts(options.path, options.split)
    _refuse_early(prompt, options)
    rated = rate(transcripts, prompt, options)
    validation = _validation(prompt, rated.model, options)
    report = rounded(score_report(rated, prompt, validation, options.random_seed))
    _write(options.out, report)
    print(render_scores(report))
    return 0


def compare(options: Namespace) -> int:
    """Compare the dialogues of files pairwise by a judge that was validated."""
    prompt = load_rubric(options.pair_prompt)
    if len(set(options.paths)) < 2:
        raise ValueError("give two different files or more to compare")
    systems = {path: read_transcripts(path, options.split) for path in options.paths}
    _refuse_early(prompt, options)
    report = compare_systems(systems, prompt, options)
    report["validation"] = _validation(prompt, report["model"], options)
    report = rounded(report)
    _write(options.out, report)
    print(render_comparison(report))
    return 0


def validate(options: Namespace) -> int:
    """Show whether a judge tells AnnoMI high from low, and write its validation."""
    if options.record is not None:
        raise ValueError(
            "--record would write AnnoMI's text, quoted in the answers; the store keeps them here"
        )
    annomi = read_annomi_transcripts(options.annomi)
    prompt = load_rubric(options.pair_prompt if options.pairwise else options.prompt)
    if options.n_high is not None:
        rng = random.Random(options.random_seed)
        annomi["high"] = rng.sample(annomi["high"], min(options.n_high, len(annomi["high"])))
    record = (_validate_pairs if options.pairwise else _validate_scores)(annomi, prompt, options)
    record |= {"asked_as": options.model, "annomi_sha256": ANNOMI_SHA256, "random_seed": options.random_seed}
    record = rounded(record | {"is_valid": is_valid(record["items"])})
    path = validation_path(options.validations, prompt, record["model"])
    _write(path, record)
    print(f"{render_validation(record)}\nwritten to {path}")
    return 0 if record["is_valid"] else 1


def _validate_scores(
    annomi: dict[str, list[Transcript]], prompt: Prompt, options: Namespace
) -> dict[str, Any]:
    rated = rate([*annomi["high"], *annomi["low"]], prompt, options)
    high, low = (
        [rated.scores[t.digest] for t in annomi[quality] if t.digest in rated.scores]
        for quality in ("high", "low")
    )
    second = [(path, *read_scores(path)) for path in options.second]
    return {
        "prompt": prompt.name,
        "prompt_sha256": prompt.sha256,
        "model": rated.model,
        "items": separate(high, low, options.random_seed),
        "second": [{"model": name, "items": agree(rated.scores, scores)} for _, name, scores in second],
        "n_refused": len(rated.refused),
        "scores": rated.scores,
    }


def _validate_pairs(
    annomi: dict[str, list[Transcript]], prompt: Prompt, options: Namespace
) -> dict[str, Any]:
    report = compare_systems({"high": annomi["high"], "low": annomi["low"]}, prompt, options)
    (wins,) = report["wins"]
    n = wins["n_pairs"]
    figures = {"auc": wins["probability"], "interval": wins["interval"], "n_high": n, "n_low": n}
    kept = {key: report[key] for key in ("prompt", "prompt_sha256", "model", "consistent_share", "verdicts")}
    return kept | {"items": {OVERALL: figures}, "second": [], "n_refused": len(report["refused"])}


def _refuse_early(prompt: Prompt, options: Namespace) -> None:
    """Refuse before anything is asked, where the model's name is known."""
    if options.model is not None and options.backend in ("openai", "transformers", "batch"):
        _validation(prompt, options.model, options)


def _validation(prompt: Prompt, model: str, options: Namespace) -> dict[str, Any] | None:
    return None if options.unvalidated else require_validation(options.validations, prompt, model)


def _write(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None:
        write_json(path, report)
