"""What the draw of client conditions rests on: quotas, themes, occupations, names, places; read from TOML."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmi import Category, StageOfChange

FOLDER = Path(__file__).parent / "profiles"
RULES = Path(__file__).parents[1] / "forecaster" / "rules.toml"
AGE_RANGES = {
    "13-15": (13, 15),
    "16-18": (16, 18),
    "19-29": (19, 29),
    "30-39": (30, 39),
    "40-49": (40, 49),
    "50-59": (50, 59),
    "60+": (60, 75),
}
LIMITS = ("ages", "gender", "risk", "roles", "place", "jobs", "months")


class QuotaError(ValueError):
    """Raised for quotas that contradict each other or that no draw can fill; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One theme, occupation or way of speaking, and whom it fits.

    Attributes:
        text: The Korean text.
        ages: Youngest and oldest, both in, full years.
        gender: The one gender it fits; None for both.
        risk: The one risk it is for; "none" for clients without one.
        roles: Roles it fits, keys of `occupations.toml`; empty for all.
        place: "rural" or "coast" where it fits nowhere else; None for everywhere.
        jobs: Words of which the occupation holds one; empty for all.
        months: Months of the session it fits; empty for all.
    """

    text: str
    ages: tuple[int, int] = (13, 75)
    gender: str | None = None
    risk: str = "none"
    roles: tuple[str, ...] = ()
    place: str | None = None
    jobs: tuple[str, ...] = ()
    months: tuple[int, ...] = ()

    @classmethod
    def read(cls, key: str, table: Mapping[str, Any]) -> "Choice":
        """Make a choice from a table of TOML whose text stands under `key`."""
        if unknown := set(table) - {key, *LIMITS}:
            raise QuotaError(f"{table[key]!r} has unknown limits {sorted(unknown)}; allowed: {LIMITS}")
        limits = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items() if k != key}
        return cls(text=table[key], **limits)

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Tell whether age, gender and place of a client are within the limits."""
        return (
            self.ages[0] <= row["age"] <= self.ages[1]
            and self.gender in (None, row["gender"])
            and (self.place is None or row[self.place])
        )


@dataclass(frozen=True, slots=True)
class Quotas:
    """Everything a draw needs.

    Attributes:
        table: `quotas.toml`.
        people: `people.toml`.
        outcomes: Weights of outcomes by stage, from the forecaster's rules.
        themes: By category.
        occupations: By role.
        speech: Ways of speaking.
    """

    table: dict[str, Any]
    people: dict[str, Any]
    outcomes: dict[str, dict[str, float]]
    themes: dict[str, tuple[Choice, ...]]
    occupations: dict[str, tuple[Choice, ...]]
    speech: tuple[Choice, ...]


def load_quotas(folder: Path = FOLDER) -> Quotas:
    """Read the quota files.

    Raises:
        QuotaError: If categories, stages or limits are not those of `kmi.py`, or sums differ from each other.
    """
    table, people, themes, occupations = (
        tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("quotas", "people", "themes", "occupations")
    )
    outcomes = tomllib.loads(RULES.read_text(encoding="utf-8"))["mix"]["outcomes"]
    _require("categories of themes.toml", themes, Category)
    _require("categories of quotas.toml", table["category"], Category)
    _require("stages of quotas.toml", table["stage_of_change"], StageOfChange)
    for field in ("stage_of_change", "split", "gender", "age_group", "category"):
        if (total := sum(table[field].values())) != table["last_id"]:
            raise QuotaError(f"quotas.toml, [{field}]: sum {total}, but last_id is {table['last_id']}")
    return Quotas(
        table,
        people,
        outcomes,
        {name: tuple(Choice.read("theme", one) for one in many) for name, many in themes.items()},
        {name: tuple(Choice.read("occupation", one) for one in many) for name, many in occupations.items()},
        tuple(Choice.read("hint", one) for one in table["speech"]),
    )


def _require(what: str, found: Iterable[str], allowed: Iterable[str]) -> None:
    if set(found) != set(map(str, allowed)):
        raise QuotaError(f"{what}: found {sorted(found)}; they must be {sorted(map(str, allowed))}")
