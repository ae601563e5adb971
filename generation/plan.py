"""Recorded plans, by profile."""

from pathlib import Path

from forecaster.plan_record import Plan, PlanError, read_plans


def load_plans(path: Path) -> dict[int, Plan]:
    """Read recorded plans.

    Args:
        path: JSONL file, one plan a line, as ``python -m forecaster plan`` writes it.

    Returns:
        Plans by profile id.

    Raises:
        PlanError: If the file is missing, a line is malformed, or a profile has two plans.
    """
    plans: dict[int, Plan] = {}
    for plan in read_plans(path):
        if plan.profile_id in plans:
            raise PlanError(f"{path}: profile {plan.profile_id} has two plans; keep one")
        plans[plan.profile_id] = plan
    return plans
