"""All that sampling a plan needs, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from forecaster.ngram import NgramForecaster, load_bigram_weights, load_ngram
from forecaster.planning_rules import Rules, load_rules
from kmi import Role


@dataclass(frozen=True, slots=True)
class PlanningParts:
    """The two n-grams, the fitted bigram weights and the rules.

    Attributes:
        therapist: Forecast of the therapist's labels.
        client: Forecast of the client's labels.
        bigram_weights: Previous therapist label other than General -> next label -> factor.
        rules: Rules of `rules.toml`.
    """

    therapist: NgramForecaster
    client: NgramForecaster
    bigram_weights: Mapping[str, Mapping[str, float]]
    rules: Rules

    @classmethod
    def load(cls) -> Self:
        """Load the shipped weights and rules."""
        return cls(load_ngram(Role.THERAPIST), load_ngram(Role.CLIENT), load_bigram_weights(), load_rules())
