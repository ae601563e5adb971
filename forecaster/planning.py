"""Samples a whole session from the label forecasts under the rules of `rules.toml`.

A session is laid out (`forecaster/layout.py`), its free turns are drawn from the n-gram's calibrated
probabilities times fitted bigram weights, the client's turns from the client model; a session that breaks a
rule is drawn again.
"""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from forecaster.layout import LayoutError, draw
from forecaster.plan_checks import risk_violations, violations
from forecaster.plan_figures import GOOD_BY_MITI, content_labels, reaches
from forecaster.plan_record import Conditions, Plan, PlanError, PlannedTurn
from forecaster.planning_parts import PlanningParts
from forecaster.session_draw import SessionDraw


class Planner(PlanningParts):
    """Samples plans from its parts."""

    __slots__ = ()

    def plan(self, profile_id: int, conditions: Conditions, random_seed: int) -> Plan:
        """Sample the plan of one profile; the same arguments give the same plan.

        Raises:
            PlanError: If no session within the rules was found in `limits.max_attempts` draws.
        """
        rng = random.Random(f"kmi-plan/{random_seed}/{profile_id}")
        n_turns = int(draw(rng, self.rules.length["therapist_turns"]))
        if conditions.outcome in self.rules.phases["planning_outcomes"]:
            n_turns = max(n_turns, self.rules.length["min_therapist_turns_with_planning"])
        turns = self._choose(n_turns, conditions, rng)
        return Plan(
            profile_id=profile_id, variant=conditions.variant, random_seed=random_seed, turns=tuple(turns)
        )

    def _choose(self, n_turns: int, conditions: Conditions, rng: random.Random) -> list[PlannedTurn]:
        """Draw sessions until there are a few within the rules, and choose one of them."""
        choice = self.rules.choice
        is_standard = conditions.variant == "standard"
        reflective = is_standard and rng.random() < choice["reflective_share"]
        check = violations if is_standard else risk_violations
        hindrances: Counter[str] = Counter()
        candidates: list[list[PlannedTurn]] = []
        for number in range(self.rules.limits["max_attempts"]):
            reflective = reflective and number < choice["reflective_attempts"]
            try:
                turns = SessionDraw(self, conditions, rng, reflective=reflective).sample(n_turns)
            except LayoutError as error:
                hindrances[str(error)] += 1
                continue
            broken = check(turns, conditions, self.rules)
            hindrances.update(broken)
            if not broken and (not is_standard or self._keeps(turns, reflective, rng)):
                candidates.append(turns)
            if len(candidates) == choice["reflective_candidates" if reflective else "candidates"]:
                break
        if not candidates:
            raise PlanError(
                f"no plan for {conditions} within {self.rules.limits['max_attempts']} draws; most frequent "
                f"hindrance: {hindrances.most_common(1)[0][0]}; loosen that rule in rules.toml"
            )
        odds = {number: self._odds(turns) for number, turns in enumerate(candidates)}
        return candidates[draw(rng, odds)]

    def _keeps(self, turns: Sequence[PlannedTurn], reflective: bool, rng: random.Random) -> bool:
        """Keep a session that meets the MITI bounds; of the others keep the shares that the rules name."""
        choice, limits = self.rules.choice, self.rules.limits
        if reflective:
            return reaches(turns, *GOOD_BY_MITI)
        if not reaches(turns, limits["min_reflection_to_question_ratio"], 0.0):
            return False
        if not reaches(turns, 0.0, limits["min_percent_complex_reflections"]):
            return rng.random() < choice["kept_below_percent_complex_reflections"]
        return True

    def _odds(self, turns: Sequence[PlannedTurn]) -> float:
        """Odds of a session among its candidates by the fitted bigram weights."""
        odds = 1.0
        for first, second in pairwise(content_labels(turns)):
            odds *= (
                self.bigram_weights.get(first, {}).get(second, 1.0) ** self.rules.choice["bigram_exponent"]
            )
        return odds
