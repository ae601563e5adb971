"""High or low quality? A small classifier trained on AnnoMI, over metrics of any language and length.

Counts of labels saturate: by them nearly every generated dialogue is "high". This model sees only what does
not: what follows upon what, the balance of the therapist's labels, and texts. Meaning gives the sign of
each weight (see `FEATURES`), AnnoMI its size, and a feature that AnnoMI contradicts gets none.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, isnan
from pathlib import Path

from metrics.count_ratio import CountRatio
from metrics.distributions import label_entropy, strategy_balance
from metrics.ratios import Labels, drop_opening
from metrics.text.agreement import agreeing_start_share
from metrics.text.analysis import TextDialogue
from metrics.text.lengths import (
    client_length_variation_ratio,
    client_talk_share,
    therapist_length_variation_ratio,
)
from metrics.text.reflection_overlap import simple_reflection_overlap_share
from metrics.text.stems import repeated_start_share
from metrics.trajectory import change_talk_slope
from metrics.transitions import (
    change_talk_after_mi_consistent_probability,
    change_talk_after_open_question_probability,
    reflection_after_change_talk_probability,
)

WEIGHTS = Path(__file__).with_name("quality_weights.json")


@dataclass(frozen=True, slots=True)
class Feature:
    """One metric that the classifier sees.

    Attributes:
        value: The metric, of one dialogue with words.
        sign: 1 if more of it means better MI, −1 if less does; the weight never has another sign.
    """

    name: str
    value: Callable[[TextDialogue], float]
    sign: int


def _of_text(function: Callable[[TextDialogue], float], sign: int) -> Feature:
    return Feature(function.__name__, function, sign)


def _of_labels(function: Callable[[Labels], float], *, counts_opening: bool) -> Feature:
    def value(dialogue: TextDialogue) -> float:
        labels = [turn.label for turn in dialogue.turns]
        return function(labels if counts_opening else drop_opening(labels))

    return Feature(function.__name__, value, 1)


FEATURES = (
    _of_labels(reflection_after_change_talk_probability, counts_opening=True),
    _of_labels(change_talk_after_open_question_probability, counts_opening=True),
    _of_labels(change_talk_after_mi_consistent_probability, counts_opening=True),
    _of_labels(label_entropy, counts_opening=False),
    _of_labels(strategy_balance, counts_opening=False),
    _of_labels(change_talk_slope, counts_opening=True),
    _of_text(simple_reflection_overlap_share, -1),
    _of_text(agreeing_start_share, -1),
    _of_text(repeated_start_share, -1),
    _of_text(therapist_length_variation_ratio, 1),
    _of_text(client_length_variation_ratio, 1),
    _of_text(client_talk_share, 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityModel:
    """Logistic regression over standardized features.

    Attributes:
        means: Mean of each feature over AnnoMI, shape (n_features,); an undefined feature counts as its mean.
        scales: Standard deviation of each, shape (n_features,), above 0.
        weights: Weight of each standardized feature, shape (n_features,).
        intercept: Log odds at the means.
    """

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def probability(self, features: Sequence[float]) -> float:
        """Give the probability of high quality, both qualities being equally frequent.

        Args:
            features: Values in the order of `FEATURES`, shape (n_features,); ``nan`` where undefined.

        Returns:
            Probability, 0 to 1.

        Example:
            >>> model = QualityModel(means=(1.0,), scales=(2.0,), weights=(1.0,), intercept=0.0)
            >>> model.probability([1.0]), round(model.probability([3.0]), 4)  # 1 / (1 + exp(-1))
            (0.5, 0.7311)
        """
        terms = zip(features, self.means, self.scales, self.weights, strict=True)
        score = self.intercept + sum(
            weight * (value - mean) / scale for value, mean, scale, weight in terms if not isnan(value)
        )
        return 1 / (1 + exp(-score))


def quality_features(dialogue: TextDialogue) -> list[float]:
    """Compute what the classifier sees.

    Args:
        dialogue: One dialogue with words and labels.

    Returns:
        Values in the order of `FEATURES`, shape (n_features,); ``nan`` where undefined.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> quality_features(dialogue("C Change Talk: I will.", "T Complex Reflection: You decided."))[0]
        1.0
    """
    return [float(feature.value(dialogue)) for feature in FEATURES]


@cache
def load_model(path: Path = WEIGHTS) -> QualityModel:
    """Read the weights.

    Args:
        path: File that `metrics.calibrating.training` wrote.

    Raises:
        ValueError: If the weights are of other features than this code computes.
    """
    record = json.loads(path.read_text(encoding="utf-8"))
    names = [feature["name"] for feature in record["features"]]
    if names != [feature.name for feature in FEATURES]:
        raise ValueError(f"{path}: weights of {', '.join(names)}; train again: python -m metrics calibrate")
    columns = {
        key: tuple(feature[key] for feature in record["features"]) for key in ("mean", "scale", "weight")
    }
    return QualityModel(
        means=columns["mean"],
        scales=columns["scale"],
        weights=columns["weight"],
        intercept=record["intercept"],
    )


def high_quality_share(dialogue: TextDialogue) -> CountRatio:
    """Tell whether the classifier takes a dialogue for high quality; the mean over dialogues is their share.

    Args:
        dialogue: One written dialogue with words and labels. Leave the backchannels of a transcript out
            first: the model was trained without them.

    Returns:
        1 if the probability of high quality is above one half, else 0. The evidence is weak: only 23 of the
        133 sessions that it was trained on are low.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> turns = ("C: I drink a bit.", "T Advise: Stop it.", "C: Fine.", "T Advise: Stop today.")
        >>> high_quality_share(dialogue(*turns))
        0.0

    Source:
        Trained on AnnoMI (Wu et al., 2022), see `quality_weights.json`; logistic regression with weights
        held to the sign of their meaning.
    """
    return CountRatio(int(load_model().probability(quality_features(dialogue)) > 0.5), 1)
