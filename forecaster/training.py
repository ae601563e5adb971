"""Trains the shipped weights: two label n-grams and the planner's bigram weights, label statistics only."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from forecaster.corpus import Session, select_variant
from forecaster.fetch import ANNOMI_COMMIT
from forecaster.ngram import prune, save_weights, train_ngram
from forecaster.plan_figures import Bigrams, content_labels, read_target
from forecaster.planning import Planner
from forecaster.planning_rules import load_rules
from forecaster.rake import fit_bigram_weights
from kmi import Role

MIN_CONTEXT_COUNT = 3


@dataclass(frozen=True, slots=True)
class Fitting:
    """How the planner's bigram weights are fitted.

    Attributes:
        n_rounds: Rounds; 0 fits nothing.
        n_plans: Plans sampled a round.
        target: File of label counts to fit to; None for the counts of the sessions themselves.
    """

    n_rounds: int
    n_plans: int
    target: Path | None = None

    def __post_init__(self) -> None:
        if self.n_rounds < 0 or self.n_plans < 1:
            raise ValueError(
                f"{self.n_rounds} rounds of {self.n_plans} plans: allowed are 0 or more of 1 or more"
            )


def train(
    sessions: Sequence[Session], out: Path, fitting: Fitting, report: Callable[[int, float], None]
) -> dict[str, object]:
    """Train on the high-quality sessions (backchannels dropped, turns merged) and write the weights.

    Args:
        sessions: All of AnnoMI.
        out: Weights file.
        fitting: How to fit the planner's bigram weights.
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
        read_target(fitting.target)[1] if fitting.target else annomi_bigrams(high),
        n_plans=fitting.n_plans,
        n_rounds=fitting.n_rounds,
        report=report,
    )
    about: dict[str, object] = {
        "data": f"AnnoMI (Wu et al., 2022), github.com/uccollab/AnnoMI at {ANNOMI_COMMIT}",
        "variant": "high quality, dialogue (backchannels dropped), turns merged; Affirm by rule",
        "n_sessions": len(merged),
        "n_turns": sum(len(session.turns) for session in merged),
        "min_context_count": MIN_CONTEXT_COUNT,
        "bigram_weights_fitted_to": fitting.target.name if fitting.target else "the sessions themselves",
        "fitting_rounds": fitting.n_rounds,
        "fitting_plans": fitting.n_plans,
    }
    save_weights((therapist, client), about, bigram_weights, out)
    return about


def annomi_bigrams(sessions: Sequence[Session]) -> Bigrams:
    """Count neighboring therapist labels (variant `dialogue`, not merged, without first turn and General)."""
    counts: Bigrams = Counter()
    for session in select_variant(sessions, "dialogue"):
        counts.update(pairwise(content_labels(_from_therapist(session))))
    return counts


def _from_therapist(session: Session) -> Sequence:
    """Turns from the therapist's first one on, which `content_labels` leaves out."""
    start = next((i for i, turn in enumerate(session.turns) if turn.role is Role.THERAPIST), 0)
    return session.turns[start:]
