"""Train the classifier of quality on AnnoMI, and say how well it does on topics that it has not seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from metrics.calibrating.annomi import RatedDialogue
from metrics.quality import FEATURES, QualityModel, quality_features
from metrics.separation import area_under_curve
from metrics.text.analysis import Language, analyze_dialogues

PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Strengths to choose from, by the AUC on topics left out."""
DECIMALS = 4
ATTRIBUTION = (
    "Trained on AnnoMI (Wu et al., 2022, ICASSP, 6177-6181; Wu et al., 2023, Future Internet 15(3), 110), "
    "github.com/uccollab/AnnoMI. Only 23 of the 133 sessions are of low quality: weak evidence."
)


def train(sessions: Sequence[RatedDialogue]) -> dict[str, Any]:
    """Train on all sessions, with the penalty that does best on topics left out.

    Args:
        sessions: AnnoMI as a text chat, both qualities among them.

    Returns:
        The record that `metrics.quality.load_model` reads: features with mean, scale and weight, intercept,
        penalty, and the result on topics left out.
    """
    features, is_high, topics = features_of(sessions)
    results = {penalty: _cross_validate(features, is_high, topics, penalty) for penalty in PENALTIES}
    penalty = max(results, key=lambda penalty: results[penalty]["auc"])
    model = fit(features, is_high, penalty)
    columns = zip(FEATURES, model.means, model.scales, model.weights, strict=True)
    return {
        "attribution": ATTRIBUTION,
        "n_high": int(is_high.sum()),
        "n_low": int((~is_high).sum()),
        "penalty": penalty,
        "one_topic_left_out": results[penalty] | {"n_topics": len(set(topics))},
        "features": [
            {"name": f.name, "sign": f.sign, "mean": mean, "scale": scale, "weight": weight}
            for f, mean, scale, weight in columns
        ],
        "intercept": model.intercept,
    }


def features_of(sessions: Sequence[RatedDialogue]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute what the classifier sees of AnnoMI.

    Args:
        sessions: AnnoMI as a text chat.

    Returns:
        Features, shape (n_sessions, n_features); whether each is high, and its topic, shape (n_sessions,).
    """
    texts = analyze_dialogues([session.dialogue for session in sessions], Language.ENGLISH)
    return (
        np.array([quality_features(text) for text in texts]),
        np.array([session.is_high for session in sessions]),
        np.array([session.topic.strip() for session in sessions]),
    )


def fit(features: np.ndarray, is_high: np.ndarray, penalty: float) -> QualityModel:
    """Fit weights that have the sign of their meaning, both qualities weighing the same.

    Args:
        features: Values, shape (n_sessions, n_features), in the order of `FEATURES`; ``nan`` where undefined.
        is_high: Truth, shape (n_sessions,).
        penalty: Half the weight of the squared weights beside the mean loss, above 0.

    Returns:
        The model, numbers rounded to `DECIMALS`.
    """
    from scipy.optimize import minimize

    means, scales = np.nanmean(features, axis=0), np.nanstd(features, axis=0)
    signs = np.array([feature.sign for feature in FEATURES])
    inputs = np.nan_to_num((features - means) / scales) * signs
    inputs = np.column_stack([inputs, np.ones(len(inputs))])
    targets = np.where(is_high, 1.0, -1.0)
    importance = np.where(is_high, 0.5 / is_high.mean(), 0.5 / (~is_high).mean()) / len(is_high)
    strengths = np.array([penalty] * len(FEATURES) + [0.0])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = targets * (inputs @ weights)
        value = importance @ np.logaddexp(0, -margins) + (strengths * weights**2).sum() / 2
        pull = -targets * importance / (1 + np.exp(margins))
        return value, inputs.T @ pull + strengths * weights

    start = np.zeros(len(FEATURES) + 1)
    bounds = [(0, None)] * len(FEATURES) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, tol=1e-10).x
    return QualityModel(
        means=_rounded(means),
        scales=_rounded(scales),
        weights=_rounded(found[:-1] * signs),
        intercept=_rounded(found[-1:])[0],
    )


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(round(float(value), DECIMALS) + 0.0 for value in values)


def _cross_validate(
    features: np.ndarray, is_high: np.ndarray, topics: np.ndarray, penalty: float
) -> dict[str, float]:
    """Predict the sessions of each topic by a model of the other topics."""
    probabilities = np.empty(len(is_high))
    for topic in sorted(set(topics)):
        left_out = topics == topic
        model = fit(features[~left_out], is_high[~left_out], penalty)
        probabilities[left_out] = [model.probability(row) for row in features[left_out]]
    called_high = probabilities > 0.5
    return {
        "auc": round(area_under_curve(probabilities[is_high], probabilities[~is_high]), DECIMALS),
        "high_called_high": round(float(called_high[is_high].mean()), DECIMALS),
        "low_called_low": round(float((~called_high[~is_high]).mean()), DECIMALS),
    }
