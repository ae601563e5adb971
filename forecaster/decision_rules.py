"""Compares ways to pick a label from a forecast by how far they move label statistics from the experts'.

Source:
    Kim et al. (2025), KMI, section 3, for the rules of the paper's decision module.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from forecaster.corpus import Turn
from forecaster.interface import Forecaster
from forecaster.layout import draw
from forecaster.ngram import NgramForecaster
from forecaster.paper_decision import N_CANDIDATES, as_paper_sees, decide_as_paper, top_labels
from forecaster.plan_figures import Bigrams, divergence
from kmi import Label, Role

Forecast = Mapping[Label, float]
Rule = Callable[[Forecast, Sequence[Turn], random.Random, bool], Label]


def sample_label(forecast: Forecast, _: Sequence[Turn], rng: random.Random, __: bool) -> Label:
    """Draw a label from the forecast."""
    return draw(rng, forecast)


def most_probable(forecast: Forecast, _: Sequence[Turn], __: random.Random, ___: bool) -> Label:
    """Take the most probable label."""
    return top_labels(forecast, 1)[0]


def paper_over_top(forecast: Forecast, history: Sequence[Turn], rng: random.Random, is_last: bool) -> Label:
    """Apply the paper's rules to the three most probable labels, as the paper does."""
    return _decide(top_labels(forecast), history, rng, is_last)


def paper_over_samples(
    forecast: Forecast, history: Sequence[Turn], rng: random.Random, is_last: bool
) -> Label:
    """Apply the paper's rules to three labels drawn from the forecast, in the order of the draws."""
    rest, candidates = dict(forecast), []
    for _ in range(N_CANDIDATES):
        candidates.append(draw(rng, rest))
        del rest[candidates[-1]]
    return _decide(candidates, history, rng, is_last)


def _decide(candidates: Sequence[Label], history: Sequence[Turn], rng: random.Random, is_last: bool) -> Label:
    labels = [turn.label for turn in as_paper_sees(history)]
    return decide_as_paper(candidates, labels, rng, is_last=is_last)


RULES: dict[str, Rule] = {
    "sampled": sample_label,
    "paper's module over 3 samples": paper_over_samples,
    "paper's module over the top 3": paper_over_top,
    "argmax": most_probable,
}


def roll_out(
    rule: Rule, therapist: Forecaster, client: NgramForecaster, n_turns: int, rng: random.Random
) -> list[Turn]:
    """Lay out a session by one rule alone: no plan, no arc, the client drawn from its forecast.

    Args:
        rule: Picks the therapist's label.
        therapist: Forecast of the therapist's label.
        client: Forecast of the client's label.
        n_turns: Therapist turns, 1 or more.
        rng: Source of randomness.
    """
    turns: list[Turn] = []
    for number in range(n_turns):
        label = rule(therapist.predict_proba(turns), turns, rng, number == n_turns - 1)
        turns.append(Turn(Role.THERAPIST, label))
        turns.append(Turn(Role.CLIENT, draw(rng, client.predict_proba(turns))))
    return turns


def compare_rules(
    therapist: Forecaster,
    client: NgramForecaster,
    lengths: Sequence[int],
    target: tuple[Counter[Label], Bigrams],
    random_seed: int,
) -> dict[str, dict[str, float]]:
    """Return each rule's Jensen-Shannon divergences (bits) to counts of expert sessions.

    Args:
        therapist: Forecast of the therapist's label.
        client: Forecast of the client's label.
        lengths: Therapist turns of each session.
        target: Label and bigram counts to compare with.
        random_seed: Same number, same sessions.

    Returns:
        Rule -> `unigram` and `bigram`; the first turn and General are left out, as in the target.
    """
    result = {}
    for name, rule in RULES.items():
        unigram: Counter[Label] = Counter()
        bigram: Bigrams = Counter()
        for number, n_turns in enumerate(lengths):
            rng = random.Random(f"kmi-rule/{random_seed}/{name}/{number}")
            turns = roll_out(rule, therapist, client, n_turns, rng)
            labels = [t.label for t in turns[1:] if t.role is Role.THERAPIST and t.label is not Label.GENERAL]
            unigram.update(labels)
            bigram.update(pairwise(labels))
        result[name] = {"unigram": divergence(unigram, target[0]), "bigram": divergence(bigram, target[1])}
    return result
