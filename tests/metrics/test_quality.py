import json
from math import exp, nan

import pytest

from metrics.dialogues import ClientCoding
from metrics.evaluation import ScoreSettings
from metrics.quality import FEATURES, WEIGHTS, QualityModel, high_quality_share, load_model, quality_features
from metrics.registry import METRICS, TEXT_METRICS
from metrics.text.analysis import Language, analyze_dialogues
from metrics.text.examples import dialogue
from metrics.text_report import score_texts

MODEL = QualityModel(means=(1.0, 0.0), scales=(2.0, 1.0), weights=(1.0, -2.0), intercept=0.5)


def test_probability_equals_hand_count():
    # 0.5 + (3 - 1) / 2 - 2 * 1 = -0.5
    assert MODEL.probability([3.0, 1.0]) == pytest.approx(1 / (1 + exp(0.5)))


def test_undefined_feature_counts_as_its_mean():
    assert MODEL.probability([nan, 1.0]) == MODEL.probability([1.0, 1.0])


def test_features_are_registered_metrics_with_their_values():
    talk = dialogue(
        "T Open Question: What brings you?",  # the opening counts in transitions, not in the balance
        "C Change Talk: I want to stop smoking now.",
        "T Complex Reflection: You care for your lungs.",
        "C Neutral: Yes, doctor.",
        "T Advise: You care, so stop.",
        "C: No.",
    )
    found = dict(zip([feature.name for feature in FEATURES], quality_features(talk), strict=True))
    registered = {metric.name for metric in (*METRICS, *TEXT_METRICS)}
    assert set(found) <= registered
    assert found["reflection_after_change_talk_probability"] == 1.0
    assert found["change_talk_after_open_question_probability"] == 1.0
    assert found["change_talk_after_mi_consistent_probability"] == 0.5
    assert found["label_entropy"] == pytest.approx(1 / 3)  # one reflection, one advice: 1 of 3 bits
    assert found["agreeing_start_share"] == pytest.approx(1 / 3)
    assert found["repeated_start_share"] == 0.5
    # change talk at positions 0, .5 and 1: 1, 0, 0
    assert found["change_talk_slope"] == pytest.approx(-1.0)


def test_weights_have_the_sign_of_their_meaning():
    for feature in json.loads(WEIGHTS.read_text(encoding="utf-8"))["features"]:
        assert feature["weight"] * feature["sign"] >= 0


def test_weights_of_other_features_are_refused(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"features": [{"name": "mood"}], "intercept": 0.0}), encoding="utf-8")
    with pytest.raises(ValueError, match="weights of mood; train again: python -m metrics calibrate"):
        load_model(path)


def test_original_is_called_high_less_often_than_its_label_counts_suggest(original):
    """Of its dialogues at most 30 % pass, where five counts of labels pass 97 %."""
    scores = {scores.language: scores for scores in score_texts(original, ClientCoding.CHANGE_TALK)}
    everyone = range(len(original))
    estimate = scores[Language.KOREAN].estimates(everyone, ScoreSettings())["high_quality_share"]
    assert estimate.mean <= 0.30
    assert estimate.low < estimate.mean < estimate.high


def test_share_is_a_verdict_on_one_dialogue(original):
    (talk,) = analyze_dialogues(original[:1], Language.KOREAN)
    expected = load_model().probability(quality_features(talk)) > 0.5
    assert high_quality_share(talk) == float(expected)
