"""Places the moves of a session in its frame: techniques, focusing, information, advice, planning."""

import random
from collections.abc import Sequence

from forecaster.layout import CT, ST, LayoutError, N, Slot, constrain_before, draw, lay_out_frame
from forecaster.plan_record import Conditions
from forecaster.planning_rules import Rules
from kmi import QUESTIONS, Label, Sublabel

ASKED_BACK = (Sublabel.KEY_QUESTION, Sublabel.PLANNING)
"""Open questions that a client may well answer with "how would that work?"."""


def lay_out(n_turns: int, conditions: Conditions, rules: Rules, rng: random.Random) -> list[Slot]:
    """Return the slots of one standard session, moves placed, the rest of the turns free.

    Raises:
        LayoutError: If the drawn pieces do not fit; the caller draws again.
    """
    slots = lay_out_frame(n_turns, conditions, rules, rng)
    place_widening(slots, rules, rng)
    place_techniques(slots, conditions, rules, rng)
    place_information(slots, rules, rng)
    place_advice(slots, conditions, rules, rng)
    place_fact_pair(slots, rules, rng)
    place_planning_question(slots, rules, rng)
    place_focusing(slots, rules, rng)
    for i, slot in enumerate(slots):
        if _is_key(slot) and slot.answer is None:
            constrain_before(slots, i + 1, (CT, ST))  # a key question is not answered by a mere description
        if _is_key(slot) and slots[i - 1].is_free:
            slots[i - 1].label = Label(draw(rng, rules.techniques["receiving"]))
    return slots


def place_planning_question(slots: list[Slot], rules: Rules, rng: random.Random) -> None:
    """Ask how and when in the planning phase, at times."""
    free = [i for i, slot in enumerate(slots) if slot.phase == "planning" and slot.is_free]
    if free and rng.random() < rules.key_question["planning_question_share"]:
        at = rng.choice(free[1:] or free)
        constrain_before(slots, at, (CT, N))
        slots[at].fix(Label.OPEN_QUESTION, Sublabel.PLANNING)


def place_focusing(slots: list[Slot], rules: Rules, rng: random.Random) -> None:
    """Open the focusing phase with an open question or a structuring sentence, at times."""
    first = next((i for i, slot in enumerate(slots) if slot.phase == "focusing" and slot.is_free), None)
    share = rng.random()
    if first is None or share >= rules.focusing["open_question_share"] + rules.focusing["structure_share"]:
        return
    constrain_before(slots, first, (N,))
    asks = share < rules.focusing["open_question_share"]
    slots[first].fix(
        *((Label.OPEN_QUESTION, Sublabel.FOCUSING) if asks else (Label.GENERAL, Sublabel.STRUCTURE))
    )


def place_information(slots: list[Slot], rules: Rules, rng: random.Random) -> None:
    """Place the information: on the client's question or after asking permission; more only on request."""
    wanted = int(draw(rng, rules.information["turns"]))
    if not wanted:
        return
    on_request = rng.random() < rules.information["on_request_share"]
    earliest = rules.information["earliest_therapist_turn"] + (0 if on_request else 1)
    places = _places(slots, earliest, wanted, on_request, rules)
    if not places:
        wanted, on_request = 1, True
        places = _places(slots, earliest, wanted, on_request, rules)
    if not places:
        raise LayoutError("no place for information")
    at = rng.choice(places)
    if on_request:
        constrain_before(slots, at, (N,), (N, Sublabel.ASKING))
    else:
        constrain_before(slots, at - 1, (N,))
        slots[at - 1].fix(Label.CLOSED_QUESTION, Sublabel.PERMISSION)
        slots[at - 1].answer = (N, Sublabel.FOLLOWING)
    slots[at].fix(Label.GIVE_INFORMATION, Sublabel.ON_REQUEST if on_request else Sublabel.WITH_PERMISSION)
    if wanted == 2:
        slots[at].answer = (N, Sublabel.ASKING)
        at += 1
        slots[at].fix(Label.GIVE_INFORMATION, Sublabel.ON_REQUEST)
    follows = slots[at + 1]
    if (
        follows.is_free
        and follows.phase != "closing"
        and rng.random() < rules.information["eliciting_after_share"]
    ):
        constrain_before(slots, at + 1, (CT, N))
        follows.fix(Label.OPEN_QUESTION, Sublabel.ELICITING)


def _places(slots: Sequence[Slot], earliest: int, n_turns: int, on_request: bool, rules: Rules) -> list[int]:
    """Therapist turns where the information can stand, with the permission before it."""
    places = []
    for i in range(earliest, len(slots) - 1):
        if slots[i].phase not in rules.information["phases"]:
            continue
        span = slots[i - (0 if on_request else 1) : i + n_turns]
        if not on_request and slots[i - 2].sublabel is Sublabel.KEY_QUESTION:
            continue  # a key question deserves its answer first
        if on_request and slots[i - 1].label in QUESTIONS and slots[i - 1].sublabel not in ASKED_BACK:
            continue  # a client rarely answers a question with a question
        is_open = all(slot.is_free and slot.phase != "closing" for slot in span)
        if is_open and slots[i - 1].answer is None and not _splits_recap(slots, i, n_turns):
            places.append(i)
    return places


def _splits_recap(slots: Sequence[Slot], index: int, n_turns: int) -> bool:
    """Whether information at `index` would stand right before the key question or its recapitulation."""
    after = slots[index + n_turns] if index + n_turns < len(slots) else None
    return after is not None and after.sublabel in (Sublabel.KEY_QUESTION, Sublabel.SUMMARY)


def place_advice(slots: list[Slot], conditions: Conditions, rules: Rules, rng: random.Random) -> None:
    """Place a piece of advice at times: a menu of options, on the client's question, or after permission."""
    plans = conditions.outcome in rules.phases["planning_outcomes"]
    if rng.random() >= rules.advice["share_with_planning" if plans else "share_without_planning"]:
        return
    phase = "planning" if plans else "evoking"
    places = [
        i
        for i, slot in enumerate(slots)
        if slot.phase == phase and slot.is_free and slots[i - 1].answer is None and not _is_key(slots[i - 1])
    ]
    if not places:
        return
    at = rng.choice(places)
    on_request = rules.advice["options_share"] + rules.advice["on_request_share"]
    route = rng.random()
    if slots[at - 1].label is Label.GIVE_INFORMATION:
        route = rules.advice["options_share"]  # right after information only if the client asks on
    if route < rules.advice["options_share"]:
        constrain_before(slots, at, (N,))
        slots[at].fix(Label.ADVISE, Sublabel.OPTIONS)
    elif route < on_request:
        constrain_before(slots, at, (N,), (N, Sublabel.ASKING))
        slots[at].fix(Label.ADVISE, Sublabel.ON_REQUEST)
    elif at - 1 in places:
        constrain_before(slots, at - 1, (N,))
        slots[at - 1].fix(Label.CLOSED_QUESTION, Sublabel.PERMISSION)
        slots[at - 1].answer = (N, Sublabel.FOLLOWING)
        slots[at].fix(Label.ADVISE, Sublabel.WITH_PERMISSION)


def place_fact_pair(slots: list[Slot], rules: Rules, rng: random.Random) -> None:
    """Ask two facts one after the other early on, at times."""
    if rng.random() >= rules.engaging["fact_pair_share"]:
        return
    phases = rules.engaging["fact_pair_phases"]
    places = [
        i
        for i in range(3, len(slots) - 1)
        if all(slot.is_free and slot.phase in phases for slot in slots[i : i + 2])
        and slots[i - 1].label not in QUESTIONS
        and slots[i + 2].label not in QUESTIONS
    ]
    if places:
        at = rng.choice(places)
        constrain_before(slots, at, (N,))
        constrain_before(slots, at + 1, (N,))
        slots[at].fix(Label.CLOSED_QUESTION, Sublabel.FACT)
        slots[at + 1].label = Label.CLOSED_QUESTION


def place_widening(slots: list[Slot], rules: Rules, rng: random.Random) -> None:
    """Stay with change talk for three turns of the client's (MI3, ch. 14), unless the session is short.

    A scaling question is one way: the number first, then why it is not lower, then a reflection.

    Raises:
        LayoutError: If the session has no room for it.
    """
    if len(slots) < rules.limits["listens_from_therapist_turns"]:
        return
    techniques = rules.techniques
    scales = rng.random() < techniques["scaling_share"]
    pairs = {"Open Question": techniques["receiving"]} if scales else techniques["widening"]
    odds = {(first, second): odds for first, row in pairs.items() for second, odds in row.items()}
    moves = [Label(name) for name in draw(rng, odds)]
    phases = ["evoking"] if scales else techniques["widening_phases"]
    places = [
        i
        for i in range(3 if scales else 2, len(slots) - 2)
        if all(slot.is_free and slot.phase in phases for slot in slots[i - scales : i + 2])
        and slots[i + 1].answers in (None, (CT,))
    ]
    if not places:
        raise LayoutError("no room to widen change talk")
    at = rng.choice(places)
    if scales:
        constrain_before(slots, at - 1, (N,))
        slots[at - 1].fix(Label.CLOSED_QUESTION, Sublabel.SCALING)
        slots[at].sublabel = Sublabel.SCALING
    for i, move in enumerate(moves, start=at):
        slots[i].label = move
        constrain_before(slots, i, (CT,))
    constrain_before(slots, at + 2, (CT,))
    if slots[at + 2].is_free:
        slots[at + 2].label = Label(draw(rng, techniques["receiving"]))


def place_techniques(slots: list[Slot], conditions: Conditions, rules: Rules, rng: random.Random) -> None:
    """Place evocation techniques on free evoking turns, apart from each other; one open question at least.

    Raises:
        LayoutError: If there is no room for an evocative question.
    """
    weights = dict(rules.techniques[conditions.stage])
    n_evoking = sum(slot.phase == "evoking" and slot.is_free for slot in slots)
    wanted = n_evoking / rules.techniques["evoking_turns_per_technique"]
    n_wanted = min(int(wanted) + (rng.random() < wanted % 1), rules.techniques["max_per_session"])
    for _ in range(n_wanted):
        technique = draw(rng, weights)
        del weights[technique]
        _place_technique(slots, Sublabel(technique), rules, rng)
    evoking = [slot for slot in slots if slot.phase == "evoking"]
    if any(slot.label is Label.OPEN_QUESTION and not _is_key(slot) for slot in evoking):
        return
    free = [i for i, slot in enumerate(slots) if slot.phase == "evoking" and slot.is_free]
    if not free:
        raise LayoutError("no place for an evocative question")
    at = rng.choice(free)
    constrain_before(slots, at, (CT, N))
    slots[at].label = Label.OPEN_QUESTION


def _place_technique(slots: list[Slot], technique: Sublabel, rules: Rules, rng: random.Random) -> None:
    """Place one technique where there is room."""
    keep_apart = rules.techniques["keep_apart"]
    places = [
        i
        for i in range(2, len(slots) - 1)
        if slots[i].phase == "evoking"
        and _can_ask(slots[i])
        and slots[i - 1].sublabel not in keep_apart
        and slots[i + 1].sublabel not in keep_apart
    ]
    if not places:
        return
    at = rng.choice(places)
    constrain_before(slots, at, (CT, N))
    slots[at].fix(Label.OPEN_QUESTION, technique)


def _can_ask(slot: Slot) -> bool:
    """Whether a technique may stand here: on a free turn or on an open question of no kind yet."""
    return slot.is_free or slot.label is Label.OPEN_QUESTION and slot.sublabel is None


def _is_key(slot: Slot) -> bool:
    return slot.sublabel is Sublabel.KEY_QUESTION
