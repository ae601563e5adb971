"""Interpolated label n-gram: the next label of one speaker from the labels before it, nothing else.

Every order of context is a count table; the estimate of an order is drawn toward the order below by a
Dirichlet prior of fixed strength, down to the uniform distribution. That keeps the probabilities calibrated
without a held-out fit, and each can be worked out by hand.

Source:
    MacKay and Peto (1995), A Hierarchical Dirichlet Language Model, Natural Language Engineering 1(3).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forecaster.corpus import Session, Turn
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role

WEIGHTS_PATH = Path(__file__).parent / "weights" / "ngram.json"
LIST_ITEM_BREAK = re.compile(r"\n\s+(?=[\d\]])")
WEIGHTS_FORMAT = "kmi-ngram-1"
START = "^"
LABELS = {Role.THERAPIST: THERAPIST_LABELS, Role.CLIENT: CLIENT_LABELS}
DEFAULT_ORDER = {Role.THERAPIST: 5, Role.CLIENT: 2}
DEFAULT_STRENGTH = {Role.THERAPIST: 80.0, Role.CLIENT: 40.0}


class WeightsError(ValueError):
    """A weights file cannot be used."""


@dataclass(frozen=True, slots=True)
class NgramForecaster:
    """Label n-gram of one speaker.

    Attributes:
        role: The speaker whose label is forecast.
        strength: Pseudo-counts that the shorter context contributes to the longer one; above 0.
        tables: Context -> counts in the order of the role's labels; a context is the last k labels of the
            history, oldest first, joined by "|"; the empty context is "". Positions before the start are "^".
        order: Longest context.
    """

    role: Role
    strength: float
    tables: Mapping[str, tuple[int, ...]]
    order: int

    def predict_proba(self, history: Sequence[Turn]) -> dict[Label, float]:
        """Return the probability of each label of the role; see `forecaster.interface`."""
        if history and history[-1].role is self.role:
            raise ValueError(
                f"the history ends with the {self.role} ({history[-1].label.value}), whose next label is asked "
                f"for; give a history that ends with the other speaker, or merge the {self.role}'s turns"
            )
        labels = [turn.label.value for turn in history[-self.order :]] if self.order else []
        return self.predict_from_labels(tuple(labels))

    def predict_from_labels(self, labels: tuple[str, ...]) -> dict[Label, float]:
        """Return the probabilities after the given labels (the last `order` of the history, fewer at the start)."""
        own_labels = LABELS[self.role]
        padded = (START,) * (self.order - len(labels)) + labels
        estimate = [1.0 / len(own_labels)] * len(own_labels)
        for length in range(self.order + 1):
            counts = self.tables.get("|".join(padded[len(padded) - length :]))
            if counts is None:
                break
            total = sum(counts) + self.strength
            estimate = [
                (count + self.strength * shorter) / total
                for count, shorter in zip(counts, estimate, strict=True)
            ]
        return dict(zip(own_labels, estimate, strict=True))

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[Mapping[Label, float]]:
        """Return `predict_proba` of each history."""
        return [self.predict_proba(history) for history in histories]


def train_ngram(
    sessions: Iterable[Session], role: Role, *, order: int | None = None, strength: float | None = None
) -> NgramForecaster:
    """Count the label contexts of one speaker.

    Args:
        sessions: Coded sessions. Where two turns of the role follow each other (variant `full`), the second
            is counted after a history from which the first is not removed.
        role: The speaker to be forecast.
        order: Longest context; None for the default of the role.
        strength: Pseudo-counts of the shorter context; None for the default of the role.

    Raises:
        ValueError: If there is no turn of the role to learn from.
    """
    order = DEFAULT_ORDER[role] if order is None else order
    strength = DEFAULT_STRENGTH[role] if strength is None else strength
    index = {label: number for number, label in enumerate(LABELS[role])}
    tables: dict[str, list[int]] = {}
    for session in sessions:
        labels = [START] * order
        for turn in session.turns:
            if turn.role is role:
                for length in range(order + 1):
                    counts = tables.setdefault("|".join(labels[len(labels) - length :]), [0] * len(index))
                    counts[index[turn.label]] += 1
            labels.append(turn.label.value)
    if not tables:
        raise ValueError(f"the sessions hold no turn of the {role}; give coded sessions with both speakers")
    return NgramForecaster(
        role, strength, {context: tuple(counts) for context, counts in tables.items()}, order
    )


def prune(model: NgramForecaster, min_count: int) -> NgramForecaster:
    """Drop contexts seen fewer than `min_count` times; their histories fall back to the shorter context."""
    kept = {
        context: counts for context, counts in model.tables.items() if not context or sum(counts) >= min_count
    }
    return NgramForecaster(model.role, model.strength, kept, model.order)


def save_weights(
    models: Iterable[NgramForecaster],
    about: Mapping[str, object],
    path: Path = WEIGHTS_PATH,
    *,
    bigram_weights: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Write the models, and the planner's bigram weights, as JSON: label statistics, no text."""
    tables = {
        model.role.value: {
            "order": model.order,
            "strength": model.strength,
            "labels": [label.value for label in LABELS[model.role]],
            "tables": {context: list(counts) for context, counts in sorted(model.tables.items())},
        }
        for model in models
    }
    content = {
        "format": WEIGHTS_FORMAT,
        "about": about,
        "models": tables,
        "bigram_weights": bigram_weights or {},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(LIST_ITEM_BREAK.sub(" ", text) + "\n", encoding="utf-8")
    part.replace(path)


@lru_cache(maxsize=8)
def load_ngram(role: Role, path: Path = WEIGHTS_PATH) -> NgramForecaster:
    """Load the n-gram of one speaker from a weights file (the shipped one by default).

    Raises:
        WeightsError: If the file is missing, not JSON of this format, or made for other labels.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"no weights at {path}; run `python -m forecaster train --out {path}`") from error
    except ValueError as error:
        raise WeightsError(f"{path} is not JSON ({error}); run `python -m forecaster train` again") from error
    if not isinstance(content, dict) or content.get("format") != WEIGHTS_FORMAT:
        raise WeightsError(
            f"{path} is not of the format {WEIGHTS_FORMAT!r}; run `python -m forecaster train` again"
        )
    model = content["models"][role.value]
    if model["labels"] != [label.value for label in LABELS[role]]:
        raise WeightsError(
            f"{path} was made for the labels {model['labels']}; run `python -m forecaster train` again"
        )
    tables = {context: tuple(counts) for context, counts in model["tables"].items()}
    return NgramForecaster(role, float(model["strength"]), tables, int(model["order"]))
