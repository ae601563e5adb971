"""Training of the classifier; the one module of `metrics` that needs scikit-learn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from forecaster.encoder import N_DIMENSIONS, SentenceEncoder
from kmi import Role
from metrics.coding.classifier import LABELS, Classifier, LinearModel
from metrics.coding.features import utterance_features
from metrics.transcripts import Transcript

SHRINKAGE = 0.3
"""Inverse strength of the penalty; chosen, as the figures below, by cross-validation on AnnoMI-high."""
VECTOR_WEIGHT = 2.0
OTHER_WEIGHT = 0.3
OWN_CORPUS_WEIGHT = 1.0
"""Weight of a turn of our own corpus beside one of AnnoMI."""
MAX_ROUNDS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Labeled turns of one speaker as rows.

    Attributes:
        rows: Features, shape (n, `N_FEATURES`).
        targets: Place of the label in `LABELS`, shape (n,).
        groups: Number of the transcript, shape (n,).
        weights: Weight in training, shape (n,).
    """

    rows: np.ndarray
    targets: np.ndarray
    groups: np.ndarray
    weights: np.ndarray

    def select(self, mask: np.ndarray) -> "Examples":
        """Return the examples where the mask is true."""
        return Examples(self.rows[mask], self.targets[mask], self.groups[mask], self.weights[mask])


def make_examples(
    transcripts: Sequence[Transcript], role: Role, weights: Sequence[float], encoder: SentenceEncoder
) -> Examples:
    """Describe the labeled turns of one speaker.

    Args:
        transcripts: Dialogues with labels; a turn without one is passed over.
        role: Speaker.
        weights: Weight of each transcript's turns, shape (n_transcripts,).
        encoder: Sentence encoder.
    """
    rows, targets, groups = [], [], []
    for number, transcript in enumerate(transcripts):
        labels = [turn.label for turn in transcript.turns if turn.role is role]
        features = utterance_features(transcript.turns, role, encoder)
        kept = [place for place, label in enumerate(labels) if label is not None]
        rows.append(features[kept])
        targets += [LABELS[role].index(labels[place]) for place in kept]
        groups += [number] * len(kept)
    numbers = np.array(groups, int)
    return Examples(np.concatenate(rows), np.array(targets, int), numbers, np.array(weights, float)[numbers])


def fit_model(examples: Examples, role: Role) -> LinearModel:
    """Fit the model of one speaker; the scaling of the columns is folded into its weights.

    Raises:
        ValueError: If the examples hold fewer than two labels.
    """
    if len(np.unique(examples.targets)) < 2:
        raise ValueError(f"the turns of the {role} bear fewer than two labels; give coded dialogues")
    n_vectors = 2 * N_DIMENSIONS
    mean, deviation = examples.rows.mean(0, dtype=float), examples.rows.std(0, dtype=float)
    factor = np.where(deviation > 1e-6, OTHER_WEIGHT / np.maximum(deviation, 1e-6), 0.0)
    factor[:n_vectors], mean[:n_vectors] = VECTOR_WEIGHT, 0.0
    model = LogisticRegression(C=SHRINKAGE, max_iter=MAX_ROUNDS)
    model.fit((examples.rows - mean) * factor, examples.targets, sample_weight=examples.weights)
    # Two labels alone make one column of coefficients, that of the second.
    binary = len(model.classes_) == 2
    coefficients = np.vstack([-model.coef_, model.coef_]) / 2 if binary else model.coef_
    intercepts = np.append(-model.intercept_, model.intercept_) / 2 if binary else model.intercept_
    weights = np.zeros((examples.rows.shape[1], len(LABELS[role])))
    bias = np.full(len(LABELS[role]), -np.inf)
    weights[:, model.classes_] = coefficients.T * factor[:, None]
    bias[model.classes_] = intercepts - mean @ weights[:, model.classes_]
    return LinearModel(weights.astype(np.float32), bias.astype(np.float32))


def train_classifier(
    transcripts: Sequence[Transcript],
    weights: Sequence[float],
    encoder: SentenceEncoder,
    report: Callable[[Role], object] = lambda _: None,
) -> Classifier:
    """Train both models on labeled transcripts.

    Args:
        transcripts: Dialogues with labels.
        weights: Weight of each transcript's turns.
        encoder: Sentence encoder.
        report: Called after each fit, for progress.
    """
    models = {}
    for role in LABELS:
        models[role] = fit_model(make_examples(transcripts, role, weights, encoder), role)
        report(role)
    return Classifier(models)
