"""Rows of the configs `utterances` and `messages` from a finished dialogue, and the check that it is one."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from kmi import SPLITS, SUBLABELS, Category, Label, Outcome, Risk, Role, StageOfChange, Sublabel, features

NULLABLE = ("sublabel", "planned_label", "written_label", "coded_label", "risk_detail", "planner_version")
CHAT_ROLES = {Role.THERAPIST.value: "assistant", Role.CLIENT.value: "user"}
FILTERS = ("category_en", "stage_of_change", "risk")
KINDS = {"role": Role, "label": Label, "sublabel": Sublabel}


def utterance_rows(dialogue: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Make one row an utterance; role, label and sublabel are class ids, null where there is none."""
    ids = {column: {code.value: number for number, code in enumerate(kind)} for column, kind in KINDS.items()}
    previous: Mapping[str, Any] = {}
    for index, turn in enumerate(dialogue["dialogue"]):
        yield {
            "dialogue_id": dialogue["id"],
            "index": index,
            **{column: ids[column].get(turn[column]) for column in KINDS},
            "utterance_ko": turn["utterance_ko"],
            "utterance_en": turn["utterance_en"],
            "previous_utterance_ko": previous.get("utterance_ko"),
            "previous_utterance_en": previous.get("utterance_en"),
            **{column: dialogue[column] for column in FILTERS},
        }
        previous = turn


def messages_row(dialogue: Mapping[str, Any]) -> dict[str, Any]:
    """Make the row in chat format: the therapist is the assistant, the client the user, text in Korean.

    The therapist's first turn is `opening` and a client turn at the end is `closing`, so that `messages`
    begins with the user and ends with the assistant, as chat templates want.
    """
    opening, *turns = dialogue["dialogue"]
    closing = turns.pop()["utterance_ko"] if turns[-1]["role"] == Role.CLIENT else None
    return {
        "id": dialogue["id"],
        "opening": opening["utterance_ko"],
        "messages": [{"role": CHAT_ROLES[turn["role"]], "content": turn["utterance_ko"]} for turn in turns],
        "closing": closing,
        **{column: dialogue[column] for column in FILTERS},
    }


def check_dialogue(dialogue: Mapping[str, Any]) -> None:
    """Refuse what is not a finished dialogue: fields, types, values of the contract, speakers in turn.

    Raises:
        ValueError: If something is wrong; the message names the field, the value found and what is allowed.
    """
    fields = {field.name: field.type for field in features("dialogues").arrow_schema}
    _check_fields(dialogue, fields | {"split": pa.string()}, "")
    allowed = {"split": SPLITS, "category_en": Category, "stage_of_change": StageOfChange, "risk": Risk}
    for field, values in allowed.items():
        _check_choice(dialogue[field], values, field)
    profile = dialogue["profile"]
    _check_choice(profile["intended_outcome"], Outcome, "profile.intended_outcome")
    expected = {"category_ko": Category(dialogue["category_en"]).name_ko}
    expected |= {f"profile.{field}": dialogue[field] for field in ("stage_of_change", "risk")}
    found = {"category_ko": dialogue["category_ko"]}
    found |= {f"profile.{field}": profile[field] for field in ("stage_of_change", "risk")}
    for field, value in expected.items():
        if found[field] != value:
            raise ValueError(f"{field} is {found[field]!r}, but the dialogue says {value!r}")
    if len(dialogue["dialogue"]) < 3:
        raise ValueError(f"{len(dialogue['dialogue'])} utterances; an opening and one exchange are 3")
    for index, turn in enumerate(dialogue["dialogue"]):
        _check_turn(turn, f"dialogue[{index}]", Role.CLIENT if index % 2 else Role.THERAPIST)


def _check_turn(turn: Mapping[str, Any], where: str, speaker: Role) -> None:
    if turn["role"] != speaker:
        raise ValueError(
            f"{where}.role is {turn['role']!r}; roles alternate, so here speaks {speaker.value!r}"
        )
    labels = [label.value for label in Label if label.role is speaker]
    for field in ("label", "planned_label", "written_label", "coded_label"):
        if turn[field] is not None:
            _check_choice(turn[field], labels, f"{where}.{field}")
    if turn["sublabel"] is not None:
        _check_choice(turn["sublabel"], SUBLABELS[Label(turn["label"])], f"{where}.sublabel")
    for field in ("utterance_ko", "utterance_en"):
        if not turn[field].strip():
            raise ValueError(f"{where}.{field} is blank")


def _check_choice(value: str, allowed: Any, where: str) -> None:
    if value not in list(map(str, allowed)):
        raise ValueError(f"{where} is {value!r}; allowed: {', '.join(map(str, allowed))}")


def _check_fields(record: Any, fields: Mapping[str, pa.DataType], where: str) -> None:
    if not isinstance(record, Mapping):
        raise ValueError(f"{where or 'dialogue'} is {record!r}, not an object")
    for wrong, name in (
        (fields.keys() - record.keys(), "missing"),
        (record.keys() - fields.keys(), "unknown"),
    ):
        if wrong:
            raise ValueError(f"{name} in {where or 'the dialogue'}: {', '.join(sorted(wrong))}")
    for field, kind in fields.items():
        _check_type(record[field], kind, f"{where}.{field}" if where else field, field in NULLABLE)


def _check_type(value: Any, kind: pa.DataType, where: str, nullable: bool) -> None:
    if value is None and nullable:
        return
    if pa.types.is_struct(kind):
        _check_fields(value, {field.name: field.type for field in kind}, where)
    elif pa.types.is_list(kind) and isinstance(value, list):
        for index, item in enumerate(value):
            _check_type(item, kind.value_type, f"{where}[{index}]", False)
    else:
        wanted = {pa.types.is_string: str, pa.types.is_integer: int, pa.types.is_list: list}
        python_type = next(result for is_kind, result in wanted.items() if is_kind(kind))
        if not isinstance(value, python_type) or isinstance(value, bool | list):
            raise ValueError(f"{where} is {value!r}, not {python_type.__name__}")
