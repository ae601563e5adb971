"""What every forecaster offers: a history goes in, calibrated probabilities of the next label come out."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from forecaster.corpus import Turn
from kmi import Label, Role


class Forecaster(Protocol):
    """A model of the next label of one speaker."""

    @property
    def role(self) -> Role:
        """The speaker whose next label is forecast."""
        ...

    def predict_proba(self, history: Sequence[Turn]) -> Mapping[Label, float]:
        """Return the probability of each label of `role` as the label of the next turn.

        Args:
            history: All turns so far, oldest first; empty for the opening turn. Only the past is seen.

        Returns:
            One probability for each label of the role, in the order of `kmi`; they sum to 1.

        Raises:
            ValueError: If the last turn of the history belongs to the role that is to speak.
        """
        ...

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[Mapping[Label, float]]:
        """Return `predict_proba` of each history; models with an encoder do it in one pass."""
        ...
