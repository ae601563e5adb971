"""Evaluates next-label forecasts of the therapist by grouped cross-validation, from the past only.

Source:
    Kim et al. (2025), KMI: the 4,440 therapist turns of AnnoMI's 110 high-quality sessions as targets.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from math import log
from pathlib import Path

import numpy as np

from forecaster.corpus import CorpusError, Session, Turn, select_variant
from forecaster.ngram import train_ngram
from kmi import THERAPIST_LABELS, Label, Role

N_FOLDS = 5
FOLD_RANDOM_STATE = 42
N_CALIBRATION_BINS = 15
AUTHORS_NAMES = {"Other": Label.GENERAL, "Change": Label.CHANGE_TALK, "Not Change": Label.NEUTRAL}


def fold_sessions(n_sessions: int) -> list[list[int]]:
    """Split session indices into folds.

    The folds are those of scikit-learn's GroupKFold(5, shuffle=True, random_state=42) over transcript ids.
    All turns of a session stay in one fold; sessions are to be sorted by transcript id.
    """
    order = np.random.RandomState(FOLD_RANDOM_STATE).permutation(n_sessions)
    return [sorted(fold.tolist()) for fold in np.array_split(order, N_FOLDS)]


def forecast_held_out(sessions: Sequence[Session]) -> list[list[dict[Label, float]]]:
    """Forecast every therapist turn of each session from the turns before it, by a model of the other folds.

    Args:
        sessions: Sorted by transcript id.

    Returns:
        The forecasts of each session, in the order of its therapist turns.
    """
    if len(sessions) < N_FOLDS:
        raise ValueError(
            f"{len(sessions)} sessions are too few for {N_FOLDS} folds; give the whole of AnnoMI"
        )
    forecasts: list[list[dict[Label, float]]] = [[] for _ in sessions]
    for fold in fold_sessions(len(sessions)):
        held_out = set(fold)
        model = train_ngram([s for i, s in enumerate(sessions) if i not in held_out], Role.THERAPIST)
        for index in fold:
            labels = [turn.label.value for turn in sessions[index].turns]
            forecasts[index] = [
                model.predict_from_session(labels[:position])
                for position, turn in enumerate(sessions[index].turns)
                if turn.role is Role.THERAPIST
            ]
    return forecasts


def evaluate_ngram(sessions: Sequence[Session], *, variant: str = "full") -> dict[str, str | int | float]:
    """Cross-validate the n-gram on every therapist turn of a variant.

    Returns:
        `model`, `variant`, `n_targets`, and the figures of `score_forecasts`.
    """
    ordered = sorted(select_variant(sessions, variant), key=lambda session: session.transcript_id)
    forecasts = [forecast for session in forecast_held_out(ordered) for forecast in session]
    targets = [turn.label for session in ordered for turn in session.turns if turn.role is Role.THERAPIST]
    figures = score_forecasts(forecasts, targets)
    return {"model": "n-gram", "variant": variant, "n_targets": len(targets), **figures}


def score_forecasts(forecasts: Sequence[dict[Label, float]], targets: Sequence[Label]) -> dict[str, float]:
    """Return accuracy, top-3 accuracy, macro-F1 over the therapist's labels, log loss (nats) and ECE.

    ECE is over the top label's probability in 15 bins of equal width. Ties go to the label that stands first.

    Source:
        Guo et al. (2017), On Calibration of Modern Neural Networks, equation 3 (ECE).
    """
    if not targets:
        raise ValueError("there is no therapist turn to score; give sessions with therapist turns")
    n = len(targets)
    ranked = [sorted(forecast, key=forecast.__getitem__, reverse=True) for forecast in forecasts]
    hits = [labels[0] is target for labels, target in zip(ranked, targets, strict=True)]
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(N_CALIBRATION_BINS)]
    for forecast, labels, hit in zip(forecasts, ranked, hits, strict=True):
        confidence = forecast[labels[0]]
        bins[min(int(confidence * N_CALIBRATION_BINS), N_CALIBRATION_BINS - 1)].append((confidence, hit))
    gaps = [abs(sum(hit - confidence for confidence, hit in members)) for members in bins]
    return {
        "accuracy": sum(hits) / n,
        "top3_accuracy": sum(target in labels[:3] for labels, target in zip(ranked, targets, strict=True))
        / n,
        "macro_f1": sum(_f1(label, ranked, targets) for label in THERAPIST_LABELS) / len(THERAPIST_LABELS),
        "log_loss": -sum(log(forecast[target]) for forecast, target in zip(forecasts, targets, strict=True))
        / n,
        "ece": sum(gaps) / n,
    }


def _f1(label: Label, ranked: Sequence[Sequence[Label]], targets: Sequence[Label]) -> float:
    n_hits = sum(
        labels[0] is label and target is label for labels, target in zip(ranked, targets, strict=True)
    )
    n_either = sum(labels[0] is label for labels in ranked) + sum(target is label for target in targets)
    return 2 * n_hits / n_either if n_either else 0.0


def with_authors_labels(sessions: Sequence[Session], path: Path) -> list[Session]:
    """Replace the therapist labels by those of the KMI authors' file, matched by text; for evaluation only.

    Client labels stay AnnoMI's (the authors' file tells change talk only). A client turn that AnnoMI lacks
    takes the authors' label.

    Raises:
        CorpusError: If the file is missing, has another form, or lacks a session.
    """
    try:
        content = {
            record["dialogue_id"]: record["dialogue"]
            for record in json.loads(path.read_text(encoding="utf-8"))
        }
        return [_relabel(session, content[session.transcript_id]) for session in sessions]
    except OSError as error:
        raise CorpusError(f"cannot read the authors' labels {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"{path} is not the authors' label file ({error!r}); expected: "
            "[{dialogue_id, dialogue: [{speaker, utterance, label}]}]"
        ) from error


def _relabel(session: Session, dialogue: list[dict[str, str]]) -> Session:
    ours = [turn.text for turn in session.turns]
    theirs = [record["utterance"].strip() for record in dialogue]
    matches = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    source = {block.b + k: session.turns[block.a + k] for block in matches for k in range(block.size)}
    turns = []
    for index, record in enumerate(dialogue):
        role = Role(record["speaker"].capitalize())
        label = AUTHORS_NAMES.get(record["label"]) or Label(record["label"])
        if role is Role.CLIENT and index in source and source[index].role is role:
            label = source[index].label
        turns.append(Turn(role, label, theirs[index]))
    return replace(session, turns=tuple(turns))
