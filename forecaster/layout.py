"""Lays out the fixed points of a session: its phases, information, techniques, key question and closing.

The rest of the therapist's turns stay free; `forecaster/planning.py` fills them from the forecasts.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forecaster.plan_record import Conditions
from forecaster.planning_rules import Rules
from kmi import Label, Outcome, Sublabel

N, CT, ST = Label.NEUTRAL, Label.CHANGE_TALK, Label.SUSTAIN_TALK
Answer = tuple[Label, Sublabel]
N_CLOSING = 2


@dataclass(slots=True)
class Slot:
    """One therapist turn and the client's turn after it.

    Attributes:
        phase: Phase of the therapist's turn.
        label: Fixed label; None for a free turn.
        sublabel: Fixed sublabel; None for a free turn.
        answers: Client labels allowed after this turn; None for all.
        answer: Fixed client turn; None for a drawn one.
        client_phase: Phase of the client's turn, where it differs.
        declines: Whether the client's turn says no to the change for now.
    """

    phase: str
    label: Label | None = None
    sublabel: Sublabel | None = None
    answers: tuple[Label, ...] | None = None
    answer: Answer | None = None
    client_phase: str | None = None
    declines: bool = False

    @property
    def is_free(self) -> bool:
        """Whether neither the therapist's nor the client's turn is fixed yet."""
        return self.label is None and self.answer is None and self.sublabel is None

    def fix(self, label: Label, sublabel: Sublabel) -> None:
        """Fix the therapist's turn."""
        self.label, self.sublabel = label, sublabel


class LayoutError(Exception):
    """This draw does not fit into the session; draw again (internal)."""


def draw(rng: random.Random, weights: Mapping) -> object:
    """Draw a key of `weights` in proportion to its weight."""
    threshold = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        threshold -= weight
        if threshold < 0:
            return key
    return next(reversed([key for key, weight in weights.items() if weight > 0]))


def lay_out_frame(n_turns: int, conditions: Conditions, rules: Rules, rng: random.Random) -> list[Slot]:
    """Return the slots of one standard session with its opening, key question and closing fixed.

    Raises:
        LayoutError: If the drawn pieces do not fit; the caller draws again.
    """
    slots = [Slot("engaging")]
    slots += [Slot(phase) for phase in _phases(n_turns - 1 - N_CLOSING, conditions, rules)]
    slots += [Slot("closing") for _ in range(N_CLOSING)]
    greets = rng.random() < rules.opening["greeting_share"]
    slots[0].fix(
        *((Label.GENERAL, Sublabel.GREETING) if greets else (Label.OPEN_QUESTION, Sublabel.EXPLORING))
    )
    slots[0].answer = (N, Sublabel.DESCRIBING)
    if rng.random() < rules.opening["sustain_talk_first"].get(conditions.stage, 0.0):
        slots[0].answer = None
        slots[0].answers = (ST,)
    _key_question(slots, conditions, rules, rng)
    _closing(slots, conditions, rules, rng)
    return slots


def _phases(n_turns: int, conditions: Conditions, rules: Rules) -> list[str]:
    shares = list(rules.phases[conditions.stage])
    if conditions.outcome not in rules.phases["planning_outcomes"]:
        shares[2] += shares[3]
        shares[3] = 0.0
    counts = [int(share * n_turns) for share in shares]
    rest = sorted(range(4), key=lambda i: counts[i] - shares[i] * n_turns)
    for i in rest[: n_turns - sum(counts)]:
        counts[i] += 1
    names = ("engaging", "focusing", "evoking", "planning")
    if shares[3] and not counts[3]:
        counts[0] -= 1
        counts[3] = 1
    while counts[2] < rules.phases["min_evoking_turns"] + bool(shares[3]):
        counts[0] -= 1
        counts[2] += 1
    return [name for name, count in zip(names, counts, strict=True) for _ in range(count)]


def constrain_before(
    slots: Sequence[Slot], index: int, allowed: tuple[Label, ...], answer: Answer | None = None
) -> None:
    """Constrain the client's turn before the slot `index`."""
    before = slots[index - 1]
    if before.answer is not None:
        if answer is not None and before.answer != answer or before.answer[0] not in allowed:
            raise LayoutError("two pieces want different client turns")
        return
    allowed_now = before.answers if before.answers is not None else (CT, ST, N)
    before.answers = tuple(label for label in allowed_now if label in allowed)
    if not before.answers:
        raise LayoutError("two pieces want different client turns")
    if answer is not None:
        before.answer = answer


def _key_question(slots: list[Slot], conditions: Conditions, rules: Rules, rng: random.Random) -> None:
    """Fix the key question at the end of evoking, at times after a recapitulation."""
    evoking = [i for i, slot in enumerate(slots) if slot.phase == "evoking"]
    if conditions.outcome not in rules.phases["planning_outcomes"]:
        return
    key = evoking[-1]
    slots[key].fix(Label.OPEN_QUESTION, Sublabel.KEY_QUESTION)
    slots[key].client_phase = "planning"
    has_recap = len(evoking) >= rules.key_question["min_evoking_turns_for_recap"]
    if has_recap and rng.random() < rules.key_question["recap_share"]:
        slots[key - 1].fix(Label.COMPLEX_REFLECTION, Sublabel.SUMMARY)
        if rng.random() < rules.key_question["plain_yes_share"]:
            slots[key - 1].answer = (N, Sublabel.FOLLOWING)
            constrain_before(slots, key - 1, (CT,))
            return
    constrain_before(slots, key, (CT,))  # the client leans first


def _closing(slots: list[Slot], conditions: Conditions, rules: Rules, rng: random.Random) -> None:
    """Fix the last turns: a summary or affirmation, then a farewell; and what the outcome asks for."""
    slots[-1].fix(Label.GENERAL, Sublabel.CLOSING)
    slots[-1].answer = (N, Sublabel.FOLLOWING)
    _wrap_up(slots, len(slots) - N_CLOSING, conditions, rules, rng)
    constrain_before(slots, len(slots) - 1, (CT, N))
    if conditions.outcome in rules.autonomy["required_outcomes"]:
        _autonomy(slots)
    if conditions.outcome is Outcome.DECLINES:
        last = max(i for i, slot in enumerate(slots) if slot.phase == "evoking")
        constrain_before(slots, last, (ST,))
        slots[last - 1].declines = True


def _wrap_up(slots: list[Slot], index: int, conditions: Conditions, rules: Rules, rng: random.Random) -> None:
    """Fix the turn before the farewell: an affirmation (always after a recapitulation) or a summary."""
    has_recap = any(slot.sublabel is Sublabel.SUMMARY for slot in slots)
    if has_recap or rng.random() < rules.closing["affirm_share"][conditions.outcome]:
        kinds = (Sublabel.AUTONOMY, Sublabel.EFFORT)
        if conditions.outcome in rules.phases["planning_outcomes"]:
            kinds = (Sublabel.STEP, Sublabel.STRENGTH, Sublabel.EFFORT)
        sublabel = rng.choice(kinds)
        slots[index].fix(Label.AFFIRM, sublabel)
        if sublabel is not Sublabel.AUTONOMY:
            constrain_before(slots, index, (CT, N))
        return
    slots[index].fix(Label.COMPLEX_REFLECTION, Sublabel.SUMMARY)


def _autonomy(slots: list[Slot]) -> None:
    """Emphasize the client's choice in the last turn before the closing, unless the closing does."""
    if any(slot.sublabel is Sublabel.AUTONOMY for slot in slots):
        return
    last = max(i for i, slot in enumerate(slots) if slot.phase == "evoking")
    slots[last].fix(Label.AFFIRM, Sublabel.AUTONOMY)
    constrain_before(slots, last, (ST, N))  # right after change talk it would cool it
