"""Client profiles: the situation that a session starts from, read from JSON Lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from kmi import Category, Outcome, Risk, StageOfChange

SCHEMA_PATH = Path(__file__).parent / "profiles" / "profile.schema.json"
MAX_FAULTS_SHOWN = 20
NOT_IN_RECORD = ("id", "split", "category")
ENUM_FIELDS = {
    "category": Category,
    "stage_of_change": StageOfChange,
    "risk": Risk,
    "intended_outcome": Outcome,
}


class ProfileError(ValueError):
    """Raised for a profile, or a file of profiles, that can't be used; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One fictional client and what a session with that client starts from.

    Field by field the same as `profile.schema.json`, which says what each may hold. Free text is Korean.

    Raises:
        ProfileError: If the age lies outside the age group, or the risk and its detail contradict each other.
    """

    id: int
    split: str
    category: Category
    name: str
    address: str
    age: int
    age_group: str
    gender: str
    region: str
    occupation: str
    household: str
    referred_by: str
    referral_reason: str
    situation: tuple[str, ...]
    target_behavior: str
    reasons_for_change: tuple[str, ...]
    reasons_against_change: tuple[str, ...]
    stage_of_change: StageOfChange
    resistance: str
    speech_style: str
    risk: Risk
    risk_detail: str | None
    intended_outcome: Outcome

    def __post_init__(self) -> None:
        lowest, _, highest = self.age_group.rstrip("+").partition("-")
        if self.age < int(lowest) or (highest and self.age > int(highest)):
            raise ProfileError(
                f"field age: found {self.age}, but age_group is {self.age_group!r}; correct one"
            )
        if (self.risk is Risk.NONE) != (self.risk_detail is None):
            raise ProfileError(
                f"field risk_detail: found {_shorten(self.risk_detail)}, but risk is {self.risk.value!r}; "
                "give a text for a risk and null for 'none'"
            )

    def as_record(self) -> dict[str, Any]:
        """Make the value of the dataset's column `profile`.

        Returns:
            Plain strings, numbers and lists under the field names; without `id`, `split` and `category`,
            which are columns of the dialogue.
        """
        return {
            field.name: _plain(getattr(self, field.name))
            for field in fields(self)
            if field.name not in NOT_IN_RECORD
        }


def load_profiles(path: Path) -> list[Profile]:
    """Read and check a file of profiles.

    Args:
        path: JSON Lines, UTF-8, one profile a line, no blank lines.

    Returns:
        Profiles in the order of the file; at least one, with ids that differ.

    Raises:
        ProfileError: If the file can't be read or any line is bad. All bad lines are listed, up to
            `MAX_FAULTS_SHOWN` faults, with line number, field, value found and what is allowed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"can't read profiles from {path}: {error.strerror}; check the path") from error
    if not content.strip():
        raise ProfileError(f"{path} holds no profile; write one JSON object a line")

    validator = Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))
    profiles: list[Profile] = []
    faults: list[str] = []
    line_of_id: dict[int, int] = {}
    for n_line, line in enumerate(content.removesuffix(b"\n").split(b"\n"), start=1):
        try:
            profile = _read_line(line, validator)
        except ProfileError as error:
            faults.extend(f"line {n_line}, {fault}" for fault in str(error).split("\n"))
            continue
        first = line_of_id.setdefault(profile.id, n_line)
        if first != n_line:
            faults.append(
                f"line {n_line}, field id: found {profile.id}, already used on line {first}; number anew"
            )
        profiles.append(profile)
    if faults:
        raise ProfileError(_report(path, faults))
    return profiles


def _read_line(line: bytes, validator: Draft202012Validator) -> Profile:
    """Make a profile from one line; the error holds one fault a line, without the line number."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProfileError(
            f"byte {error.start + 1}: found 0x{line[error.start]:02x}, not UTF-8; save the file as UTF-8"
        ) from error
    if not text.strip():
        raise ProfileError("whole line: found a blank line; delete it")
    try:
        record = json.loads(text, object_pairs_hook=_refuse_repeated_keys)
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise ProfileError(
            f"column {error.colno}: invalid JSON ({error.msg}); write one JSON object a line, without a BOM"
        ) from error
    except UnicodeEncodeError as error:
        raise ProfileError("whole line: holds half a character (a lone \\u surrogate); correct it") from error
    except RecursionError as error:
        raise ProfileError("whole line: JSON nested too deeply; write one flat JSON object a line") from error
    found = {}
    for error in validator.iter_errors(record):
        field = _field(error)
        found.setdefault(field, f"field {field}: {_fault(error)}")
    if found:
        raise ProfileError("\n".join(found.values()))
    return _profile(record)


def _profile(record: dict[str, Any]) -> Profile:
    """Turn a record that fits the schema into a profile."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
    values |= {name: enum(record[name]) for name, enum in ENUM_FIELDS.items()}
    values |= {"id": int(record["id"]), "age": int(record["age"])}  # JSON Schema takes 34.0 for an integer
    return Profile(**values)


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, value in pairs:
        if key in record:
            raise ProfileError(f"field {_name(key)}: found twice in one object; keep one")
        record[key] = value
    return record


def _field(error: ValidationError) -> str:
    """Name the place of a fault, such as ``situation[2]``, counted from 0 as in code."""
    name = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in error.absolute_path)
    if error.validator == "required":
        return ", ".join(_missing(error))
    if error.validator == "additionalProperties":
        return ", ".join(_unknown(error))
    return name or "(whole line)"


def _fault(error: ValidationError) -> str:
    """Say what was found and what is allowed."""
    found, limit = _shorten(error.instance), error.validator_value
    match error.validator:
        case "required":
            return "missing; every field of profile.schema.json is required"
        case "additionalProperties":
            return f"unknown; allowed: {', '.join(error.schema['properties'])}"
        case "enum":
            return f"found {found}; allowed: {', '.join(map(repr, limit))}"
        case "type" if "dependentSchemas" in error.schema_path:
            return f"found {found}; allowed: null where risk is 'none', a text where it is not"
        case "type":
            return f"found {found}; allowed: {' or '.join([limit] if isinstance(limit, str) else limit)}"
        case "minimum" | "minLength" | "minItems":
            return f"found {found}; allowed: at least {limit}{_unit(error)}"
        case "maximum" | "maxLength" | "maxItems":
            return f"found {found}; allowed: at most {limit}{_unit(error)}"
        case "pattern":
            return f"found {found}; allowed: one line of text without blanks around it"
        case "uniqueItems":
            return f"found {found}; allowed: items that differ"
    return f"found {found}; {error.message[:200]}"


def _unit(error: ValidationError) -> str:
    if error.validator.endswith("Items"):
        return f" items, not {len(error.instance)}"
    return f" characters, not {len(error.instance)}" if error.validator.endswith("Length") else ""


def _missing(error: ValidationError) -> Iterator[str]:
    return (name for name in error.validator_value if name not in error.instance)


def _unknown(error: ValidationError) -> Iterator[str]:
    return (_name(name) for name in error.instance if name not in error.schema["properties"])


def _report(path: Path, faults: list[str]) -> str:
    shown = faults[:MAX_FAULTS_SHOWN]
    rest = len(faults) - len(shown)
    more = [f"and {rest} more"] if rest else []
    return "\n  ".join([f"{path}: faults found: {len(faults)}", *shown, *more])


def _name(key: str) -> str:
    """Write a key of the file so that it stays short and on one line."""
    return key if key.isidentifier() and len(key) <= 60 else _shorten(key)


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
