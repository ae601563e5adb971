"""Rules that a whole plan must obey; each broken one is named, so that a planner or a test can say which."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil

from forecaster.plan_record import Conditions, PlannedTurn
from forecaster.planning_rules import Rules
from kmi import QUESTIONS, REFLECTIONS, Label, Outcome, Role, StageOfChange, Sublabel

EVOCATIVE = (
    Sublabel.EVOKING,
    Sublabel.ELABORATING,
    Sublabel.SCALING,
    Sublabel.LOOKING_BACK,
    Sublabel.LOOKING_FORWARD,
    Sublabel.EXTREMES,
    Sublabel.VALUES,
    Sublabel.ELICITING,
)
GATHERING = (Sublabel.SUMMARY, Sublabel.DOUBLE_SIDED)
MIN_TURNS_AFTER_SAFETY = 6
COMMITMENT_LANGUAGE = (Sublabel.COMMITMENT, Sublabel.ACTIVATION, Sublabel.TAKING_STEPS)


def violations(turns: Sequence[PlannedTurn], conditions: Conditions, rules: Rules) -> list[str]:
    """Return the names of the rules of variant `standard` that the session breaks; empty if none."""
    return [
        *_counts(turns, rules),
        *_runs(turns, conditions, rules),
        *_replies(turns),
        *_outcome(turns, conditions, rules),
        *_ambivalence(turns, rules),
        *_listening(turns, rules),
        *_arc(turns, rules),
        *_ending(turns, rules),
    ]


def risk_violations(turns: Sequence[PlannedTurn], conditions: Conditions, rules: Rules) -> list[str]:
    """Return the names of the rules of variant `risk` that the session breaks; empty if none."""
    broken = [reason for reason in _runs(turns, conditions, rules) if reason != "reflections in a row"]
    broken += [reason for reason in _outcome(turns, conditions, rules) if reason != "no sustain talk"]
    labels = [turn.label for turn in turns]
    if str(labels.count(Label.AFFIRM)) not in rules.limits["affirms"]:
        broken.append("affirms")
    if labels.count(Label.CLOSED_QUESTION) > rules.limits["max_closed_questions_risk"]:
        broken.append("closed questions")
    if labels.count(Label.GIVE_INFORMATION) > rules.limits["max_information_risk"]:
        broken.append("information")
    asked = [
        i for i, t in enumerate(turns) if t.label is Label.CLOSED_QUESTION and t.sublabel is Sublabel.SAFETY
    ]
    informed = [i for i, t in enumerate(turns) if t.label is Label.GIVE_INFORMATION]
    if (
        not asked
        or not informed
        or max(informed) < asked[-1]
        or asked[-1] > len(turns) - MIN_TURNS_AFTER_SAFETY
    ):
        broken.append("safety question left open")
    if len(turns) > rules.risk["max_utterances"]:
        broken.append("length")
    return broken


def _counts(turns: Sequence[PlannedTurn], rules: Rules) -> Iterator[str]:
    labels = [turn.label for turn in turns if turn.role is Role.THERAPIST]
    if labels.count(Label.CLOSED_QUESTION) > rules.limits["max_closed_questions"]:
        yield "closed questions"
    if str(labels.count(Label.AFFIRM)) not in rules.limits["affirms"]:
        yield "affirms"
    open_questions = [turn for turn in turns[1:] if turn.label is Label.OPEN_QUESTION]
    if len(open_questions) < rules.limits["min_open_questions"]:
        yield "open questions"
    evocative = [turn for turn in open_questions if turn.phase == "evoking" and turn.sublabel in EVOCATIVE]
    if len(evocative) < rules.limits["min_evocative_questions"]:
        yield "evocative questions"
    general = [t for t in turns[1:] if t.label is Label.GENERAL and t.sublabel is not Sublabel.CLOSING]
    if len(general) > max(1, rules.limits["max_general_share"] * (len(labels) - 1)):
        yield "general share"
    if not rules.length["min_utterances"] <= len(turns) <= rules.length["max_utterances"]:
        yield "length"


def _runs(turns: Sequence[PlannedTurn], conditions: Conditions, rules: Rules) -> Iterator[str]:
    limits = rules.limits
    therapist = [turn.label for turn in turns if turn.role is Role.THERAPIST]
    if max(len(list(run)) for _, run in groupby(therapist)) > limits["max_same_label_in_a_row"]:
        yield "same label in a row"
    reflections = [
        len(list(run)) for is_reflection, run in groupby(t in REFLECTIONS for t in therapist) if is_reflection
    ]
    if max(reflections, default=0) > limits["max_reflections_in_a_row"]:
        yield "reflections in a row"
    client = [turn.label for turn in turns if turn.role is Role.CLIENT]
    questions = [
        len(list(run)) for is_question, run in groupby(t in QUESTIONS for t in therapist[1:]) if is_question
    ]
    if max(questions, default=0) > limits["max_questions_in_a_row"]:
        yield "questions in a row"
    if any(a is b is Label.AFFIRM for a, b in pairwise(therapist)):
        yield "affirms in a row"
    runs = {label: [0] for label in Label}
    for label, run in groupby(client):
        runs[label].append(len(list(run)))
    if max(runs[Label.CHANGE_TALK]) > limits["max_change_talk_in_a_row"]:
        yield "change talk in a row"
    early = conditions.stage is StageOfChange.PRECONTEMPLATION
    key = "max_sustain_talk_in_a_row" + ("_precontemplation" if early else "")
    if max(runs[Label.SUSTAIN_TALK]) > limits[key]:
        yield "sustain talk in a row"


def _replies(turns: Sequence[PlannedTurn]) -> Iterator[str]:
    """Check each therapist turn against the client's turn before it, and against what was said so far."""
    heard: set[Label] = set()
    for before, turn in zip(turns[1::2], turns[2::2], strict=False):
        if before.label is Label.SUSTAIN_TALK and turn.label in (
            Label.GIVE_INFORMATION,
            Label.ADVISE,
            Label.CLOSED_QUESTION,
        ):
            yield "reply to sustain talk"
        if (
            before.label is Label.CHANGE_TALK
            and turn.label
            not in (
                *REFLECTIONS,
                Label.AFFIRM,
                Label.OPEN_QUESTION,
            )
            and turn.sublabel is not Sublabel.CLOSING
        ):
            yield "reply to change talk"
        if (
            before.label is Label.CHANGE_TALK
            and turn.sublabel is Sublabel.AUTONOMY
            and turn.phase != "closing"
        ):
            yield "the client's choice right after change talk"
        if (
            before.label is Label.SUSTAIN_TALK
            and turn.label is Label.AFFIRM
            and turn.sublabel is not Sublabel.AUTONOMY
        ):
            yield "praise after sustain talk"
        heard |= {before.label}
        if turn.sublabel is Sublabel.DOUBLE_SIDED and not heard >= {Label.CHANGE_TALK, Label.SUSTAIN_TALK}:
            yield "double-sided before both sides were said"
        if before.sublabel is Sublabel.FOLLOWING and turn.label is Label.COMPLEX_REFLECTION:
            yield "complex reflection on a flat turn"
        if before.sublabel is Sublabel.ASKING and turn.label not in (Label.GIVE_INFORMATION, Label.ADVISE):
            yield "question of the client unanswered"


def _outcome(turns: Sequence[PlannedTurn], conditions: Conditions, rules: Rules) -> Iterator[str]:
    client = [turn for turn in turns if turn.role is Role.CLIENT]
    kinds = [turn.sublabel for turn in client if turn.label is Label.CHANGE_TALK]
    has_sustain = any(turn.label is Label.SUSTAIN_TALK for turn in client)
    if not kinds:
        yield "no change talk"
    key = next((i for i, turn in enumerate(turns) if turn.sublabel is Sublabel.KEY_QUESTION), None)
    n_before = sum(turn.label is Label.CHANGE_TALK for turn in turns[:key])
    if key is not None and n_before < rules.key_question["min_change_talk_before"]:
        yield "key question before change talk"
    if key is not None and turns[key - 2].label not in REFLECTIONS:
        yield "key question without a reflection before it"
    if conditions.outcome is Outcome.COMMITMENT and Sublabel.COMMITMENT not in kinds:
        yield "no commitment"
    if conditions.outcome is Outcome.SMALL_STEP and not any(kind in COMMITMENT_LANGUAGE for kind in kinds):
        yield "no small step"
    if not has_sustain:
        yield "no sustain talk"


def _ambivalence(turns: Sequence[PlannedTurn], rules: Rules) -> Iterator[str]:
    """Both sides are heard before the last third, and the client does not go on describing for long."""
    client = [turn.label for turn in turns if turn.role is Role.CLIENT]
    limits = rules.limits
    if Label.CHANGE_TALK not in client[: ceil(limits["change_talk_within"] * len(client))]:
        yield "change talk late"
    if Label.SUSTAIN_TALK not in client[: ceil(limits["sustain_talk_within"] * len(client))]:
        yield "sustain talk late"
    neutral = [len(list(run)) for label, run in groupby(client) if label is Label.NEUTRAL]
    if max(neutral, default=0) > limits["max_neutral_in_a_row"]:
        yield "neutral turns in a row"


def _listening(turns: Sequence[PlannedTurn], rules: Rules) -> Iterator[str]:
    """The therapist stays with what the client tells at least once, unless the session is short."""
    limits = rules.limits
    if sum(turn.role is Role.THERAPIST for turn in turns) < limits["listens_from_therapist_turns"]:
        return
    first, last = (round(share * len(turns)) for share in limits["stays_between"])
    if not any(_stays(turns[at : at + 4]) for at in range(first, last)):
        yield "no two reflections in a row"


def _arc(turns: Sequence[PlannedTurn], rules: Rules) -> Iterator[str]:
    """Change talk is widened before the key question, which waits for the second half."""
    limits = rules.limits
    key = next((i for i, turn in enumerate(turns) if turn.sublabel is Sublabel.KEY_QUESTION), len(turns))
    if key < limits["key_question_from"] * len(turns):
        yield "key question early"
    long = sum(turn.role is Role.THERAPIST for turn in turns) >= limits["listens_from_therapist_turns"]
    if long and not any(_widens(turns[at : at + 6]) for at in range(1, key, 2)):
        yield "change talk not widened"


def _ending(turns: Sequence[PlannedTurn], rules: Rules) -> Iterator[str]:
    """Both sides are gathered late, and a plan that was spoken does not fade into description."""
    limits = rules.limits
    gathered = [i for i, turn in enumerate(turns) if turn.sublabel in GATHERING]
    if not gathered or gathered[-1] < limits["gathers_from"] * len(turns):
        yield "nothing gathered late"
    client = [turn for turn in turns if turn.role is Role.CLIENT]
    plans = [turn.label is Label.CHANGE_TALK and turn.sublabel in COMMITMENT_LANGUAGE for turn in client]
    after = client[plans.index(True) : -1] if True in plans else []
    neutral = [len(list(run)) for label, run in groupby(t.label for t in after) if label is Label.NEUTRAL]
    if max(neutral, default=0) > limits["max_neutral_after_plan"]:
        yield "the plan fades"


def _widens(turns: Sequence[PlannedTurn]) -> bool:
    """Whether three turns of change talk in a row are reflected or asked about, and the last one received."""
    if len(turns) < 6 or any(turn.label is not Label.CHANGE_TALK for turn in turns[::2]):
        return False
    stays = [turn.label in REFLECTIONS or turn.sublabel in EVOCATIVE for turn in turns[1:5:2]]
    return all(stays) and turns[5].label in (*REFLECTIONS, Label.AFFIRM)


def _stays(turns: Sequence[PlannedTurn]) -> bool:
    """Whether a client's turn that tells something is reflected, and what follows it is reflected, too."""
    if len(turns) < 4 or turns[0].role is not Role.CLIENT:
        return False
    tells = turns[0].sublabel not in (Sublabel.FOLLOWING, Sublabel.ASKING)
    return tells and turns[1].label in REFLECTIONS and turns[3].label in REFLECTIONS
