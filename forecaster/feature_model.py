"""A trained forecaster of the therapist's next label: a linear part and boosted trees, averaged.

The log probabilities of the parts are averaged (a geometric mean), then sharpened or flattened by one fitted
temperature and shifted by a fitted bias of each label, so that a stated probability is the share of cases in
which it comes true.

Source:
    Alexandari, Kundaje and Shrikumar (2020), Maximum Likelihood with Bias-Corrected Calibration is
    Hard-To-Beat at Label Shift Adaptation, ICML, section 2 (bias-corrected temperature scaling).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from forecaster.corpus import Turn
from forecaster.encoder import N_DIMENSIONS, is_installed
from forecaster.feature_blocks import block_width, featurize
from forecaster.forest import Forest
from forecaster.ngram import WeightsError
from forecaster.recipes import RECIPES, Recipe
from forecaster.tensors import TensorsError, read_tensors, write_tensors
from kmi import THERAPIST_LABELS, Label, Role

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
WEIGHTS_FORMAT = "kmi-features-1"


@dataclass(frozen=True, slots=True, eq=False)
class FeatureForecaster:
    """Forecaster of the therapist's next label; follows `forecaster.interface.Forecaster`.

    Attributes:
        recipe: What the model reads.
        weights: Linear part, shape (n_columns, 8).
        bias: Linear part, shape (8,).
        projections: Principal components of each vector block, shape (512, n_components) each.
        forests: Sets of boosted trees over the dense columns and the projected vectors.
        temperature: Log probabilities are divided by it; above 0.
        label_bias: Added after that, one number a label.
    """

    recipe: Recipe
    weights: np.ndarray
    bias: np.ndarray
    projections: tuple[np.ndarray, ...]
    forests: tuple[Forest, ...]
    temperature: float = 1.0
    label_bias: tuple[float, ...] = (0.0,) * len(THERAPIST_LABELS)

    @property
    def role(self) -> Role:
        """The therapist."""
        return Role.THERAPIST

    def predict_proba(self, history: Sequence[Turn]) -> dict[Label, float]:
        """Return the probability of each therapist label; see `forecaster.interface`."""
        return self.predict_proba_batch([history])[0]

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[dict[Label, float]]:
        """Return the probabilities after each history, texts encoded in one pass."""
        for history in histories:
            check_history(history)
        rows = self.predict_rows(featurize(histories, self.recipe)).tolist()
        return [dict(zip(THERAPIST_LABELS, row, strict=True)) for row in rows]

    def predict_rows(self, rows: np.ndarray) -> np.ndarray:
        """Return the probabilities of rows of features, shape (n, 8)."""
        logs = log_softmax(rows @ self.weights + self.bias)
        if self.forests:
            seen = tree_columns(rows, self.recipe, self.projections)
            logs = logs + sum(log_softmax(forest.scores(seen)) for forest in self.forests)
            logs = logs / (1 + len(self.forests))
        return np.exp(log_softmax(logs / self.temperature + np.asarray(self.label_bias, logs.dtype)))


def check_history(history: Sequence[Turn]) -> None:
    """Refuse a history after which the client is to speak.

    Raises:
        ValueError: If the last turn is the therapist's.
    """
    if history and history[-1].role is Role.THERAPIST:
        raise ValueError(
            f"the history ends with the Therapist ({history[-1].label.value}), whose next label is "
            "asked for; give a history that ends with the other speaker, or merge the turns"
        )


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Normalize scores to log probabilities, row by row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def tree_columns(rows: np.ndarray, recipe: Recipe, projections: Sequence[np.ndarray]) -> np.ndarray:
    """Return what the trees see: the dense columns, then each vector block's principal components."""
    n_dense = rows.shape[1] - N_DIMENSIONS * len(recipe.vector_blocks)
    parts = [rows[:, :n_dense]]
    for number, projection in enumerate(projections):
        start = n_dense + number * N_DIMENSIONS
        parts.append(rows[:, start : start + N_DIMENSIONS] @ projection)
    return np.concatenate(parts, axis=1)


def save_model(model: FeatureForecaster, about: Mapping[str, object], path: Path) -> None:
    """Write a model as one safetensors file; what it was trained on stands in its header."""
    arrays = {"linear.weights": model.weights.astype("<f4"), "linear.bias": model.bias.astype("<f4")}
    for number, projection in enumerate(model.projections):
        arrays[f"projection{number}"] = projection.astype("<f4")
    for number, forest in enumerate(model.forests):
        arrays |= forest.to_arrays(f"forest{number}")
    settings = {
        "labels": [label.value for label in THERAPIST_LABELS],
        "temperature": model.temperature,
        "label_bias": model.label_bias,
        "recipe": asdict(model.recipe),
    }
    metadata = {
        "format": WEIGHTS_FORMAT,
        "settings": json.dumps(settings),
        "about": json.dumps(about, ensure_ascii=False),
    }
    write_tensors(arrays, metadata, path)


@lru_cache(maxsize=8)
def load_model(path: Path) -> FeatureForecaster:
    """Load a model from its weights file.

    Raises:
        WeightsError: If the file is missing, of another format, or made for other labels or features.
    """
    try:
        arrays, metadata = read_tensors(path)
        if metadata.get("format") != WEIGHTS_FORMAT:
            raise TensorsError(f"{path} is not of the format {WEIGHTS_FORMAT!r}")
        settings = json.loads(metadata["settings"])
        recipe = _recipe(settings["recipe"])
        if settings["labels"] != [label.value for label in THERAPIST_LABELS]:
            raise TensorsError(f"{path} was made for the labels {', '.join(settings['labels'])}")
        if len(arrays["linear.weights"]) != sum(map(block_width, recipe.blocks)):
            raise TensorsError(f"{path} was made for other features")
        return FeatureForecaster(
            recipe=recipe,
            weights=arrays["linear.weights"],
            bias=arrays["linear.bias"],
            projections=tuple(arrays[f"projection{n}"] for n in range(len(recipe.vector_blocks))),
            forests=tuple(Forest.from_arrays(arrays, f"forest{n}") for n in range(recipe.n_forests)),
            temperature=settings["temperature"],
            label_bias=tuple(settings["label_bias"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{error}; run `python -m forecaster train`") from error


def _recipe(fields: dict) -> Recipe:
    pairs = tuple((name, value) for name, value in fields["emphasis"])
    return Recipe(**{**fields, "blocks": tuple(fields["blocks"]), "emphasis": pairs})


def weights_path(name: str) -> Path:
    """Return where the shipped weights of a model lie."""
    return WEIGHTS_FOLDER / f"{name}.safetensors"


def default_name() -> str:
    """Return the name of the default model: with sentence vectors where the encoder is installed."""
    return "portable-vectors" if is_installed() else "portable"


def load_forecaster(name: str | None = None) -> FeatureForecaster:
    """Load a shipped model by name; None for the default.

    Raises:
        WeightsError: If the name is unknown or the weights cannot be read.
    """
    name = name or default_name()
    if name not in RECIPES:
        raise WeightsError(f"model {name!r} is unknown; allowed: {', '.join(RECIPES)}")
    return load_model(weights_path(name))
