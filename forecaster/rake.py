"""Fits factors on label bigrams, so that sampled plans come near AnnoMI's label sequences.

The rules take labels away (information, closed questions) and force others (affirmations), which bends the
sequence that plain sampling would give. Iterative proportional fitting ("raking") of factors on the free
turns' bigrams bends it back as far as the rules allow.

Source:
    Deming and Stephan (1940), On a Least Squares Adjustment of a Sampled Frequency Table, Annals of
    Mathematical Statistics 11(4); here with damped steps on simulated tables.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from math import exp, log
from typing import TYPE_CHECKING

from forecaster.plan_figures import Bigrams, count_bigrams, divergence
from forecaster.plan_record import Conditions, Plan
from forecaster.planning_rules import Rules
from kmi import Label, Outcome, StageOfChange

if TYPE_CHECKING:
    from forecaster.planning import Planner

DAMPING = 0.3
LIMITS = (0.2, 5.0)
COUNTED_BY_RULE = (Label.AFFIRM, Label.GIVE_INFORMATION)
"""Labels whose number in a session a rule sets: no factor may bend it."""
BigramWeights = dict[str, dict[str, float]]


def mixed_conditions(rules: Rules, n: int, random_seed: int) -> Iterator[Conditions]:
    """Yield `n` conditions drawn from the mix of the rules."""
    rng = random.Random(f"kmi-mix/{random_seed}")

    def choose(weights: Mapping[str, float]) -> str:
        return rng.choices(list(weights), list(weights.values()))[0]

    for _ in range(n):
        stage = choose(rules.mix["stages"])
        outcome = choose(rules.mix["outcomes"][stage])
        resistance = choose(rules.mix["resistance"])
        yield Conditions(stage=StageOfChange(stage), outcome=Outcome(outcome), resistance=resistance)


def sample_plans(planner: "Planner", n: int, random_seed: int) -> list[Plan]:
    """Sample `n` plans over the mix of conditions, numbered from 1."""
    conditions = mixed_conditions(planner.rules, n, random_seed)
    return [
        planner.plan(number, condition, random_seed) for number, condition in enumerate(conditions, start=1)
    ]


def fit_bigram_weights(
    make_planner: Callable[[BigramWeights], "Planner"],
    target: Bigrams,
    *,
    n_plans: int,
    n_rounds: int,
    report: Callable[[int, float], None],
) -> BigramWeights:
    """Fit the factors in damped rounds; return their geometric mean over the later half of the rounds.

    The mean, since single rounds differ by chance: each counts its own sample of plans.

    Args:
        make_planner: Builds a planner with given factors.
        target: Bigram counts to come near.
        n_plans: Plans sampled a round; 1 or more.
        n_rounds: Rounds; 0 fits nothing.
        report: Called with the round and its divergence in bits.

    Returns:
        Previous label -> next label -> factor; empty if nothing was fitted.
    """
    weights: BigramWeights = {}
    kept: list[BigramWeights] = []
    for number in range(n_rounds):
        observed = count_bigrams(sample_plans(make_planner(weights), n_plans, number))
        report(number, divergence(observed, target))
        weights = _step(weights, observed, target)
        if number >= n_rounds // 2:
            kept.append(weights)
    return {
        first: {
            second: round(exp(sum(log(one[first][second]) for one in kept) / len(kept)), 3) for second in row
        }
        for first, row in weights.items()
    }


def _step(weights: BigramWeights, observed: Bigrams, target: Bigrams) -> BigramWeights:
    """Move each factor toward the ratio of the wanted and the seen share of its bigram."""
    n_observed, n_target = sum(observed.values()), sum(target.values())
    labels = sorted({label for pair in target for label in pair}, key=list(Label).index)
    stepped: BigramWeights = {}
    for first in labels:
        row = stepped.setdefault(first.value, {})
        for second in labels:
            if second in COUNTED_BY_RULE:
                continue
            wanted = (target[first, second] + 1) / n_target
            seen = (observed[first, second] + 1) / n_observed
            factor = weights.get(first.value, {}).get(second.value, 1.0) * (wanted / seen) ** DAMPING
            row[second.value] = min(max(factor, LIMITS[0]), LIMITS[1])
    return stepped
