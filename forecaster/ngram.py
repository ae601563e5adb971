"""Interpolated label n-gram: the next label of one speaker from the labels before it, nothing else.

Every order of context is a count table; the estimate of an order is drawn toward the order below by a
Dirichlet prior of fixed strength, down to the uniform distribution. That keeps the probabilities calibrated
without a held-out fit, and each can be worked out by hand. Given a whole history, the estimate is then bent
toward the label mix of this very speaker so far: therapists differ more than contexts do.

Source:
    MacKay and Peto (1995), A Hierarchical Dirichlet Language Model, Natural Language Engineering 1(3), for
    the interpolation; Kuhn and De Mori (1990), A Cache-Based Natural Language Model for Speech Recognition,
    IEEE TPAMI 12(6), for the cache, which we apply as a damped ratio instead of a linear mixture.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from forecaster.corpus import Session, Turn
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role

START = "^"
LABELS = {Role.THERAPIST: THERAPIST_LABELS, Role.CLIENT: CLIENT_LABELS}
WEIGHTS_PATH = Path(__file__).parent / "weights" / "ngram.json"
WEIGHTS_FORMAT = "kmi-ngram-1"
BREAK_INSIDE_COUNTS = re.compile(r"\n\s+(?=[\d\]])")
BigramWeights = Mapping[str, Mapping[str, float]]


class WeightsError(ValueError):
    """A weights file cannot be used."""


@dataclass(frozen=True, slots=True)
class NgramSettings:
    """How an n-gram is smoothed.

    Attributes:
        order: Longest context, in turns; 0 or more.
        strength: Pseudo-counts that the shorter context contributes to the longer one; above 0.
        cache_strength: Turns' worth of weight of the corpus's label mix against the session's own; above 0.
        cache_exponent: How far the session's own mix bends the estimate; 0 not at all, 1 fully.
    """

    order: int
    strength: float
    cache_strength: float = 20.0
    cache_exponent: float = 0.0

    def __post_init__(self) -> None:
        if (
            self.order < 0
            or self.strength <= 0
            or self.cache_strength <= 0
            or not 0 <= self.cache_exponent <= 1
        ):
            raise ValueError(
                f"{self}: allowed are order >= 0, strength > 0, cache_strength > 0, "
                "cache_exponent from 0 to 1"
            )


DEFAULT_SETTINGS = {
    Role.THERAPIST: NgramSettings(order=5, strength=80.0, cache_exponent=0.5),
    Role.CLIENT: NgramSettings(order=2, strength=40.0),
}


@dataclass(frozen=True, slots=True)
class NgramForecaster:
    """Label n-gram of one speaker; follows the protocol `forecaster.interface.Forecaster`.

    Attributes:
        role: The speaker whose label is forecast.
        settings: Order and smoothing.
        tables: Context -> counts in the order of the role's labels; a context is the last k labels of the
            history, oldest first, joined by "|"; the empty context is "". Positions before the start are "^".
    """

    role: Role
    settings: NgramSettings
    tables: Mapping[str, tuple[int, ...]]

    def predict_proba(self, history: Sequence[Turn]) -> dict[Label, float]:
        """Return the probability of each label of the role; see `forecaster.interface`."""
        if history and history[-1].role is self.role:
            raise ValueError(
                f"the history ends with the {self.role} ({history[-1].label.value}), whose next label is "
                f"asked for; give a history that ends with the other speaker, or merge the turns"
            )
        return self.predict_from_session([turn.label.value for turn in history])

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[Mapping[Label, float]]:
        """Return `predict_proba` of each history."""
        return [self.predict_proba(history) for history in histories]

    def predict_from_session(self, labels: Sequence[str]) -> dict[Label, float]:
        """Return the probabilities after all labels of a session so far, the session's own mix included.

        With n turns of the role so far, c of them labeled y, and the corpus share u(y), the estimate of the
        context is multiplied by (((c + k u(y)) / (n + k)) / u(y)) ** e and normalized, where k is
        `cache_strength` and e `cache_exponent`. A label that the corpus lacks counts half a turn there.
        """
        estimate = self.predict_from_labels(
            tuple(labels[-self.settings.order :] if self.settings.order else ())
        )
        if not self.settings.cache_exponent:
            return estimate
        corpus = self.tables[""]
        n_corpus = sum(corpus)
        own = [labels.count(label.value) for label in LABELS[self.role]]
        strength = self.settings.cache_strength
        bent = {}
        for (label, share), count, corpus_count in zip(estimate.items(), own, corpus, strict=True):
            usual = max(corpus_count, 0.5) / n_corpus
            ratio = (count + strength * usual) / (sum(own) + strength) / usual
            bent[label] = share * ratio**self.settings.cache_exponent
        total = sum(bent.values())
        return {label: share / total for label, share in bent.items()}

    def predict_from_labels(self, labels: tuple[str, ...]) -> dict[Label, float]:
        """Return the probabilities after a context: the last `order` labels, fewer at the start."""
        own_labels = LABELS[self.role]
        padded = (START,) * (self.settings.order - len(labels)) + labels
        estimate = [1.0 / len(own_labels)] * len(own_labels)
        for length in range(self.settings.order + 1):
            counts = self.tables.get("|".join(padded[len(padded) - length :]))
            if counts is None:
                break
            total = sum(counts) + self.settings.strength
            estimate = [
                (count + self.settings.strength * shorter) / total
                for count, shorter in zip(counts, estimate, strict=True)
            ]
        return dict(zip(own_labels, estimate, strict=True))


def train_ngram(
    sessions: Iterable[Session], role: Role, settings: NgramSettings | None = None
) -> NgramForecaster:
    """Count the label contexts of one speaker.

    Args:
        sessions: Coded sessions. In variant `full` two turns of one speaker may follow each other; the first
            then stands in the context of the second.
        role: The speaker to be forecast.
        settings: Order and smoothing; None for the default of the role.

    Raises:
        ValueError: If there is no turn of the role to learn from.
    """
    settings = settings or DEFAULT_SETTINGS[role]
    index = {label: number for number, label in enumerate(LABELS[role])}
    tables: dict[str, list[int]] = {}
    for session in sessions:
        labels = [START] * settings.order
        for turn in session.turns:
            if turn.role is role:
                for length in range(settings.order + 1):
                    counts = tables.setdefault("|".join(labels[len(labels) - length :]), [0] * len(index))
                    counts[index[turn.label]] += 1
            labels.append(turn.label.value)
    if not tables:
        raise ValueError(f"the sessions hold no turn of the {role}; give coded sessions with both speakers")
    return NgramForecaster(role, settings, {context: tuple(counts) for context, counts in tables.items()})


def prune(model: NgramForecaster, min_count: int) -> NgramForecaster:
    """Drop contexts seen fewer than `min_count` times; their histories fall back to the shorter context."""
    kept = {
        context: counts for context, counts in model.tables.items() if not context or sum(counts) >= min_count
    }
    return replace(model, tables=kept)


def save_weights(
    models: Iterable[NgramForecaster],
    about: Mapping[str, object],
    bigram_weights: BigramWeights,
    path: Path = WEIGHTS_PATH,
) -> None:
    """Write the n-grams and the planner's bigram weights, whole or not at all.

    Args:
        models: One n-gram for each role.
        about: Data, protocol and counts, for the reader of the file.
        bigram_weights: Previous therapist label -> next label -> factor; empty if none were fitted.
        path: File to write.
    """
    tables = {
        model.role.value: {
            "settings": asdict(model.settings),
            "labels": [label.value for label in LABELS[model.role]],
            "tables": {context: list(counts) for context, counts in sorted(model.tables.items())},
        }
        for model in models
    }
    content = {"format": WEIGHTS_FORMAT, "about": about, "models": tables, "bigram_weights": bigram_weights}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(BREAK_INSIDE_COUNTS.sub(" ", text) + "\n", encoding="utf-8")
    part.replace(path)


@lru_cache(maxsize=8)
def load_ngram(role: Role, path: Path = WEIGHTS_PATH) -> NgramForecaster:
    """Load the n-gram of one speaker from a weights file (the shipped one by default).

    Raises:
        WeightsError: If the file is missing, not of this format, or made for other labels.
    """
    model = _read(path)["models"].get(role.value)
    labels = [label.value for label in LABELS[role]]
    if model is None or model["labels"] != labels:
        raise WeightsError(
            f"{path} was not made for the {role}'s labels {', '.join(labels)}; "
            "run `python -m forecaster train`"
        )
    tables = {context: tuple(counts) for context, counts in model["tables"].items()}
    return NgramForecaster(role, NgramSettings(**model["settings"]), tables)


def load_bigram_weights(path: Path = WEIGHTS_PATH) -> BigramWeights:
    """Load the planner's fitted factors; empty where none were fitted.

    Raises:
        WeightsError: If the file is missing or not of this format.
    """
    return _read(path)["bigram_weights"]


def _read(path: Path) -> dict:
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
    return content
