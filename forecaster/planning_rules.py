"""The planner's rules, read from `rules.toml` and checked against the labels of `kmi`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from kmi import SUBLABELS, Label, Sublabel

RULES_PATH = Path(__file__).parent / "rules.toml"
LABEL_NAMES = {
    *Label,
    *Sublabel,
    *(f"{label}/{sublabel}" for label, kinds in SUBLABELS.items() for sublabel in kinds),
}


class RulesError(ValueError):
    """The rules file is malformed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One mapping for each section of `rules.toml`; keys that name labels equal members of `kmi.Label`."""

    length: Mapping[str, Any]
    limits: Mapping[str, Any]
    choice: Mapping[str, float]
    opening: Mapping[str, Any]
    phases: Mapping[str, Any]
    information: Mapping[str, Any]
    advice: Mapping[str, float]
    techniques: Mapping[str, Any]
    key_question: Mapping[str, Any]
    autonomy: Mapping[str, Any]
    closing: Mapping[str, Any]
    client: Mapping[str, Any]
    therapist: Mapping[str, Any]
    risk: Mapping[str, Any]
    engaging: Mapping[str, Any]
    focusing: Mapping[str, float]
    mix: Mapping[str, Any]


@lru_cache(maxsize=4)
def load_rules(path: Path = RULES_PATH) -> Rules:
    """Read and check the rules.

    Raises:
        RulesError: If the file is missing, is no TOML, lacks a section, or names an unknown label.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError(f"cannot read the planner's rules {path}: {error.strerror}") from error
    except ValueError as error:
        raise RulesError(f"{path} is not valid TOML: {error}") from error
    sections = [field.name for field in fields(Rules)]
    missing = [section for section in sections if section not in content]
    unknown = [section for section in content if section not in sections]
    if missing or unknown:
        raise RulesError(
            f"{path}: missing sections: {', '.join(missing) or 'none'}; unknown sections: "
            f"{', '.join(unknown) or 'none'}; allowed: {', '.join(sections)}"
        )
    _check_names(content, path, "")
    return Rules(**content)


def _check_names(table: Mapping[str, Any], path: Path, where: str) -> None:
    """Refuse a capitalized key that is no label or sublabel, and a negative number, anywhere in the file."""
    for key, value in table.items():
        place = f"{where}.{key}".lstrip(".")
        if key[:1].isupper() and key not in LABEL_NAMES:
            raise RulesError(
                f"{path}: {place}: {key!r} is no label or sublabel of kmi.py; correct the spelling"
            )
        if isinstance(value, Mapping):
            _check_names(value, path, place)
        elif isinstance(value, int | float) and value < 0:
            raise RulesError(f"{path}: {place} = {value}; allowed: 0 or more")
