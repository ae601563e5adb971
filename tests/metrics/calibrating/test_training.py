import json

import numpy as np
import pytest

from metrics.calibrating.annomi import read_rated_dialogues
from metrics.calibrating.training import PENALTIES, fit, train
from metrics.quality import FEATURES, WEIGHTS


@pytest.fixture(scope="module")
def chats(annomi_path):
    return read_rated_dialogues(annomi_path, as_text_chat=True)


def made_up(n=200):
    """Values of which the first is higher in good sessions, the second (wrongly) lower, the rest nothing."""
    rng = np.random.default_rng(1)
    is_high = np.arange(n) % 2 == 0
    features = rng.normal(size=(n, len(FEATURES)))
    features[:, 0] += 2 * is_high
    features[:, 1] -= 2 * is_high
    return features, is_high


def test_fit_finds_the_size_and_keeps_the_sign_of_meaning():
    features, is_high = made_up()
    model = fit(features, is_high, 0.01)
    assert FEATURES[0].sign == FEATURES[1].sign == 1
    assert model.weights[0] > 1
    assert model.weights[1] == 0
    assert all(weight * feature.sign >= 0 for weight, feature in zip(model.weights, FEATURES, strict=True))


def test_fit_shrinks_with_the_penalty_and_weighs_both_qualities_the_same():
    features, is_high = made_up()
    assert fit(features, is_high, 1.0).weights[0] < fit(features, is_high, 0.01).weights[0]
    doubled = np.concatenate([features, features[is_high]]), np.concatenate([is_high, is_high[is_high]])
    model, other = fit(features, is_high, 1.0), fit(*doubled, 1.0)
    # standardized anew, the same session is still as likely to be high
    row = features.mean(axis=0)
    assert model.probability(row) == pytest.approx(other.probability(row), abs=0.02)


def test_shipped_weights_are_those_that_training_gives(chats):
    shipped, again = json.loads(WEIGHTS.read_text(encoding="utf-8")), train(chats)
    assert again["n_high"] == 110 and again["n_low"] == 23
    for old, new in zip(shipped["features"], again["features"], strict=True):
        assert old["name"] == new["name"]
        for key in ("mean", "scale", "weight"):
            assert new[key] == pytest.approx(old[key], abs=0.005)
    assert shipped["penalty"] == again["penalty"]
    assert shipped["penalty"] in PENALTIES[1:-1]
    assert again["one_topic_left_out"]["auc"] == pytest.approx(shipped["one_topic_left_out"]["auc"], abs=0.01)


def test_shipped_weights_tell_high_from_low_on_topics_left_out():
    result = json.loads(WEIGHTS.read_text(encoding="utf-8"))["one_topic_left_out"]
    assert result["auc"] >= 0.85
