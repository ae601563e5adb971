"""Fits the models over features; the one module that needs scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from forecaster.corpus import Session
from forecaster.encoder import N_DIMENSIONS
from forecaster.feature_blocks import block_width, featurize
from forecaster.feature_model import FeatureForecaster, log_softmax, tree_columns
from forecaster.forest import Forest
from forecaster.recipes import Recipe
from kmi import THERAPIST_LABELS, Role

N_INNER_FOLDS = 3
MIN_LABELS = 3
RIDGE = 0.0005
Calibration = tuple[float, tuple[float, ...]]
LEARNING_RATE, MAX_LEAVES, MIN_LEAF, L2, FEATURE_SHARE, MAX_BINS = 0.06, 12, 25, 10.0, 0.2, 64
INDEX = {label: number for number, label in enumerate(THERAPIST_LABELS)}
BOUNDS = [(-0.6, 2.0), *[(-3.0, 3.0)] * len(INDEX)]
UNCALIBRATED: Calibration = (1.0, (0.0,) * len(INDEX))


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Therapist turns as rows of features, with their labels.

    Attributes:
        rows: Features before the turn, shape (n, n_columns).
        targets: Index of the label in `kmi.THERAPIST_LABELS`, shape (n,).
        groups: Position of the session, shape (n,).
    """

    rows: np.ndarray
    targets: np.ndarray
    groups: np.ndarray

    def select(self, mask: np.ndarray) -> "Examples":
        """Return the examples where the mask is true."""
        return Examples(self.rows[mask], self.targets[mask], self.groups[mask])


def make_examples(sessions: Sequence[Session], recipe: Recipe) -> Examples:
    """Describe every therapist turn by the turns before it, and by nothing else."""
    turns = [
        (number, position, turn)
        for number, session in enumerate(sessions)
        for position, turn in enumerate(session.turns)
        if turn.role is Role.THERAPIST
    ]
    if not turns:
        raise ValueError("the sessions hold no therapist turn; give coded sessions with both speakers")
    histories = [sessions[number].turns[:position] for number, position, _ in turns]
    return Examples(
        rows=featurize(histories, recipe),
        targets=np.array([INDEX[turn.label] for _, _, turn in turns]),
        groups=np.array([number for number, _, _ in turns]),
    )


def fit_model(
    examples: Examples, recipe: Recipe, random_seed: int = 0, calibration: Calibration | None = None
) -> FeatureForecaster:
    """Fit a model by its recipe, and its calibration on sessions that its parts were not fitted on.

    Args:
        examples: Training turns, featurized by the recipe.
        recipe: What to fit.
        random_seed: Seed of the trees.
        calibration: None to fit it by an inner grouped cross-validation over the training turns.

    Raises:
        ValueError: If the turns hold too few labels.
    """
    n_labels = len(np.unique(examples.targets))
    if n_labels < MIN_LABELS:
        raise ValueError(f"the training turns hold {n_labels} labels; {MIN_LABELS} or more are needed")
    if calibration is None:
        calibration = _calibrate(examples, recipe, random_seed)
    weights, bias = _fit_linear(examples, recipe)
    projections = tuple(_fit_projections(examples.rows, recipe, random_seed))
    seen = tree_columns(examples.rows, recipe, projections)
    forests = tuple(
        _fit_forest(seen, examples.targets, recipe, 100 * random_seed + number)
        for number in range(recipe.n_forests)
    )
    return FeatureForecaster(recipe, weights, bias, projections, forests, *calibration)


def _calibrate(examples: Examples, recipe: Recipe, random_seed: int) -> Calibration:
    sessions = np.unique(examples.groups)
    if len(sessions) < N_INNER_FOLDS:
        return UNCALIBRATED
    fold_of = np.random.RandomState(random_seed).permutation(len(sessions)) % N_INNER_FOLDS
    fold = fold_of[np.searchsorted(sessions, examples.groups)]
    probabilities = np.zeros((len(fold), len(INDEX)))
    for number in range(N_INNER_FOLDS):
        train, held_out = examples.select(fold != number), examples.select(fold == number)
        model = fit_model(train, recipe, random_seed, UNCALIBRATED)
        probabilities[fold == number] = model.predict_rows(held_out.rows)
    return fit_calibration(np.log(probabilities), examples.targets)


def fit_calibration(logs: np.ndarray, targets: np.ndarray) -> Calibration:
    """Return the temperature and label biases that make the targets most likely, drawn a bit to 1 and 0.

    Args:
        logs: Log probabilities, shape (n, 8).
        targets: Label of each row, shape (n,).

    Returns:
        The temperature (above 1 if the forecasts were too bold) and one bias a label.
    """
    rows = np.arange(len(targets))

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        scaled = log_softmax(logs * (1 + parameters[0]) + parameters[1:])
        error = np.exp(scaled)
        error[rows, targets] -= 1
        slope = np.concatenate([[(error * logs).sum()], error.sum(0)]) / len(targets)
        penalty = RIDGE * (parameters**2).sum()
        return penalty - scaled[rows, targets].mean(), slope + 2 * RIDGE * parameters

    best = minimize(loss, np.zeros(1 + len(INDEX)), jac=True, method="L-BFGS-B", bounds=BOUNDS).x
    return float(1 / (1 + best[0])), tuple(best[1:].round(4).tolist())


def _fit_linear(examples: Examples, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Fit a logistic regression on standardized columns; fold the scaling into its weights."""
    emphasis = dict(recipe.emphasis)
    wanted = np.concatenate([np.full(block_width(b), emphasis.get(b, 1.0)) for b in recipe.blocks])
    mean, deviation = examples.rows.mean(0, dtype=np.float64), examples.rows.std(0, dtype=np.float64)
    factor = np.where(deviation > 1e-6, wanted / np.maximum(deviation, 1e-6), 0.0)
    model = LogisticRegression(C=recipe.shrinkage, max_iter=500)
    model.fit((examples.rows - mean) * factor, examples.targets)
    weights = np.zeros((len(factor), len(INDEX)))
    bias = np.full(len(INDEX), np.log(0.5 / len(examples.targets)))  # a label never seen counts half a turn
    weights[:, model.classes_] = model.coef_.T * factor[:, None]
    bias[model.classes_] = model.intercept_ - mean @ weights[:, model.classes_]
    return weights.astype(np.float32), bias.astype(np.float32)


def _fit_projections(rows: np.ndarray, recipe: Recipe, random_seed: int) -> list[np.ndarray]:
    n_dense = rows.shape[1] - N_DIMENSIONS * len(recipe.vector_blocks)
    projections = []
    for number in range(len(recipe.vector_blocks)):
        block = rows[:, n_dense + number * N_DIMENSIONS :][:, :N_DIMENSIONS]
        n_components = min(recipe.n_components, len(block))
        components = PCA(n_components, random_state=random_seed).fit(block).components_
        projections.append(components.T.astype(np.float32))
    return projections


def _fit_forest(rows: np.ndarray, targets: np.ndarray, recipe: Recipe, random_seed: int) -> Forest:
    model = HistGradientBoostingClassifier(
        max_iter=recipe.n_boosts,
        learning_rate=LEARNING_RATE,
        max_leaf_nodes=MAX_LEAVES,
        min_samples_leaf=MIN_LEAF,
        l2_regularization=L2,
        max_features=FEATURE_SHARE,
        max_bins=MAX_BINS,
        early_stopping=False,
        random_state=random_seed,
    ).fit(rows, targets)
    return to_forest(model)


def to_forest(model: HistGradientBoostingClassifier) -> Forest:
    """Copy the trees of scikit-learn into plain arrays; the probabilities stay the same."""
    parts: dict[str, list[np.ndarray]] = {
        field: [] for field in ("feature", "threshold", "left", "right", "value")
    }
    roots, tree_class, offset = [], [], 0
    baseline = np.full(len(INDEX), -10.0, np.float32)
    baseline[model.classes_] = np.asarray(model._baseline_prediction, np.float32).ravel()
    for position, number in enumerate(model.classes_):
        for trees in model._predictors:
            nodes = trees[position].nodes
            own, is_leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
            parts["feature"].append(np.where(is_leaf, 0, nodes["feature_idx"]))
            parts["threshold"].append(np.where(is_leaf, 0.0, nodes["num_threshold"]))
            parts["left"].append(np.where(is_leaf, own, nodes["left"]) + offset)
            parts["right"].append(np.where(is_leaf, own, nodes["right"]) + offset)
            parts["value"].append(np.where(is_leaf, nodes["value"], 0.0))
            roots.append(offset)
            tree_class.append(number)
            offset += len(nodes)
    arrays = {f"forest.{field}": np.concatenate(values) for field, values in parts.items()}
    arrays |= {"forest.roots": np.array(roots), "forest.tree_class": np.array(tree_class)}
    forest = Forest.from_arrays(arrays | {"forest.baseline": baseline}, "forest")
    return Forest.from_arrays(forest.to_arrays("forest"), "forest")
