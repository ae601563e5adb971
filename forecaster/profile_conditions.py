"""Reads from client profiles what a plan depends on; the other fields are left to the profiles' schema."""

import json
from collections.abc import Iterator
from pathlib import Path

from forecaster.plan_record import Conditions, PlanError
from kmi import Outcome, Risk, StageOfChange

FIELDS = {"stage_of_change": StageOfChange, "intended_outcome": Outcome, "risk": Risk}


def read_conditions(path: Path) -> Iterator[tuple[int, Conditions]]:
    """Yield the id and the plan's conditions of each profile of a JSONL file.

    Raises:
        PlanError: If the file is missing, a line is malformed or an id comes twice; with path, line, field.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise PlanError(f"cannot read the profiles {path}: {error.strerror}") from error
    seen: set[int] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            profile = json.loads(line)
        except ValueError as error:
            raise PlanError(f"{where}: no JSON ({error}); one profile a line is expected") from error
        if not isinstance(profile, dict) or not isinstance(profile.get("id"), int):
            raise PlanError(f"{where}: field 'id' is missing or no whole number")
        if profile["id"] in seen:
            raise PlanError(f"{where}: id {profile['id']} comes twice; give each profile its own")
        seen.add(profile["id"])
        values = [_field(profile, name, kind, where) for name, kind in FIELDS.items()]
        try:
            yield (
                profile["id"],
                Conditions(
                    stage=values[0],
                    outcome=values[1],
                    resistance=profile.get("resistance", "moderate"),
                    risk=values[2],
                ),
            )
        except PlanError as error:
            raise PlanError(f"{where}: {error}") from error


def _field(profile: dict, name: str, kind: type, where: str) -> object:
    try:
        return kind(profile.get(name))
    except ValueError as error:
        allowed = ", ".join(kind)
        raise PlanError(f"{where}: field {name!r} is {profile.get(name)!r}; allowed: {allowed}") from error
