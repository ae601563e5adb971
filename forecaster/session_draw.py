"""One draw of a session: the layout's free turns are filled one by one from the forecasts under the rules."""

import random
from collections.abc import Mapping, Sequence

from forecaster.client_draw import ClientDraw
from forecaster.layout import LayoutError, Slot, draw
from forecaster.layout_moves import lay_out
from forecaster.plan_figures import GOOD_BY_MITI
from forecaster.plan_record import Conditions, PlannedTurn
from forecaster.planning_parts import PlanningParts
from forecaster.risk_layout import lay_out_risk
from kmi import QUESTIONS, REFLECTIONS, Label, Role, Sublabel

NO_PREVIOUS = ""


class SessionDraw:
    """State of a session that grows turn by turn; `sample` is called once."""

    def __init__(
        self, parts: PlanningParts, conditions: Conditions, rng: random.Random, *, reflective: bool
    ) -> None:
        self.parts = parts
        self.rules = parts.rules
        self.conditions = conditions
        self.rng = rng
        self.reflective = reflective
        self.turns: list[PlannedTurn] = []
        self.labels: list[str] = []
        self.therapist: list[PlannedTurn] = []
        self.client = ClientDraw(parts.client, conditions, parts.rules, rng)
        self.n_affirms = int(draw(rng, self.rules.limits["affirms"]))

    def sample(self, n_turns: int) -> list[PlannedTurn]:
        """Return the turns of one session of `n_turns` therapist turns (variant `risk` draws its own number).

        Raises:
            LayoutError: If this draw cannot be finished within the rules.
        """
        slots = self._lay_out(n_turns)
        bounds = self.rules.risk if self.conditions.variant == "risk" else self.rules.length
        ends_with_client = self.rng.random() < self.rules.length["ends_with_client_share"]
        ends_with_client = ends_with_client and 2 * len(slots) <= bounds["max_utterances"]
        for i, slot in enumerate(slots):
            later = slots[i + 1 :]
            label = slot.label if slot.label is not None else self._free_label(slot, later)
            sublabel = (
                slot.sublabel if slot.sublabel is not None else self._free_sublabel(label, slot.phase, later)
            )
            self._add(PlannedTurn(Role.THERAPIST, label, sublabel, slot.phase))
            if later or ends_with_client:
                self._add(self.client.answer(slot, later[0] if later else None, self.turns, self.labels))
        return self.turns

    def _lay_out(self, n_turns: int) -> list[Slot]:
        if self.conditions.variant == "risk":
            return lay_out_risk(self.conditions, self.rules, self.rng)
        slots = lay_out(n_turns, self.conditions, self.rules, self.rng)
        if not self._has_room(slots[1:]):
            raise LayoutError("more questions laid out than reflections can balance")
        return slots

    def _has_room(self, later: Sequence[Slot], n_more_questions: int = 0) -> bool:
        """Whether reflections can still balance the questions asked, laid out and wanted (R:Q)."""
        labels = [turn.label for turn in self.therapist[1:]] + [slot.label for slot in later]
        n_questions = n_more_questions + sum(label in QUESTIONS for label in labels)
        n_reflections = sum(label in REFLECTIONS for label in labels)
        n_open = labels.count(None) - (Label.AFFIRM not in labels)
        return n_reflections + n_open >= n_questions * (GOOD_BY_MITI[0] if self.reflective else 1)

    def _add(self, turn: PlannedTurn) -> None:
        self.turns.append(turn)
        self.labels.append(turn.label.value)
        if turn.role is Role.THERAPIST:
            self.therapist.append(turn)

    def _condition(self) -> str:
        """The client's last turn as the rules call it: its label, or the kind of a neutral turn."""
        last = self.turns[-1]
        return last.sublabel.value if last.label is Label.NEUTRAL else last.label.value

    def _free_label(self, slot: Slot, later: Sequence[Slot]) -> Label:
        factors = self.rules.therapist["after"][self._condition()]
        forecast = self.parts.therapist.predict_from_labels(
            tuple(self.labels[-self.parts.therapist.settings.order :])
        )
        content = [turn.label for turn in self.therapist[1:] if turn.label is not Label.GENERAL]
        bend = self.parts.bigram_weights.get(content[-1] if content else NO_PREVIOUS, {})
        weights = {
            Label(name): forecast[name] * factor * bend.get(name, 1.0)
            for name, factor in factors.items()
            if self._allows(Label(name), later)
        }
        client_asks = slot.answer is not None and slot.answer[1] is Sublabel.ASKING
        if client_asks or self.conditions.variant == "standard" and not self._has_room(later, 1):
            weights = {label: weight for label, weight in weights.items() if label not in QUESTIONS}
        if not weights:
            raise LayoutError("no label allowed on a free turn")
        if self.reflective:
            choice = self.rules.choice
            for label in weights:
                if label in QUESTIONS:
                    weights[label] *= choice["reflective_question_factor"]
                elif label is Label.COMPLEX_REFLECTION:
                    weights[label] *= choice["reflective_complex_factor"]
        if Label.AFFIRM in weights:
            n_free = 1 + sum(slot.is_free for slot in later)
            has_none = not self._n_used(Label.AFFIRM, later)
            if has_none and n_free == 1:
                return Label.AFFIRM
            weights[Label.AFFIRM] *= 1.0 + has_none * self.rules.therapist["affirm_urgency"] / n_free
        return draw(self.rng, weights)

    def _n_used(self, label: Label, later: Sequence[Slot]) -> int:
        return sum(turn.label is label for turn in self.therapist) + sum(
            slot.label is label for slot in later
        )

    def _allows(self, label: Label, later: Sequence[Slot]) -> bool:
        """Whether the turns so far, and those already laid out, leave room for the label."""
        limits = self.rules.limits
        before = [turn.label for turn in reversed(self.therapist)]
        after = [slot.label for slot in later]
        if 1 + _run(before, (label,)) + _run(after, (label,)) > limits["max_same_label_in_a_row"]:
            return False
        if label in REFLECTIONS:
            return (
                1 + _run(before, REFLECTIONS) + _run(after, REFLECTIONS) <= limits["max_reflections_in_a_row"]
            )
        if (
            label in QUESTIONS
            and 1 + _run(before, QUESTIONS) + _run(after, QUESTIONS) > limits["max_questions_in_a_row"]
        ):
            return False
        if label is Label.CLOSED_QUESTION:
            return self._n_used(label, later) < limits["max_closed_questions"]
        if label is Label.AFFIRM:
            apart = before[0] is not label and (not after or after[0] is not label)
            if self._condition() == Label.SUSTAIN_TALK and not self._allows_autonomy(later):
                return False
            return apart and len(before) > 1 and self._n_used(label, later) < self.n_affirms
        if label is Label.GENERAL:
            is_new = label not in before[:-1]
            return is_new and (self._condition() != Label.SUSTAIN_TALK or self._allows_autonomy(later))
        return True

    def _free_sublabel(self, label: Label, phase: str, later: Sequence[Slot]) -> Sublabel:
        rules = self.rules.therapist
        informed = label is Label.OPEN_QUESTION and self.therapist[-1].label is Label.GIVE_INFORMATION
        if informed and self.rng.random() < self.rules.information["eliciting_question_share"]:
            return Sublabel.ELICITING
        weights = rules["phase_sublabels"].get(phase, {}).get(label) or rules["sublabels"][label]
        odds = rules["sublabel_odds"].get(self._condition(), {})
        last = next((turn.sublabel for turn in reversed(self.therapist) if turn.label is label), None)
        heard = {turn.label for turn in self.turns[1::2]}
        bent = {}
        for name, weight in weights.items():
            weight *= odds.get(name, 1.0)
            if name == last:
                weight *= rules["repeated_sublabel_odds"]
            if name == Sublabel.DOUBLE_SIDED:
                n_sides = (Label.CHANGE_TALK in heard) + (Label.SUSTAIN_TALK in heard)
                weight *= rules["double_sided_odds_by_sides_heard"][n_sides]
            if name == Sublabel.AUTONOMY and not self._allows_autonomy(later):
                weight = 0.0
            bent[name] = weight
        if sum(bent.values()) <= 0:
            raise LayoutError(f"no sublabel of {label.value} fits")
        return Sublabel(draw(self.rng, bent))

    def _allows_autonomy(self, later: Sequence[Slot]) -> bool:
        """Whether the client's choice may be emphasized here: once a session, and not as a first reply."""
        said = [turn.sublabel for turn in self.therapist] + [slot.sublabel for slot in later]
        is_early = len(self.therapist) < self.rules.therapist["earliest_autonomy_turn"]
        return not is_early and Sublabel.AUTONOMY not in said


def _run(labels: Sequence[Label | None], kinds: Mapping | Sequence[Label]) -> int:
    """Length of the run of `kinds` at the start of `labels`."""
    length = 0
    for label in labels:
        if label not in kinds:
            break
        length += 1
    return length
