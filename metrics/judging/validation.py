"""Validation: whether a judge tells AnnoMI's high-quality sessions from its low-quality ones, kept as a file.

The file is named by prompt and model, so that a changed prompt or another model has to be validated anew. It
holds scores under the digests of the transcripts, and no text.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np

from generation.prompts import Prompt
from metrics.agreement import cohen_kappa
from metrics.separation import area_interval, area_under_curve

FOLDER = Path(__file__).with_name("validations")
OVERALL = "overall"
CHANCE = 0.5
N_KEY = 16

Scores = dict[str, dict[str, float | None]]
"""Scores of each item, under the digest of the transcript; None where an item does not apply."""


class NotValidatedError(ValueError):
    """Raised where a judge would score without having shown that it can."""


def validation_path(folder: Path, prompt: Prompt, model: str) -> Path:
    """Return where the validation of a prompt with a model lies."""
    key = hashlib.sha256(f"{prompt.sha256} {model}".encode()).hexdigest()[:N_KEY]
    return folder / f"{prompt.name}-{key}.json"


def separate(
    high: Sequence[Mapping[str, float | None]],
    low: Sequence[Mapping[str, float | None]],
    random_seed: int,
    n_resamples: int = 2000,
) -> dict[str, dict[str, Any]]:
    """Measure for every item, and for their mean, how well it tells high from low.

    Args:
        high: Scores of each high-quality transcript by item.
        low: Scores of each low-quality one.
        random_seed: Start of the bootstrap's draws, anew for every item.
        n_resamples: Bootstrap resamples, 1 or more.

    Returns:
        For each item and for `OVERALL`: area under the curve with its interval, numbers of transcripts and
        mean scores of both groups; ``nan`` where a group has no score.
    """
    found = {}
    for item in (OVERALL, *(high[0] if high else ())):
        scores = [
            [score for one in group if (score := score_of(one, item)) is not None] for group in (high, low)
        ]
        rng = np.random.default_rng(random_seed)
        found[item] = {
            "auc": area_under_curve(*scores),
            "interval": list(area_interval(*scores, rng, n_resamples)),
            "n_high": len(scores[0]),
            "n_low": len(scores[1]),
            "mean_high": float(np.mean(scores[0])) if scores[0] else nan,
            "mean_low": float(np.mean(scores[1])) if scores[1] else nan,
        }
    return found


def score_of(scores: Mapping[str, float | None], item: str) -> float | None:
    """Return the score of an item, or for `OVERALL` the mean of those that apply.

    Example:
        >>> score_of({"empathy": 4, "arc": 2, "safety": None}, OVERALL)
        3.0
    """
    if item != OVERALL:
        return scores[item]
    known = [score for score in scores.values() if score is not None]
    return sum(known) / len(known) if known else None


def agree(first: Scores, second: Scores) -> dict[str, dict[str, Any]]:
    """Measure by quadratic kappa how two judges or raters agree on the transcripts that both scored.

    Returns:
        For each item that both know: `n` transcripts that both gave a score, and `kappa`.
    """
    shared = sorted(first.keys() & second.keys())
    items = [item for item in next(iter(first.values()), {}) if any(item in second[d] for d in shared)]
    found = {}
    for item in items:
        pairs = [(first[d][item], second[d].get(item)) for d in shared]
        pairs = [pair for pair in pairs if None not in pair]
        kappa = cohen_kappa([a for a, _ in pairs], [b for _, b in pairs], "quadratic")
        found[item] = {"n": len(pairs), "kappa": kappa}
    return found


def is_valid(figures: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether the overall score separates: the lower end of its interval lies above chance."""
    low = figures[OVERALL]["interval"][0]
    return low is not None and not isnan(low) and low > CHANCE


def read_scores(path: Path) -> tuple[str, Scores]:
    """Read the scores of another judge or rater from a validation, a judge's report, or a file of its own.

    Args:
        path: JSON with `scores`: item scores, 1 to 5 or null, by digest; and `model`, who gave them.

    Returns:
        Who gave them, and the scores.

    Raises:
        ValueError: If the file does not hold them.
    """
    record = _read(path)
    scores = record.get("scores")
    if not isinstance(scores, dict) or not all(isinstance(items, dict) for items in scores.values()):
        shape = '{"model": …, "scores": {digest: {item: 1 to 5}}}'
        raise ValueError(f"{path}: no scores; expected {shape}")
    return str(record.get("model") or path.stem), scores


def require_validation(folder: Path, prompt: Prompt, model: str) -> dict[str, Any]:
    """Read the validation of a prompt with a model.

    Args:
        folder: Where validations lie.
        prompt: Prompt of the judge.
        model: Model that answers, or the name by which it is asked.

    Raises:
        NotValidatedError: If there is none, or it shows no separation.
    """
    records = [_read(path) for path in sorted(folder.glob(f"{prompt.name}-*.json"))]
    names = [
        record
        for record in records
        if record.get("prompt_sha256") == prompt.sha256
        and model in (record.get("model"), record.get("asked_as"))
    ]
    if not names:
        raise NotValidatedError(
            f"{prompt.name} with {model} is not validated in {folder}; run `python -m metrics judge "
            "validate`, or judge with --unvalidated, which marks the result"
        )
    if not names[0]["is_valid"]:
        overall = names[0]["items"][OVERALL]
        raise NotValidatedError(
            f"{prompt.name} with {model} does not tell high from low (overall AUC {overall['auc']}, interval "
            f"{overall['interval']}); take another model or prompt, or judge with --unvalidated"
        )
    return names[0]


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(record, dict):
        raise ValueError(f"{path} holds no JSON object")
    return record
