"""Reads dialogues that a user brings as histories: JSON in the shape of the KMI release or of plain turns."""

import json
from collections.abc import Mapping
from pathlib import Path

from forecaster.corpus import Turn
from kmi import Label, Role

TEXT_FIELDS = ("utterance", "text", "utterance_ko", "utterance_en")
NO_LABEL = (None, "", "-", "None")
EXPECTED = (
    'expected: a list of {"role": "Therapist" or "Client", "label": ..., "utterance": ...}, or an object '
    "that holds it as `dialogue`"
)


class HistoryError(ValueError):
    """A file holds no history that can be read."""


def read_history(path: Path, field: str | None = None) -> list[Turn]:
    """Read one dialogue as a history.

    Args:
        path: JSON file: a list of turns, or an object with the list as `dialogue`.
        field: Field of the text; None for the first of `TEXT_FIELDS` that a turn has.

    Raises:
        HistoryError: If the file is missing, of another form, holds no turn or an unknown label.
    """
    content = _read_json(path)
    return parse_dialogue(content, str(path), field)


def read_parallel(path: Path) -> list[tuple[list[Turn], list[Turn]]]:
    """Read dialogues with both texts, as the KMI release has them: Korean and English turns of each.

    Raises:
        HistoryError: If the file is missing or of another form.
    """
    content = _read_json(path)
    if not isinstance(content, list) or not content:
        raise HistoryError(f"{path} holds no list of dialogues; give a file of the KMI release's form")
    pairs = []
    for number, dialogue in enumerate(content, start=1):
        place = f"{path}, dialogue {number}"
        pairs.append(tuple(parse_dialogue(dialogue, place, f"utterance_{code}") for code in ("ko", "en")))
    return pairs


def parse_dialogue(content: object, place: str, field: str | None = None) -> list[Turn]:
    """Turn a parsed dialogue into turns; a client turn without a label reads as Neutral.

    Raises:
        HistoryError: With the place and number of the turn that is wrong.
    """
    records = content.get("dialogue") if isinstance(content, Mapping) else content
    if not isinstance(records, list):
        raise HistoryError(f"{place} holds no dialogue; {EXPECTED}")
    if not records:
        raise HistoryError(f"{place} holds an empty session; give at least one turn")
    return [_turn(record, f"{place}, turn {number}", field) for number, record in enumerate(records, start=1)]


def _turn(record: object, place: str, field: str | None) -> Turn:
    if not isinstance(record, Mapping):
        raise HistoryError(f"{place} is no object; {EXPECTED}")
    role = str(record.get("role", record.get("speaker"))).capitalize()
    if role not in list(Role):
        raise HistoryError(f"{place}: role {role!r} is unknown; allowed: {', '.join(Role)}")
    label = record.get("label")
    if label in NO_LABEL and role == Role.CLIENT:
        label = Label.NEUTRAL
    if label not in list(Label):
        allowed = ", ".join(one for one in Label if one.role == role)
        raise HistoryError(f"{place}: label {label!r} is unknown; allowed: {allowed}")
    fields = (field,) if field else TEXT_FIELDS
    text = next((record[name] for name in fields if isinstance(record.get(name), str)), "")
    try:
        return Turn(Role(role), Label(label), text.strip())
    except ValueError as error:
        raise HistoryError(f"{place}: {error}") from error


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HistoryError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise HistoryError(f"{path} is not JSON ({error}); {EXPECTED}") from error
