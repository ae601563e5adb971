"""A plan: the labels of a whole session, laid out before any text exists; one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kmi import SUBLABELS, Label, Outcome, Risk, Role, StageOfChange, Sublabel

PLANNER_VERSION = 12
"""Raised with every change of rules, weights or code that changes plans; recorded plans keep theirs."""
PHASES = ("engaging", "focusing", "safety", "evoking", "planning", "closing")
VARIANTS = ("standard", "risk")


class PlanError(ValueError):
    """A plan, or a file of plans, is malformed."""


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """One turn of a plan."""

    role: Role
    label: Label
    sublabel: Sublabel
    phase: str

    def __post_init__(self) -> None:
        if self.label.role is not self.role:
            raise PlanError(
                f"label {self.label.value!r} belongs to the {self.label.role}, not to the {self.role}"
            )
        if self.sublabel not in SUBLABELS[self.label]:
            allowed = ", ".join(SUBLABELS[self.label])
            raise PlanError(
                f"sublabel {self.sublabel.value!r} is not one of {self.label.value}; allowed: {allowed}"
            )
        if self.phase not in PHASES:
            raise PlanError(f"phase {self.phase!r} is unknown; allowed: {', '.join(PHASES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a plan is laid out for."""

    stage: StageOfChange
    outcome: Outcome
    resistance: str = "moderate"
    risk: Risk = Risk.NONE

    def __post_init__(self) -> None:
        if self.resistance not in ("low", "moderate", "high"):
            raise PlanError(f"resistance {self.resistance!r} is unknown; allowed: low, moderate, high")

    @property
    def variant(self) -> str:
        """`risk` where the profile carries a risk, which the session takes up first; else `standard`."""
        return "standard" if self.risk is Risk.NONE else "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The labels of one session; roles alternate and the therapist opens."""

    profile_id: int
    variant: str
    random_seed: int
    turns: tuple[PlannedTurn, ...]
    planner_version: int = PLANNER_VERSION

    def __post_init__(self) -> None:
        if self.variant not in VARIANTS:
            raise PlanError(f"variant {self.variant!r} is unknown; allowed: {', '.join(VARIANTS)}")
        if not self.turns:
            raise PlanError(f"the plan of profile {self.profile_id} holds no turn")
        for number, turn in enumerate(self.turns):
            if turn.role is not (Role.CLIENT if number % 2 else Role.THERAPIST):
                raise PlanError(
                    f"turn {number} of the plan of profile {self.profile_id} is the {turn.role}'s; "
                    "roles alternate and the therapist opens"
                )

    def to_json(self) -> str:
        """Return the plan as one line of JSON."""
        turns = [
            {"role": t.role.value, "label": t.label.value, "sublabel": t.sublabel.value, "phase": t.phase}
            for t in self.turns
        ]
        return json.dumps(
            {
                "profile_id": self.profile_id,
                "planner_version": self.planner_version,
                "variant": self.variant,
                "random_seed": self.random_seed,
                "turns": turns,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, line: str) -> "Plan":
        """Read a plan from one line of JSON.

        Raises:
            PlanError: If the line is no plan.
        """
        try:
            record = json.loads(line)
            turns = tuple(
                PlannedTurn(Role(t["role"]), Label(t["label"]), Sublabel(t["sublabel"]), t["phase"])
                for t in record["turns"]
            )
            return cls(
                profile_id=int(record["profile_id"]),
                variant=record["variant"],
                random_seed=int(record["random_seed"]),
                turns=turns,
                planner_version=int(record["planner_version"]),
            )
        except KeyError as error:
            raise PlanError(f"the plan lacks the field {error}") from error
        except TypeError as error:
            raise PlanError(f"the line is no plan: {error}") from error
        except PlanError:
            raise
        except ValueError as error:
            raise PlanError(f"the line is no plan: {error}") from error


def read_plans(path: Path) -> Iterator[Plan]:
    """Yield the plans of a JSONL file.

    Raises:
        PlanError: With the path and line number of a malformed line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise PlanError(
            f"cannot read the plans {path}: {error.strerror}; run `python -m forecaster plan`"
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield Plan.from_json(line)
            except PlanError as error:
                raise PlanError(f"{path}, line {number}: {error}") from error


def write_plans(plans: Iterable[Plan], path: Path) -> None:
    """Write the plans as JSONL, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text("".join(plan.to_json() + "\n" for plan in plans), encoding="utf-8")
    part.replace(path)
