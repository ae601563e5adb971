"""Trains the shipped weights: two label n-grams and the planner's bigram weights, label statistics only."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from forecaster.corpus import Session, select_variant
from forecaster.fetch import ANNOMI_COMMIT
from forecaster.ngram import prune, save_weights, train_ngram
from forecaster.plan_figures import Bigrams, content_labels
from forecaster.planning import Planner
from forecaster.planning_rules import load_rules
from forecaster.rake import fit_bigram_weights
from kmi import Role

MIN_CONTEXT_COUNT = 3


def train(
    sessions: Sequence[Session],
    out: Path,
    *,
    target: Bigrams | None,
    n_rounds: int,
    n_plans: int,
    report: Callable[[int, float], None],
) -> dict[str, object]:
    """Train on the high-quality sessions (backchannels dropped, turns merged) and write the weights.

    Args:
        sessions: All of AnnoMI.
        out: Weights file.
        target: Bigram counts to fit the planner to; None for the counts of `sessions` themselves.
        n_rounds: Rounds of fitting; 0 for none.
        n_plans: Plans sampled a round.
        report: Called after each round with its number and divergence in bits.

    Returns:
        What the file says of itself.
    """
    high = [session for session in sessions if session.quality == "high"]
    merged = select_variant(high, "dialogue", merge=True)
    therapist, client = (prune(train_ngram(merged, role), MIN_CONTEXT_COUNT) for role in Role)
    rules = load_rules()
    bigram_weights = fit_bigram_weights(
        lambda weights: Planner(therapist, client, weights, rules),
        annomi_bigrams(high) if target is None else target,
        n_plans=n_plans,
        n_rounds=n_rounds,
        report=report,
    )
    about: dict[str, object] = {
        "data": f"AnnoMI (Wu et al., 2022), github.com/uccollab/AnnoMI at {ANNOMI_COMMIT}",
        "variant": "high quality, dialogue (backchannels dropped), turns merged; Affirm by rule",
        "n_sessions": len(merged),
        "n_turns": sum(len(session.turns) for session in merged),
        "min_context_count": MIN_CONTEXT_COUNT,
        "fitting_rounds": n_rounds,
        "fitting_plans": n_plans,
    }
    save_weights((therapist, client), about, bigram_weights, out)
    return about


def annomi_bigrams(sessions: Sequence[Session]) -> Bigrams:
    """Count neighboring therapist labels (variant `dialogue`, not merged; first turn and General left out)."""
    counts: Bigrams = Counter()
    for session in select_variant(sessions, "dialogue"):
        counts.update(pairwise(content_labels(_from_therapist(session))))
    return counts


def _from_therapist(session: Session) -> Sequence:
    """Turns from the therapist's first one on, which `content_labels` leaves out."""
    start = next((i for i, turn in enumerate(session.turns) if turn.role is Role.THERAPIST), 0)
    return session.turns[start:]
