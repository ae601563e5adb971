"""Classifier: labels without a language model, from shipped weights, with numpy and the encoder alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from forecaster.encoder import SentenceEncoder, load_encoder
from forecaster.tensors import TensorsError, read_tensors, write_tensors
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role
from metrics.coding.features import N_FEATURES, utterance_features
from metrics.transcripts import Turn

WEIGHTS = Path(__file__).with_name("classifier.safetensors")
FORMAT = "kmi-utterance-classifier-1"
LABELS = {Role.THERAPIST: THERAPIST_LABELS, Role.CLIENT: CLIENT_LABELS}


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Multinomial logistic regression over the features of one speaker.

    Attributes:
        weights: Shape (`N_FEATURES`, n_labels).
        bias: Shape (n_labels,).
    """

    weights: np.ndarray
    bias: np.ndarray

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Return the place of each row's most probable label, shape (n_rows,)."""
        return (rows @ self.weights + self.bias).argmax(axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """One model for each speaker.

    Attributes:
        models: Models by speaker; labels in the order of `LABELS`.
    """

    models: Mapping[Role, LinearModel]

    def label_turns(self, turns: Sequence[Turn], encoder: SentenceEncoder | None = None) -> list[Label]:
        """Label every turn of a dialogue from the texts alone.

        Args:
            turns: The whole dialogue, Korean or English.
            encoder: Sentence encoder; None loads it.

        Returns:
            One label a turn, shape (n_turns,), each of its speaker.

        Raises:
            EncoderMissingError: If the encoder is not installed.
        """
        encoder = encoder or load_encoder()
        found = {}
        for role, labels in LABELS.items():
            places = self.models[role].predict(utterance_features(turns, role, encoder))
            found[role] = iter([labels[place] for place in places])
        return [next(found[turn.role]) for turn in turns]


def save_classifier(classifier: Classifier, about: Mapping[str, object], path: Path) -> None:
    """Write a classifier as one safetensors file; what it was trained on stands in its header."""
    arrays = {}
    for role, model in classifier.models.items():
        arrays[f"{role.value}.weights"] = model.weights.astype("<f4")
        arrays[f"{role.value}.bias"] = model.bias.astype("<f4")
    labels = {role.value: [label.value for label in labels] for role, labels in LABELS.items()}
    metadata = {
        "format": FORMAT,
        "labels": json.dumps(labels),
        "about": json.dumps(about, ensure_ascii=False),
    }
    write_tensors(arrays, metadata, path)


@lru_cache(maxsize=2)
def load_classifier(path: Path = WEIGHTS) -> Classifier:
    """Load a classifier.

    Raises:
        TensorsError: If the file is missing, of another format, or made for other labels or features.
    """
    arrays, metadata = read_tensors(path)
    wanted = {role.value: [label.value for label in labels] for role, labels in LABELS.items()}
    if metadata.get("format") != FORMAT or json.loads(metadata["labels"]) != wanted:
        raise TensorsError(f"{path} is no classifier of these labels; run `python -m metrics coder train`")
    models = {
        role: LinearModel(arrays[f"{role.value}.weights"], arrays[f"{role.value}.bias"]) for role in LABELS
    }
    if any(len(model.weights) != N_FEATURES for model in models.values()):
        raise TensorsError(f"{path} was made for other features; run `python -m metrics coder train`")
    return Classifier(models)
