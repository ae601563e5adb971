from dataclasses import replace

import pytest

from forecaster.plan_keeping import check_plans, missing_profiles
from forecaster.plan_record import PLANNER_VERSION, PlanError


@pytest.fixture
def recorded(standard_plans, planner):
    """Conditions and plans of three profiles."""
    conditions = {plan.profile_id: condition for condition, plan in standard_plans[:3]}
    return conditions, [plan for _, plan in standard_plans[:3]]


def test_profiles_without_a_plan_are_found_in_order(recorded):
    conditions, plans = recorded
    assert [profile_id for profile_id, _ in missing_profiles(conditions.items(), plans[1:2])] == [0, 2]


def test_recorded_plans_come_out_the_same(recorded, planner):
    conditions, plans = recorded
    report = check_plans(planner, plans, conditions)
    assert (report.n_same, report.n_older, report.differences) == (3, 0, ())


def test_difference_names_profile_and_turn(recorded, planner):
    conditions, plans = recorded
    turns = plans[1].turns
    changed = replace(plans[1], turns=(replace(turns[0], phase="closing"), *turns[1:]))
    report = check_plans(planner, [plans[0], changed], conditions)
    assert report.n_same == 1
    [line] = report.differences
    assert line.startswith("profile 1: turn 1 is ")
    assert "(closing), sampled again" in line


def test_shorter_plan_is_a_difference(recorded, planner):
    conditions, plans = recorded
    report = check_plans(planner, [replace(plans[0], turns=plans[0].turns[:-1])], conditions)
    assert f"{len(plans[0].turns) - 1} turns, sampled again {len(plans[0].turns)}" in report.differences[0]


def test_plans_of_an_older_version_are_counted_and_not_sampled(recorded, planner):
    conditions, plans = recorded
    old = replace(plans[0], planner_version=PLANNER_VERSION - 1, turns=plans[1].turns)
    report = check_plans(planner, [old, plans[2]], conditions)
    assert (report.n_same, report.n_older, report.differences) == (1, 1, ())


def test_plan_without_a_profile_is_refused(recorded, planner):
    with pytest.raises(PlanError, match="no such profile"):
        check_plans(planner, recorded[1], {})
