import random
from dataclasses import replace

import numpy as np
import pytest

from forecaster.recipes import RECIPES

pytest.importorskip("sklearn")
from forecaster import cross_validation
from forecaster.cross_validation import cross_validate, cross_validate_ngram, evaluate_models
from kmi import Role


@pytest.fixture
def quick(monkeypatch):
    """Every recipe with few rounds of boosting."""
    small = {
        name: replace(recipe, n_boosts=2, n_components=4, n_random_seeds=min(recipe.n_random_seeds, 2))
        for name, recipe in RECIPES.items()
    }
    monkeypatch.setattr(cross_validation, "RECIPES", small)
    return small


@pytest.mark.parametrize("name", RECIPES)
def test_shuffling_the_future_changes_no_forecast(name, made_up_sessions, quick, fake_encoder):
    sessions = made_up_sessions(10)
    before = cross_validate(sessions, [], quick[name])
    rng = random.Random(2)
    number = 4
    past, future = sessions[number].turns[:8], list(sessions[number].turns[8:])
    rng.shuffle(future)
    changed = [*sessions]
    changed[number] = replace(sessions[number], turns=(*past, *future))
    after = cross_validate(changed, [], quick[name])
    old, new = (run.probabilities[0][run.groups == number] for run in (before, after))
    n_past = sum(turn.role is Role.THERAPIST for turn in past)
    assert new[:n_past] == pytest.approx(old[:n_past], abs=1e-6)
    assert np.abs(new - old).max() > 1e-4


def test_labels_of_the_scored_session_are_not_trained_on(made_up_sessions, quick):
    """Had a model seen the session that it scores, its forecasts would change with the last label."""
    sessions = made_up_sessions(10)
    before = cross_validate(sessions, [], quick["labels"])
    last = max(i for i, turn in enumerate(sessions[3].turns) if turn.role is Role.THERAPIST)
    turns = list(sessions[3].turns)
    turns[last] = replace(turns[last], label=turns[0].label)
    changed = [*sessions]
    changed[3] = replace(sessions[3], turns=tuple(turns))
    after = cross_validate(changed, [], quick["labels"])
    rows = before.groups == 3
    assert after.probabilities[0][rows] == pytest.approx(before.probabilities[0][rows], abs=1e-6)


def test_low_quality_sessions_are_trained_on_and_never_scored(made_up_sessions, quick):
    high, low = made_up_sessions(10), made_up_sessions(4, seed=9, quality="low")
    with_low = cross_validate(high, low, quick["labels"])
    without = cross_validate(high, [], quick["labels"])
    assert len(with_low.targets) == len(without.targets) == 80
    assert np.abs(with_low.probabilities[0] - without.probabilities[0]).max() > 1e-4


def test_every_seed_gives_one_run(made_up_sessions, quick, fake_encoder):
    held_out = cross_validate(made_up_sessions(10), [], quick["best"])
    assert len(held_out.probabilities) == 2
    assert np.abs(held_out.probabilities[0] - held_out.probabilities[1]).max() > 0


def test_ngram_forecasts_stand_beside_their_targets(made_up_sessions):
    held_out = cross_validate_ngram(made_up_sessions(10))
    assert held_out.probabilities[0].shape == (80, 8)
    assert held_out.groups.tolist() == sorted(list(range(10)) * 8)


def test_rows_name_model_variant_and_targets(made_up_sessions, quick):
    rows = evaluate_models(made_up_sessions(10), ["n-gram", "labels"], "full")
    assert [(row["model"], row["n_targets"], row["n_random_seeds"]) for row in rows] == [
        ("n-gram", 80, 1),
        ("labels", 80, 1),
    ]


def test_unknown_model_is_refused(made_up_sessions):
    with pytest.raises(ValueError, match="'gpt' is unknown; allowed: n-gram, labels"):
        evaluate_models(made_up_sessions(10), ["gpt"], "full")


def test_labels_model_meets_its_bars_on_annomi(annomi):
    [row] = evaluate_models(annomi, ["labels"], "full")
    assert 0.335 <= row["accuracy"] < 0.43, "above .43 suspect a leak"
    assert row["top3_accuracy"] >= 0.685
    assert row["macro_f1"] >= 0.195
    assert row["log_loss"] <= 1.765
    assert row["ece"] <= 0.03
