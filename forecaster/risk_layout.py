"""Lays out a session of variant `risk`: safety is taken up as soon as the client discloses a risk.

Arc: engaging, disclosure, safety (direct questions one by one, heard with reflections), a named help line or
next contact and a trusted person, reasons for living or for seeking help, planning, closing. The safety
question is never left open at the end.
"""

import random

from forecaster.layout import CT, N, Slot, constrain_before, draw
from forecaster.plan_record import Conditions
from forecaster.planning_rules import Rules
from kmi import Label, Sublabel

SAFETY_REFLECTIONS = (
    (Label.COMPLEX_REFLECTION, Sublabel.FEELING),
    (Label.COMPLEX_REFLECTION, Sublabel.MEANING),
    (Label.SIMPLE_REFLECTION, Sublabel.REPHRASE),
)


def lay_out_risk(conditions: Conditions, rules: Rules, rng: random.Random) -> list[Slot]:
    """Return the slots of one session of variant `risk`."""
    slots = _engaging(rules, rng)
    slots += _safety(conditions, rules, rng)
    slots += _evoking(conditions, rules, rng)
    if conditions.outcome in rules.phases["planning_outcomes"]:
        slots += _planning(rules, rng)
    slots.append(Slot("closing", Label.COMPLEX_REFLECTION, Sublabel.SUMMARY, answers=(CT, N)))
    slots.append(Slot("closing", Label.GENERAL, Sublabel.CLOSING, answer=(N, Sublabel.FOLLOWING)))
    for index, slot in enumerate(slots):
        if slot.label is Label.CLOSED_QUESTION and slot.sublabel is Sublabel.CONFIRMING:
            constrain_before(slots, index, (CT, N))
    return slots


def _engaging(rules: Rules, rng: random.Random) -> list[Slot]:
    """The opening and a few free turns; the client's last answer is the disclosure."""
    greeting = Slot("engaging", Label.GENERAL, Sublabel.GREETING, answer=(N, Sublabel.DESCRIBING))
    free = [Slot("engaging") for _ in range(int(draw(rng, rules.risk["engaging_turns"])))]
    free[-1].fix(Label.OPEN_QUESTION, Sublabel.EXPLORING)
    free[-1].answer = (N, Sublabel.DESCRIBING)
    return [greeting, *free]


def _safety(conditions: Conditions, rules: Rules, rng: random.Random) -> list[Slot]:
    risk = rules.risk
    slots = [Slot("safety", Label.COMPLEX_REFLECTION, Sublabel.FEELING, answers=(N,))]
    if rng.random() < risk["structure_share"]:
        slots.append(Slot("safety", Label.GENERAL, Sublabel.STRUCTURE, answer=(N, Sublabel.FOLLOWING)))
    n_questions = int(draw(rng, risk["safety_questions"][conditions.risk]))
    for number in range(n_questions):
        slots.append(Slot("safety", Label.CLOSED_QUESTION, Sublabel.SAFETY, answer=(N, Sublabel.DESCRIBING)))
        two_in_a_row = len(slots) > 1 and slots[-2].label is Label.CLOSED_QUESTION
        if number + 1 < n_questions and (two_in_a_row or rng.random() < risk["reflection_between_share"]):
            label, sublabel = rng.choice(SAFETY_REFLECTIONS)
            slots.append(Slot("safety", label, sublabel, answers=(N, Label.SUSTAIN_TALK)))
    if rng.random() < risk["affirm_after_share"]:
        slots.append(
            Slot("safety", Label.AFFIRM, rng.choice((Sublabel.STRENGTH, Sublabel.EFFORT)), answers=(N,))
        )
    else:
        slots.append(Slot("safety", *rng.choice(SAFETY_REFLECTIONS), answers=(N,)))
    asks = rng.random() < risk["open_safety_question_share"]
    help_line = Slot("safety", Label.GIVE_INFORMATION, Sublabel.SAFETY, answers=(N, CT))
    trusted = Slot("safety", Label.OPEN_QUESTION, Sublabel.SAFETY, answers=(N, CT))
    advice = Slot("safety", Label.ADVISE, Sublabel.SAFETY, answers=(N, CT))
    advises = not asks or rng.random() < risk["advise_share"]
    return [*slots, *([trusted] if asks else []), help_line, *([advice] if advises else [])]


def _evoking(conditions: Conditions, rules: Rules, rng: random.Random) -> list[Slot]:
    """One question that draws out reasons for living or for seeking help, between free turns."""
    slots = [Slot("evoking") for _ in range(int(draw(rng, rules.risk["evoking_turns"])))]
    at = rng.randrange(len(slots) - 1)
    slots[at].fix(Label.OPEN_QUESTION, Sublabel(draw(rng, rules.risk["evocation"])))
    slots[at].answers = (CT, N)
    if conditions.outcome in rules.phases["planning_outcomes"]:
        key = Slot(
            "evoking", Label.OPEN_QUESTION, Sublabel.KEY_QUESTION, answers=(CT,), client_phase="planning"
        )
        slots[-1].answers = (CT, N)
        slots.append(key)
    else:
        slots[-1].answers = (CT, N)
        slots[-1].fix(Label.AFFIRM, Sublabel.AUTONOMY)
    return slots


def _planning(rules: Rules, rng: random.Random) -> list[Slot]:
    """The next steps: the client's plan, the next contact, the help line once more."""
    slots = [Slot("planning", Label.OPEN_QUESTION, Sublabel.PLANNING, answers=(CT, N))]
    if rng.random() < rules.risk["second_information_share"]:
        slots.append(Slot("planning", Label.GIVE_INFORMATION, Sublabel.SAFETY, answers=(CT, N)))
    if rng.random() < rules.risk["confirming_share"]:
        slots.append(Slot("planning", Label.CLOSED_QUESTION, Sublabel.CONFIRMING, answers=(CT, N)))
    return slots
