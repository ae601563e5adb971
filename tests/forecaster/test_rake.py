from collections import Counter

import pytest

from forecaster import rake
from forecaster.rake import fit_bigram_weights, mixed_conditions
from kmi import Label

SR, OQ, AF = Label.SIMPLE_REFLECTION, Label.OPEN_QUESTION, Label.AFFIRM


def test_mixed_conditions_follow_the_mix(planner):
    conditions = list(mixed_conditions(planner.rules, 4000, 1))
    share = sum(c.stage == "precontemplation" for c in conditions) / len(conditions)
    assert share == pytest.approx(planner.rules.mix["stages"]["precontemplation"], abs=0.03)
    assert conditions == list(mixed_conditions(planner.rules, 4000, 1))


@pytest.fixture
def simulated(monkeypatch):
    """Plans whose SR -> SR count is proportional to its factor; SR -> OQ and SR -> AF come 100 times."""

    def sample(factors, n_plans, random_seed):
        factor = factors.get("Simple Reflection", {}).get("Simple Reflection", 1.0)
        return Counter({(SR, SR): round(400 * factor), (SR, OQ): 100, (SR, AF): 100})

    monkeypatch.setattr(rake, "sample_plans", sample)
    monkeypatch.setattr(rake, "count_bigrams", lambda counts: counts)


def fit(target, n_rounds):
    distances = []
    weights = fit_bigram_weights(
        lambda factors: factors,
        Counter(target),
        n_plans=1,
        n_rounds=n_rounds,
        report=lambda _, distance: distances.append(distance),
    )
    return weights, distances


def test_fitting_moves_the_factor_to_the_target(simulated):
    # As many SR -> SR as the others wants 100 of 400: a factor of 1/4.
    weights, distances = fit({(SR, SR): 100, (SR, OQ): 100, (SR, AF): 100}, 60)
    assert weights["Simple Reflection"]["Simple Reflection"] == pytest.approx(0.25, abs=0.05)
    assert distances[0] > 0.05
    assert distances[-1] < 0.001


def test_fitting_leaves_alone_what_a_rule_counts(simulated):
    weights, _ = fit({(SR, SR): 100, (SR, OQ): 100, (SR, AF): 1}, 4)
    assert set(weights["Simple Reflection"]) == {"Simple Reflection", "Open Question"}


def test_no_rounds_fit_nothing(simulated):
    assert fit({(SR, SR): 1}, 0) == ({}, [])
