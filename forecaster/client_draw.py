"""Draws the client's turns: AnnoMI's statistics, bent by stage of change, resistance, phase and technique."""

import random
from collections.abc import Mapping, Sequence

from forecaster.layout import LayoutError, Slot, draw
from forecaster.ngram import NgramForecaster
from forecaster.plan_record import Conditions, PlannedTurn
from forecaster.planning_rules import Rules
from kmi import Label, Role, StageOfChange, Sublabel


class ClientDraw:
    """The client of one session."""

    def __init__(
        self, model: NgramForecaster, conditions: Conditions, rules: Rules, rng: random.Random
    ) -> None:
        self.model = model
        self.conditions = conditions
        self.rules = rules
        self.rng = rng
        self.n_change = 0
        self.n_sustain = 0
        early = conditions.stage is StageOfChange.PRECONTEMPLATION
        self.max_sustain = rules.limits["max_sustain_talk_in_a_row" + ("_precontemplation" if early else "")]

    def answer(
        self, slot: Slot, following: Slot | None, turns: Sequence[PlannedTurn], labels: Sequence[str]
    ) -> PlannedTurn:
        """Return the client's turn after the therapist's turn of `slot`.

        Args:
            slot: The slot whose therapist turn was just drawn.
            following: The next slot; None at the end.
            turns: All turns so far, the therapist's last.
            labels: Their label values.

        Raises:
            LayoutError: If no label is allowed here.
        """
        phase = slot.client_phase or slot.phase
        if slot.answer is not None:
            label, sublabel = slot.answer
        else:
            label = self._label(slot, phase, turns[-1], labels)
            sublabel = self._sublabel(label, phase, slot, following, turns)
        self.n_change = self.n_change + 1 if label is Label.CHANGE_TALK else 0
        self.n_sustain = self.n_sustain + 1 if label is Label.SUSTAIN_TALK else 0
        return PlannedTurn(Role.CLIENT, label, sublabel, phase)

    def _label(self, slot: Slot, phase: str, last: PlannedTurn, labels: Sequence[str]) -> Label:
        client, outcome = self.rules.client, self.conditions.outcome
        allowed = dict(self.model.predict_from_labels(tuple(labels[-self.model.settings.order :])))
        if slot.answers is not None:
            allowed = {label: share for label, share in allowed.items() if label in slot.answers}
        if self.n_sustain >= self.max_sustain:
            allowed.pop(Label.SUSTAIN_TALK, None)
        if self.n_change >= self.rules.limits["max_change_talk_in_a_row"]:
            allowed.pop(Label.CHANGE_TALK, None)
            if Label.SUSTAIN_TALK in allowed and phase != "closing":
                return Label.SUSTAIN_TALK
        for table in (
            client["stage_odds"][self.conditions.stage],
            client["resistance_odds"][self.conditions.resistance],
            client["outcome_odds"][outcome],
            client["phase_odds"][phase],
            client["closing_outcome_odds"].get(outcome, {}) if phase == "closing" else {},
            by_technique(client["sublabel_odds"], last),
        ):
            for label in allowed:
                allowed[label] *= table.get(label, 1.0)
        if sum(allowed.values()) <= 0:
            raise LayoutError("no client label allowed")
        return draw(self.rng, allowed)

    def _sublabel(
        self, label: Label, phase: str, slot: Slot, following: Slot | None, turns: Sequence[PlannedTurn]
    ) -> Sublabel:
        client = self.rules.client
        if label is Label.NEUTRAL:
            return self._neutral(phase, following, turns[-1])
        weights, bend = self._leaning(label, phase, slot, turns[-1])
        said = next((turn.sublabel for turn in reversed(turns) if turn.label is label), None)
        return Sublabel(
            draw(
                self.rng,
                {
                    name: weight
                    * bend.get(name, 1.0)
                    * (client["repeated_sublabel_odds"] if name == said else 1.0)
                    for name, weight in weights.items()
                },
            )
        )

    def _neutral(self, phase: str, following: Slot | None, last: PlannedTurn) -> Sublabel:
        kinds = self.rules.client["neutral_sublabels"]
        weights = by_technique(kinds, last) or kinds.get(last.label) or kinds["default"]
        if phase == "closing":
            weights = kinds["closing_phase"]
        if following is not None and following.label is Label.COMPLEX_REFLECTION:
            weights = {Sublabel.DESCRIBING: 1.0}
        return Sublabel(draw(self.rng, weights))

    def _leaning(
        self, label: Label, phase: str, slot: Slot, last: PlannedTurn
    ) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Weights of the kinds of change or sustain talk, and the factors that bend them."""
        client, stage, outcome = self.rules.client, self.conditions.stage, self.conditions.outcome
        if label is Label.SUSTAIN_TALK:
            if slot.declines:
                return client["declining_talk"]["kinds"], {}
            if phase == "planning":
                return client["sustain_talk_in_planning"]["kinds"], {}
            return client["sustain_talk"][stage], {}
        if phase in ("planning", "closing") and outcome in client["commitment_language"]:
            return client["commitment_language"][outcome], client["commitment_stage_odds"][stage]
        return client["change_talk"][stage], by_technique(client["change_talk_prompt"], last)


def by_technique(table: Mapping[str, Mapping[str, float]], turn: PlannedTurn) -> Mapping[str, float]:
    """Look up a therapist's turn by label and sublabel, else by sublabel; empty where neither is listed."""
    return table.get(f"{turn.label.value}/{turn.sublabel.value}") or table.get(turn.sublabel, {})
