"""Samples a whole session from the label forecasts under the rules of `rules.toml`.

A session is laid out (`forecaster/layout.py`), its free turns are drawn from the n-gram's calibrated
probabilities times fitted bigram weights, the client's turns from the client model; a session that breaks a
rule is drawn again.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from forecaster.layout import LayoutError, Slot, draw, lay_out
from forecaster.ngram import NgramForecaster, load_ngram
from forecaster.plan_checks import risk_violations, violations
from forecaster.plan_figures import content_labels, reaches
from forecaster.plan_record import Conditions, Plan, PlanError, PlannedTurn
from forecaster.planning_rules import Rules, load_rules
from forecaster.risk_layout import lay_out_risk
from forecaster.rake import load_bigram_weights
from kmi import QUESTIONS, REFLECTIONS, Label, Role, Sublabel

GOOD_BY_MITI = (2.0, 50.0)
"""R:Q and %CR of MITI 4.2.1's threshold "good"."""
NO_PREVIOUS = ""


@dataclass(frozen=True, slots=True)
class Planner:
    """All that sampling needs: the two n-grams, the fitted bigram weights and the rules.

    Attributes:
        therapist: Forecast of the therapist's labels.
        client: Forecast of the client's labels.
        bigram_weights: Previous therapist label other than General -> next label -> factor on its probability.
        rules: Rules of `rules.toml`.
    """

    therapist: NgramForecaster
    client: NgramForecaster
    bigram_weights: Mapping[str, Mapping[str, float]]
    rules: Rules
    cache: dict[tuple[str, ...], dict[Label, float]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Planner":
        """Load the shipped weights and rules."""
        return cls(load_ngram(Role.THERAPIST), load_ngram(Role.CLIENT), load_bigram_weights(), load_rules())

    def plan(self, profile_id: int, conditions: Conditions, random_seed: int) -> Plan:
        """Sample the plan of one profile; the same arguments give the same plan.

        Raises:
            PlanError: If no session within the rules was found in `limits.max_attempts` draws.
        """
        rng = random.Random(f"kmi-plan/{random_seed}/{profile_id}")
        n_turns = int(draw(rng, self.rules.length["therapist_turns"]))
        if conditions.outcome in self.rules.phases["planning_outcomes"]:
            n_turns = max(n_turns, self.rules.length["min_therapist_turns_with_planning"])
        turns = self._choose(n_turns, conditions, rng)
        return Plan(profile_id=profile_id, variant=conditions.variant, random_seed=random_seed, turns=tuple(turns))

    def _choose(self, n_turns: int, conditions: Conditions, rng: random.Random) -> list[PlannedTurn]:
        """Draw sessions until there are a few within the rules, and choose one of them."""
        choice = self.rules.choice
        is_standard = conditions.variant == "standard"
        reflective = is_standard and rng.random() < choice["reflective_share"]
        check = violations if is_standard else risk_violations
        hindrances: Counter[str] = Counter()
        candidates: list[list[PlannedTurn]] = []
        for number in range(self.rules.limits["max_attempts"]):
            reflective = reflective and number < choice["reflective_attempts"]
            try:
                turns = _Session(self, conditions, rng, reflective).sample(n_turns)
            except LayoutError as error:
                hindrances[str(error)] += 1
                continue
            broken = check(turns, conditions, self.rules)
            hindrances.update(broken)
            if not broken and (not is_standard or self._keeps(turns, reflective, rng)):
                candidates.append(turns)
            if len(candidates) == choice["candidates"]:
                break
        if not candidates:
            raise PlanError(
                f"no plan for {conditions} within {self.rules.limits['max_attempts']} draws; most frequent "
                f"hindrance: {hindrances.most_common(1)[0][0]}; loosen that rule in rules.toml"
            )
        odds = {number: self._odds(turns) for number, turns in enumerate(candidates)}
        return candidates[draw(rng, odds)]

    def _keeps(self, turns: Sequence[PlannedTurn], reflective: bool, rng: random.Random) -> bool:
        """Keep a session that meets the MITI bounds; of the others keep the shares that the rules name."""
        choice, limits = self.rules.choice, self.rules.limits
        if reflective:
            return reaches(turns, *GOOD_BY_MITI)
        if not reaches(turns, limits["min_reflection_to_question_ratio"], 0.0):
            return rng.random() < choice["kept_below_reflection_to_question_ratio"]
        if not reaches(turns, 0.0, limits["min_percent_complex_reflections"]):
            return rng.random() < choice["kept_below_percent_complex_reflections"]
        return True

    def _odds(self, turns: Sequence[PlannedTurn]) -> float:
        """Odds of a session among its candidates by the fitted bigram weights."""
        odds = 1.0
        for first, second in pairwise(content_labels(turns)):
            odds *= self.bigram_weights.get(first, {}).get(second, 1.0) ** self.rules.choice["bigram_exponent"]
        return odds


class _Session:
    """One draw of a session: the state that grows turn by turn."""

    def __init__(self, planner: Planner, conditions: Conditions, rng: random.Random, reflective: bool) -> None:
        self.reflective = reflective
        self.planner = planner
        self.rules = planner.rules
        self.conditions = conditions
        self.rng = rng
        self.turns: list[PlannedTurn] = []
        self.labels: list[str] = []
        self.therapist_labels: list[Label] = []
        self.sublabels: list[Sublabel] = []
        self.client_labels: list[Label] = []
        self.n_affirms = rng.choice((1, 1, 1, 2))

    def sample(self, n_turns: int) -> list[PlannedTurn]:
        if self.conditions.variant == "risk":
            slots = lay_out_risk(self.conditions, self.rules, self.rng)
        else:
            slots = lay_out(n_turns, self.conditions, self.rules, self.rng)
        ends_with_client = self.rng.random() < self.rules.length["ends_with_client_share"]
        bounds = self.rules.risk if self.conditions.variant == "risk" else self.rules.length
        if 2 * len(slots) > bounds["max_utterances"]:
            ends_with_client = False
        for i, slot in enumerate(slots):
            self._therapist_turn(slot, slots[i + 1 :])
            if i + 1 < len(slots) or ends_with_client:
                self._client_turn(slot, slots[i + 1] if i + 1 < len(slots) else None)
        return self.turns

    def _add(self, label: Label, sublabel: Sublabel, phase: str) -> None:
        self.turns.append(PlannedTurn(label.role, label, sublabel, phase))
        self.labels.append(label.value)
        if label.role is Role.THERAPIST:
            self.therapist_labels.append(label)
            self.sublabels.append(sublabel)
        else:
            self.client_labels.append(label)

    def _therapist_turn(self, slot: Slot, later: Sequence[Slot]) -> None:
        label = slot.label
        if label is None:
            label = self._free_label(later)
        sublabel = slot.sublabel if slot.sublabel is not None else self._free_sublabel(label, slot.phase)
        self._add(label, sublabel, slot.phase)

    def _condition(self) -> str:
        """The client's last turn as the rules call it: its label, or the kind of a neutral turn."""
        last = self.turns[-1]
        return last.sublabel.value if last.label is Label.NEUTRAL else last.label.value

    def _forecast(self) -> Mapping[Label, float]:
        model = self.planner.therapist
        context = tuple(self.labels[-model.order :])
        if context not in self.planner.cache:
            self.planner.cache[context] = model.predict_from_labels(context)
        return self.planner.cache[context]

    def _free_label(self, later: Sequence[Slot]) -> Label:
        factors = self.rules.therapist["after"][self._condition()]
        forecast = self._forecast()
        content = [label for label in self.therapist_labels[1:] if label is not Label.GENERAL]
        bend = self.planner.bigram_weights.get(content[-1] if content else NO_PREVIOUS, {})
        weights = {
            Label(name): forecast[name] * factor * bend.get(name, 1.0)
            for name, factor in factors.items()
            if self._allows(name, later)
        }
        if not weights or sum(weights.values()) <= 0:
            raise LayoutError("no label allowed on a free turn")
        if self.reflective:
            choice = self.rules.choice
            for question in weights.keys() & {*QUESTIONS}:
                weights[question] *= choice["reflective_question_factor"]
            if Label.COMPLEX_REFLECTION in weights:
                weights[Label.COMPLEX_REFLECTION] *= choice["reflective_complex_factor"]
        if Label.AFFIRM in weights:
            n_free = 1 + sum(slot.is_free for slot in later)
            weights[Label.AFFIRM] *= 1.0 + self.rules.therapist["affirm_urgency"] / n_free
        return draw(self.rng, weights)

    def _allows(self, name: str, later: Sequence[Slot]) -> bool:
        """Whether the counts of the session so far, and what is still to come, allow the label."""
        label = Label(name)
        limit = self.rules.limits["max_same_label_in_a_row"]
        ahead = 0
        for slot in later:
            if slot.label is not label:
                break
            ahead += 1
        tail = self.therapist_labels[len(self.therapist_labels) - (limit - ahead) :] if ahead < limit else []
        if ahead >= limit or (len(tail) == limit - ahead and all(other is label for other in tail)):
            return False
        n_used = self.therapist_labels.count(label) + sum(slot.label is label for slot in later)
        if label in REFLECTIONS:
            limit = self.rules.limits["max_reflections_in_a_row"]
            tail = self.therapist_labels[-limit:]
            return len(tail) < limit or any(other not in REFLECTIONS for other in tail)
        if label is Label.CLOSED_QUESTION:
            return n_used < self.rules.limits["max_closed_questions"]
        if label is Label.AFFIRM:
            return n_used < self.n_affirms and len(self.therapist_labels) > 1
        if label is Label.GENERAL:
            return n_used < 2 + (len(self.therapist_labels) > 5)
        return True

    def _free_sublabel(self, label: Label, phase: str) -> Sublabel:
        therapist = self.rules.therapist
        weights = therapist["phase_sublabels"].get(phase, {}).get(label) or therapist["sublabels"][label]
        odds = therapist["sublabel_odds"].get(self._condition(), {})
        recent = [s for t, s in zip(self.therapist_labels, self.sublabels, strict=True) if t is label][-1:]
        bent = {
            name: weight * odds.get(name, 1.0) * (therapist["repeated_sublabel_odds"] if name in recent else 1.0)
            for name, weight in weights.items()
        }
        if sum(bent.values()) <= 0:
            raise LayoutError(f"no sublabel of {label.value} fits")
        return Sublabel(draw(self.rng, bent))

    def _client_turn(self, slot: Slot, following: Slot | None) -> None:
        phase = slot.client_phase or slot.phase
        if slot.answer is not None:
            self._add(*slot.answer, phase)
            return
        label = self._client_label(slot, phase)
        self._add(label, self._client_sublabel(label, phase, slot, following), phase)

    def _client_label(self, slot: Slot, phase: str) -> Label:
        client, limits = self.rules.client, self.rules.limits
        base = self.planner.client.predict_from_labels(tuple(self.labels[-self.planner.client.order :]))
        outcome = self.conditions.outcome
        tables = (
            client["stage_odds"][self.conditions.stage],
            client["resistance_odds"][self.conditions.resistance],
            client["phase_odds"][phase],
            client["outcome_odds"][outcome],
            client["closing_outcome_odds"].get(outcome, {}) if phase == "closing" else {},
            self._by_technique(client["sublabel_odds"]),
        )
        weights = {}
        for label, probability in base.items():
            if slot.answers is None or label in slot.answers:
                for table in tables:
                    probability *= table.get(label, 1.0)
                weights[label] = probability
        if self._run(Label.CHANGE_TALK) >= limits["max_change_talk_in_a_row"]:
            weights.pop(Label.CHANGE_TALK, None)
            if weights.get(Label.SUSTAIN_TALK):
                return Label.SUSTAIN_TALK
        early = self.conditions.stage == "precontemplation"
        key = "max_sustain_talk_in_a_row" + ("_precontemplation" if early else "")
        if self._run(Label.SUSTAIN_TALK) >= limits[key]:
            weights.pop(Label.SUSTAIN_TALK, None)
        if sum(weights.values()) <= 0:
            raise LayoutError("no client label allowed")
        return draw(self.rng, weights)

    def _run(self, label: Label) -> int:
        n = 0
        for other in reversed(self.client_labels):
            if other is not label:
                break
            n += 1
        return n

    def _by_technique(self, table: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
        """Look up the therapist's last turn by label and sublabel, else by sublabel."""
        last = self.turns[-1]
        return table.get(f"{last.label.value}/{last.sublabel.value}") or table.get(last.sublabel, {})

    def _client_sublabel(self, label: Label, phase: str, slot: Slot, following: Slot | None) -> Sublabel:
        client, stage, outcome = self.rules.client, self.conditions.stage, self.conditions.outcome
        bend: Mapping[str, float] = {}
        if label is Label.NEUTRAL:
            weights = self._by_technique(client["neutral_sublabels"]) or client["neutral_sublabels"]["default"]
            if following is not None and following.label is Label.COMPLEX_REFLECTION:
                weights = {Sublabel.DESCRIBING: 1.0}
            return Sublabel(draw(self.rng, weights))
        if label is Label.SUSTAIN_TALK:
            weights = client["sustain_talk"][stage]
            if slot.declines or phase == "planning":
                weights = client["declining_talk" if slot.declines else "sustain_talk_in_planning"]["kinds"]
        elif phase in ("planning", "closing") and outcome in client["commitment_language"]:
            weights, bend = client["commitment_language"][outcome], client["commitment_stage_odds"][stage]
        else:
            weights, bend = client["change_talk"][stage], self._by_technique(client["change_talk_prompt"])
        last = [turn.sublabel for turn in self.turns if turn.label is label][-1:]
        repeated = client["repeated_sublabel_odds"]
        weights = {k: w * bend.get(k, 1.0) * (repeated if k in last else 1.0) for k, w in weights.items()}
        return Sublabel(draw(self.rng, weights))
