"""Reads what raters export, and refuses what no rater can have meant."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from kmi import Label
from metrics.rating.items import CANNOT_TELL, LABELS_OF, LEVELS, TIE
from metrics.rating.packet import FORMAT, Key

SHOWN_PROBLEMS = 10
SHOWN_CHOICES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The answers of one rater; what is missing was not answered.

    Attributes:
        ratings: Level by (blinded id of the dialogue, item).
        checks: Label, or `CANNOT_TELL`, by id of the utterance.
        preferences: Blinded id of the better dialogue, or `TIE`, by id of the pair.
        n_comments: Number of comments; their text stays in the file.
    """

    rater: str
    ratings: Mapping[tuple[str, str], int]
    checks: Mapping[str, str]
    preferences: Mapping[str, str]
    n_comments: int = 0


def read_exports(paths: Iterable[Path], key: Key) -> list[Export]:
    """Read the exports of all raters of one packet.

    Args:
        paths: Files that the page or a reader wrote.
        key: Key of their packet.

    Returns:
        One export a file, in order.

    Raises:
        ValueError: If a file is no export of this packet, holds an unknown id or a value that is not allowed,
            or two files are by the same rater. The message names file, field, value and what is allowed.
        OSError: If a file cannot be read.
    """
    exports: list[Export] = []
    file_of: dict[str, Path] = {}
    for path in paths:
        export = read_export(path, key)
        if export.rater in file_of:
            raise ValueError(
                f"{path}: rater: {export.rater!r} also made {file_of[export.rater]}; keep the later of one "
                "rater's exports, or give two raters two names"
            )
        file_of[export.rater] = path
        exports.append(export)
    return exports


def read_export(path: Path, key: Key) -> Export:
    """Read one export; errors as in `read_exports`, all problems of the file at once."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: line {error.lineno}: not JSON ({error.msg}); export it again") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    problems = [
        f"{_field_of(error)}: {_reason(error)}"
        for error in Draft202012Validator(export_schema(key)).iter_errors(content)
    ]
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        shown = problems[:SHOWN_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise ValueError("\n  ".join([f"{path}: no export of packet {key.packet[:16]}", *shown]))
    return Export(
        rater=content["rater"].strip(),
        ratings={
            (dialogue, item): int(level)
            for dialogue, rated in content.get("ratings", {}).items()
            for item, level in _answered(rated).items()
        },
        checks=_answered(content.get("checks", {})),
        preferences=_answered(content.get("preferences", {})),
        n_comments=len(content.get("comments", {})),
    )


def export_schema(key: Key) -> dict[str, Any]:
    """Describe every export of a packet that is allowed, as a JSON schema; ``null`` is no answer."""
    ratings = {
        dialogue: _object({item: _one_of(LEVELS) for item in key.asked_of(dialogue)})
        for dialogue in key.dialogues
    }
    checks = {
        check: _one_of([*map(str, LABELS_OF[Label(label).role]), CANNOT_TELL])
        for check, label in key.checks.items()
    }
    preferences = {pair: _one_of([*dialogues, TIE]) for pair, dialogues in key.pairs.items()}
    comments = dict.fromkeys([*key.dialogues, *key.pairs], {"type": "string"})
    return _object(
        {
            "format": {"const": FORMAT},
            "packet": {"const": key.packet},
            "rater": {"type": "string", "pattern": r"\S"},
            "ratings": _object(ratings),
            "checks": _object(checks),
            "preferences": _object(preferences),
            "comments": _object(comments),
        }
    ) | {"required": ["format", "packet", "rater"]}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _one_of(choices: Iterable[Any]) -> dict[str, Any]:
    return {"enum": [*choices, None]}


def _field_of(error: ValidationError) -> str:
    return ".".join(map(str, error.absolute_path)) or "the file"


def _reason(error: ValidationError) -> str:
    """Say what was found and what is allowed."""
    if error.validator == "additionalProperties":
        unknown = [name for name in error.instance if name not in error.schema["properties"]]
        return f"unknown: {_listed(unknown)}; allowed are {_listed(list(error.schema['properties']))}"
    if error.validator in ("enum", "const"):
        allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
        return f"found {_shown(error.instance)}; allowed are {_listed([v for v in allowed if v is not None])}"
    if error.validator == "required":
        return error.message
    allowed = "a name or number" if error.validator == "pattern" else f"a JSON {error.validator_value}"
    return f"found {_shown(error.instance)}; allowed is {allowed}"


def _answered(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if value is not None}


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a field twice: of an edited file nobody can tell which one is meant."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object; export the file again")
    return entries


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(repr, values[:SHOWN_CHOICES])) + (", …" if len(values) > SHOWN_CHOICES else "")


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
