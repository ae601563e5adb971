import json

import pytest

from forecaster.plan_record import Conditions, Plan, PlanError, PlannedTurn, read_plans, write_plans
from kmi import Label, Outcome, Risk, Role, StageOfChange, Sublabel

GREETING = PlannedTurn(Role.THERAPIST, Label.GENERAL, Sublabel.GREETING, "engaging")
STORY = PlannedTurn(Role.CLIENT, Label.NEUTRAL, Sublabel.DESCRIBING, "engaging")
PLAN = Plan(profile_id=1, variant="standard", random_seed=123, turns=(GREETING, STORY), planner_version=1)
LINE = (
    '{"profile_id": 1, "planner_version": 1, "variant": "standard", "random_seed": 123, "turns": ['
    '{"role": "Therapist", "label": "General", "sublabel": "Greeting", "phase": "engaging"}, '
    '{"role": "Client", "label": "Neutral", "sublabel": "Describing", "phase": "engaging"}]}'
)


def test_plan_is_written_in_the_frozen_form():
    assert PLAN.to_json() == LINE


def test_plan_survives_writing_and_reading(tmp_path):
    path = tmp_path / "folder" / "plans.jsonl"
    write_plans([PLAN, PLAN], path)
    assert list(read_plans(path)) == [PLAN, PLAN]
    assert [file.name for file in path.parent.iterdir()] == ["plans.jsonl"]


@pytest.mark.parametrize(
    ("role", "label", "sublabel", "phase", "message"),
    [
        (Role.CLIENT, Label.GENERAL, Sublabel.GREETING, "engaging", "belongs to the Therapist"),
        (Role.THERAPIST, Label.GENERAL, Sublabel.REPEAT, "engaging", "not one of General; allowed: Greeting"),
        (Role.THERAPIST, Label.GENERAL, Sublabel.GREETING, "ending", "allowed: engaging, focusing"),
    ],
)
def test_planned_turn_refuses_what_does_not_fit(role, label, sublabel, phase, message):
    with pytest.raises(PlanError, match=message):
        PlannedTurn(role, label, sublabel, phase)


def test_plan_refuses_turns_that_do_not_alternate():
    with pytest.raises(PlanError, match="roles alternate"):
        Plan(profile_id=1, variant="standard", random_seed=1, turns=(STORY, GREETING))
    with pytest.raises(PlanError, match="no turn"):
        Plan(profile_id=1, variant="standard", random_seed=1, turns=())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variant": "short"}, "allowed: standard, risk"),
        ({"turns": [{"role": "Therapist"}]}, "lacks the field 'label'"),
        ({"turns": 5}, "no plan"),
        ({"profile_id": "one"}, "no plan"),
    ],
)
def test_reading_names_the_line_of_a_malformed_plan(tmp_path, change, message):
    path = tmp_path / "plans.jsonl"
    path.write_text(LINE + "\n" + json.dumps({**json.loads(LINE), **change}) + "\n", encoding="utf-8")
    with pytest.raises(PlanError, match=f"line 2: .*{message}"):
        list(read_plans(path))


def test_reading_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(PlanError, match="forecaster plan"):
        list(read_plans(tmp_path / "none.jsonl"))


def test_variant_follows_the_risk_of_the_profile():
    common = {"stage": StageOfChange.ACTION, "outcome": Outcome.COMMITMENT}
    assert Conditions(**common).variant == "standard"
    assert Conditions(**common, risk=Risk.ALCOHOL_DRUGS).variant == "risk"
    with pytest.raises(PlanError, match="allowed: low, moderate, high"):
        Conditions(**common, resistance="none")
