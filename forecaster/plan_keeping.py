"""Keeps recorded plans: finds the profiles that lack one, and samples recorded plans again to compare."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from forecaster.plan_record import PLANNER_VERSION, Conditions, Plan, PlanError
from forecaster.planning import Planner


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What sampling recorded plans again showed.

    Attributes:
        n_same: Plans of the current planner version that came out the same.
        n_older: Plans of another planner version, which cannot be sampled again.
        differences: One line for each plan that came out different.
    """

    n_same: int
    n_older: int
    differences: tuple[str, ...]


def missing_profiles(
    conditions: Iterable[tuple[int, Conditions]], plans: Iterable[Plan]
) -> list[tuple[int, Conditions]]:
    """Return the profiles, with their conditions, that have no plan yet, in the order of the profiles."""
    planned = {plan.profile_id for plan in plans}
    return [(profile_id, condition) for profile_id, condition in conditions if profile_id not in planned]


def check_plans(planner: Planner, plans: Iterable[Plan], conditions: Mapping[int, Conditions]) -> PlanCheck:
    """Sample each plan of the current planner version again and compare.

    Args:
        planner: Planner of the current version.
        plans: Recorded plans.
        conditions: Profile id -> conditions.

    Raises:
        PlanError: If a plan has no profile.
    """
    n_same = n_older = 0
    differences = []
    for plan in plans:
        if plan.planner_version != PLANNER_VERSION:
            n_older += 1
            continue
        if plan.profile_id not in conditions:
            raise PlanError(
                f"plan of profile {plan.profile_id}: there is no such profile; give the profiles that "
                "the plans were made for"
            )
        again = planner.plan(plan.profile_id, conditions[plan.profile_id], plan.random_seed)
        if again == plan:
            n_same += 1
        else:
            differences.append(f"profile {plan.profile_id}: {_first_difference(plan, again)}")
    return PlanCheck(n_same, n_older, tuple(differences))


def _first_difference(recorded: Plan, again: Plan) -> str:
    pairs: Sequence = list(zip(recorded.turns, again.turns, strict=False))
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            return (
                f"turn {number} is {old.label.value}/{old.sublabel.value} ({old.phase}), sampled again "
                f"{new.label.value}/{new.sublabel.value} ({new.phase})"
            )
    if recorded.variant != again.variant:
        return f"variant {recorded.variant}, sampled again {again.variant}"
    return f"{len(recorded.turns)} turns, sampled again {len(again.turns)}"
