"""One row of a dialogue file -> one `Dialogue`, or an error: the field, the value and what is allowed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from kmi import CLIENT_LABELS, THERAPIST_LABELS, Category, Label, Risk, Role, Sublabel
from metrics.dialogues import Dialogue, Utterance

Row = Mapping[str, Any]

ROLES = {
    Role.THERAPIST.value: Role.THERAPIST,
    Role.CLIENT.value: Role.CLIENT,
    "therapist": Role.THERAPIST,
    "client": Role.CLIENT,
    "assistant": Role.THERAPIST,
    "user": Role.CLIENT,
}
LABELS = {label.value: label for label in Label}
LABELS_OF = {Role.THERAPIST: THERAPIST_LABELS, Role.CLIENT: CLIENT_LABELS}
NO_LABEL = (None, "", "-", "None")
"""How sources write a missing label; the published release uses all of them for client turns."""
CATEGORIES = {name: category for category in Category for name in (category.value, category.name_ko)}
RISKS = {risk.value: risk for risk in Risk}
CLASSES = {
    "role": tuple(Role),
    "label": tuple(Label),
    "sublabel": tuple(Sublabel),
    "category_en": tuple(Category),
    "category_ko": tuple(category.name_ko for category in Category),
    "risk": tuple(Risk),
}
"""Class names of integer columns, in the order of the contract; -1 is no class."""
HANGUL = re.compile("[가-힣]")


def parse_row(row: Any, *, default_id: str, split: str | None = None) -> Dialogue:
    """Turn one row into a dialogue, whole or not at all.

    Args:
        row: A row with `dialogue` (ours and the published release) or `messages` (chat format, each with a
            `label`); other columns `id`, `split`, `category_en`, `category_ko`, `category`, `risk` and
            `profile` are read where present.
        default_id: Identifier to use if the row has none.
        split: Split of the file the row comes from; a `split` in the row wins.

    Returns:
        The dialogue.

    Raises:
        ValueError: If any field that metrics need is missing or not allowed.
    """
    if not isinstance(row, Mapping):
        raise ValueError(f"expected an object with 'dialogue' or 'messages', found {_shown(row)}")
    for name in ("dialogue", "messages"):
        if row.get(name) is not None:
            return Dialogue(
                id=str(default_id if row.get("id") is None else row["id"]),
                utterances=_parse_turns(row[name], name),
                split=row.get("split") or split,
                category=_category_of(row),
                risk=_risk_of(row),
                profile=row.get("profile") or {},
            )
    raise ValueError(f"neither 'dialogue' nor 'messages' found; the row has {_listed(row)}")


def _parse_turns(turns: Any, name: str) -> tuple[Utterance, ...]:
    if not isinstance(turns, Sequence) or isinstance(turns, str):
        raise ValueError(f"{name}: expected a list of utterances, found {_shown(turns)}")
    spoken = [
        (f"{name}[{i}]", turn)
        for i, turn in enumerate(turns)
        if not (name == "messages" and isinstance(turn, Mapping) and turn.get("role") == "system")
    ]
    if spoken and all(isinstance(turn, Mapping) and turn.get("label") in NO_LABEL for _, turn in spoken):
        raise ValueError(
            f"{name}: no utterance has a 'label', and these metrics need labels; score config 'dialogues' or "
            "'utterances' instead of 'messages', or give each therapist utterance a label"
        )
    return tuple(parse_turn(turn, where) for where, turn in spoken)


def parse_turn(turn: Any, where: str) -> Utterance:
    """Turn one utterance of a row into a record.

    Args:
        turn: Mapping with `role`, `label` and, where known, `sublabel`, `utterance_ko`, `utterance_en` or
            `content`. Integers are class ids in the contract's order.
        where: Place of the utterance in its row, for the error.

    Returns:
        The utterance.

    Raises:
        ValueError: If the role or the label is missing or not allowed; the message starts with `where`.
    """
    if not isinstance(turn, Mapping):
        raise ValueError(f"{where}: expected an object with 'role' and 'label', found {_shown(turn)}")
    role_name = class_name(turn.get("role"), "role", where)
    role = ROLES.get(role_name) if isinstance(role_name, str) else None
    if role is None:
        raise ValueError(f"{where}.role: {_shown(role_name)} is not a role; allowed are {_listed(ROLES)}")
    content = turn.get("content")
    text = {} if content is None else {"utterance_ko" if is_korean(str(content)) else "utterance_en": content}
    return Utterance(
        role=role,
        label=_label_of(class_name(turn.get("label"), "label", where), role, where),
        sublabel=class_name(turn.get("sublabel"), "sublabel", where),
        text_ko=turn.get("utterance_ko", text.get("utterance_ko")),
        text_en=turn.get("utterance_en", text.get("utterance_en")),
    )


def is_korean(text: str) -> bool:
    """Tell whether a text holds any Hangul syllable.

    Example:
        >>> is_korean("네."), is_korean("Yes.")
        (True, False)
    """
    return HANGUL.search(text) is not None


def _label_of(value: Any, role: Role, where: str) -> Label | None:
    if value in NO_LABEL:
        if role is Role.CLIENT:
            return None
        raise ValueError(f"{where}.label: missing; a {role} needs one of {_listed(LABELS_OF[role])}")
    label = LABELS.get(value) if isinstance(value, str) else None
    if label is None or label.role is not role:
        allowed = _listed(LABELS_OF[role])
        raise ValueError(
            f"{where}.label: {_shown(value)} is not a label of the {role}; allowed are {allowed}"
        )
    return label


def class_name(value: Any, column: str, where: str) -> Any:
    """Turn a class id into its name; anything but an integer is returned as it is.

    Args:
        value: Cell of the column.
        column: A key of `CLASSES`.
        where: Place of the cell, for the error.

    Returns:
        The name, ``None`` for -1.

    Raises:
        ValueError: If the id is out of range.

    Example:
        >>> class_name(1, "role", "row 1")
        'Client'
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    names = CLASSES[column]
    if not -1 <= value < len(names):
        raise ValueError(
            f"{where}.{column}: class id {value} is out of range; allowed are -1 to {len(names) - 1}"
        )
    return None if value == -1 else str(names[value])


def _category_of(row: Row) -> str | None:
    for column in ("category_en", "category", "category_ko"):
        value = row.get(column)
        if value is not None:
            name = str(class_name(value, "category_ko" if column == "category_ko" else "category_en", "row"))
            return str(CATEGORIES.get(name, name))
    return None


def _risk_of(row: Row) -> Risk | None:
    value = class_name(row.get("risk"), "risk", "row")
    if value is None:
        return None
    if not isinstance(value, str) or value not in RISKS:
        raise ValueError(f"risk: {_shown(value)} is not a kind of risk; allowed are {_listed(RISKS)}")
    return RISKS[value]


def _listed(names: Iterable[str | StrEnum]) -> str:
    return ", ".join(repr(str(name)) for name in names)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
