"""Each rule of a plan of variant `risk`."""

from itertools import groupby

from forecaster.plan_checks import COMMITMENT_LANGUAGE
from kmi import REFLECTIONS, Label, Outcome, Risk, Role, Sublabel

CQ, OQ, GI, AD = Label.CLOSED_QUESTION, Label.OPEN_QUESTION, Label.GIVE_INFORMATION, Label.ADVISE


def therapist(plan):
    return [turn for turn in plan.turns if turn.role is Role.THERAPIST]


def safety_questions(plan):
    return [i for i, turn in enumerate(plan.turns) if turn.label is CQ and turn.sublabel is Sublabel.SAFETY]


def test_risk_of_the_profile_gives_the_variant(risk_plans):
    assert {plan.variant for _, plan in risk_plans} == {"risk"}


def test_safety_comes_after_disclosure_and_before_evoking(risk_plans):
    order = ("engaging", "safety", "evoking", "planning", "closing")
    for _, plan in risk_plans:
        places = [order.index(turn.phase) for turn in plan.turns]
        assert places == sorted(places)
        start = next(i for i, turn in enumerate(plan.turns) if turn.phase == "safety")
        assert plan.turns[start - 1].sublabel is Sublabel.DESCRIBING
        assert plan.turns[start].label is Label.COMPLEX_REFLECTION


def test_safety_questions_are_asked_one_by_one_and_answered(risk_plans):
    for conditions, plan in risk_plans:
        asked = safety_questions(plan)
        assert len(asked) >= (3 if conditions.risk is Risk.SUICIDE_SELF_HARM else 2)
        assert all(plan.turns[i + 1].sublabel is Sublabel.DESCRIBING for i in asked)
        between = [turn for turn in plan.turns[asked[0] : asked[-1]] if turn.role is Role.THERAPIST]
        assert any(turn.label in REFLECTIONS for turn in between) or len(asked) == 2


def test_counts_stay_within_the_limits_of_the_variant(risk_plans):
    for _, plan in risk_plans:
        labels = [turn.label for turn in therapist(plan)]
        assert labels.count(CQ) <= 6
        assert 1 <= labels.count(GI) <= 3
        assert labels.count(Label.AFFIRM) <= 2
        assert all(len(list(run)) <= 2 for _, run in groupby(labels))
        assert len(plan.turns) <= 39


def test_session_never_closes_with_the_safety_question_open(risk_plans):
    for _, plan in risk_plans:
        last = safety_questions(plan)[-1]
        after = plan.turns[last + 1 :]
        assert any(turn.label is GI and turn.sublabel is Sublabel.SAFETY for turn in after)
        assert any(turn.label in (AD, OQ) and turn.phase in ("safety", "planning") for turn in after)
        assert any(turn.label is OQ and turn.phase == "evoking" for turn in after)
        assert (plan.turns[-1] if len(plan.turns) % 2 else plan.turns[-2]).sublabel is Sublabel.CLOSING


def test_outcome_is_reached(risk_plans):
    for conditions, plan in risk_plans:
        kinds = {turn.sublabel for turn in plan.turns if turn.label is Label.CHANGE_TALK}
        if conditions.outcome is Outcome.COMMITMENT:
            assert Sublabel.COMMITMENT in kinds
        if conditions.outcome is Outcome.SMALL_STEP:
            assert kinds & {*COMMITMENT_LANGUAGE}
        if conditions.outcome in (Outcome.UNDECIDED, Outcome.DECLINES):
            assert any(turn.sublabel is Sublabel.AUTONOMY for turn in therapist(plan))
