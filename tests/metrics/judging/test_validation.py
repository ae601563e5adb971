import json

import pytest

from metrics.judging.rubric import load_rubric
from metrics.judging.validation import (
    OVERALL,
    NotValidatedError,
    agree,
    is_valid,
    read_scores,
    require_validation,
    score_of,
    separate,
    validation_path,
)

HIGH = [{"empathy": 5, "safety": None}, {"empathy": 3, "safety": 4}]
LOW = [{"empathy": 3, "safety": None}, {"empathy": 1, "safety": None}]


def test_separate_counts_pairs_and_leaves_out_what_does_not_apply():
    figures = separate(HIGH, LOW, random_seed=1)
    assert figures["empathy"]["auc"] == 3.5 / 4  # 5 > 3, 5 > 1, 3 = 3, 3 > 1
    assert figures[OVERALL]["auc"] == 1.0  # 5 and (3 + 4) / 2 against 3 and 1
    assert (figures["safety"]["n_high"], figures["safety"]["n_low"]) == (1, 0)
    assert figures["empathy"]["mean_high"] == 4.0


def test_score_of_nothing_that_applies_is_undefined():
    assert score_of({"safety": None}, OVERALL) is None


@pytest.mark.parametrize(
    ("low", "expected"), [(0.51, True), (0.5, False), (None, False), (float("nan"), False)]
)
def test_is_valid_needs_the_interval_above_chance(low, expected):
    assert is_valid({OVERALL: {"interval": [low, 0.9]}}) is expected


def test_agree_takes_what_both_scored():
    first = {"a": {"empathy": 1}, "b": {"empathy": 5}, "c": {"empathy": None}, "d": {"empathy": 3}}
    second = {"a": {"empathy": 1}, "b": {"empathy": 5}, "c": {"empathy": 2}}
    assert agree(first, second) == {"empathy": {"n": 2, "kappa": 1.0}}


def test_read_scores_says_what_is_expected(tmp_path):
    path = tmp_path / "rater.json"
    path.write_text(json.dumps({"model": "rater 1", "scores": {"a": {"empathy": 2}}}))
    assert read_scores(path) == ("rater 1", {"a": {"empathy": 2}})
    path.write_text("[]")
    with pytest.raises(ValueError, match="holds no JSON object"):
        read_scores(path)
    path.write_text("{}")
    with pytest.raises(ValueError, match="no scores; expected"):
        read_scores(path)


def test_require_validation_finds_prompt_and_model_under_either_name(tmp_path):
    prompt = load_rubric()
    path = validation_path(tmp_path, prompt, "snapshot")
    figures = {OVERALL: {"auc": 0.8, "interval": [0.7, 0.9]}}
    record = {"prompt_sha256": prompt.sha256, "model": "snapshot", "asked_as": "alias", "items": figures}
    path.write_text(json.dumps(record | {"is_valid": True}))
    assert require_validation(tmp_path, prompt, "snapshot")["model"] == "snapshot"
    assert require_validation(tmp_path, prompt, "alias")["model"] == "snapshot"
    with pytest.raises(NotValidatedError, match="judge_v1 with other is not validated"):
        require_validation(tmp_path, prompt, "other")
    path.write_text(json.dumps(record | {"is_valid": True, "prompt_sha256": "an older text"}))
    with pytest.raises(NotValidatedError, match="is not validated"):
        require_validation(tmp_path, prompt, "snapshot")
    path.write_text(json.dumps(record | {"is_valid": False}))
    with pytest.raises(NotValidatedError, match="does not tell high from low"):
        require_validation(tmp_path, prompt, "snapshot")
