"""Reading of a model's answers: JSON by the prompt's schema, then what a schema can't say."""

import json
from collections.abc import Sequence
from typing import Any

from jsonschema import Draft202012Validator

from forecaster.plan_record import Plan
from generation.sessions.checks import Complaint
from generation.sessions.reasons import Reason
from generation.sessions.utterance import Utterance
from kmi import SUBLABELS, Label, Role, Sublabel

MAX_CHANGES = 2
"""Planned labels that a writer may change."""


class UnusableError(ValueError):
    """Raised for an answer that can't be used; holds the complaints for the model."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("; ".join(map(str, complaints)))
        self.complaints = tuple(complaints)


def read_answer(content: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Parse an answer and hold it against its schema.

    Raises:
        UnusableError: If the content is no JSON or breaks the schema.
    """
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise UnusableError([Complaint(0, Reason.INVALID_JSON, f"JSON이 아닙니다: {error}")]) from None
    errors = sorted(Draft202012Validator(schema).iter_errors(answer), key=lambda error: error.json_path)
    if errors:
        raise UnusableError(
            [Complaint(0, Reason.SCHEMA, f"{error.json_path}: {error.message[:200]}") for error in errors[:5]]
        )
    return answer


def read_draft(content: str, schema: dict[str, Any], plan: Plan) -> list[Utterance]:
    """Read a written session and apply the writer's changes of planned labels.

    Args:
        content: The model's text.
        schema: Schema of the writing prompt.
        plan: Plan that was to be written.

    Returns:
        All turns with the labels that the writer gave them.

    Raises:
        UnusableError: If turns are missing, out of order or empty, or a change is not allowed.
    """
    answer = read_answer(content, schema)
    _require_numbers([item["n"] for item in answer["utterances"]], len(plan.turns))
    labels = {n: (turn.label, turn.sublabel) for n, turn in enumerate(plan.turns, start=1)}
    changes = answer["changes"]
    if len(changes) > MAX_CHANGES:
        detail = f"라벨을 {len(changes)}곳 바꾸었습니다. {MAX_CHANGES}곳까지 됩니다."
        raise UnusableError([Complaint(0, Reason.CHANGES, detail)])
    for change in changes:
        n = change["n"]
        if n not in labels or not change["reason"].strip():
            detail = f"changes의 {n}번 차례가 없거나 까닭이 비었습니다."
            raise UnusableError([Complaint(0, Reason.CHANGES, detail)])
        labels[n] = label_of(n, plan.turns[n - 1].role, change)
    return [
        Utterance(
            n=item["n"],
            role=plan.turns[item["n"] - 1].role,
            ko=item["ko"].strip(),
            en=item["en"].strip(),
            label=labels[item["n"]][0],
            sublabel=labels[item["n"]][1],
        )
        for item in answer["utterances"]
    ]


def read_codes(content: str, schema: dict[str, Any], turns: Sequence[Utterance]) -> list[Label]:
    """Read a blind coding.

    Returns:
        One label a turn, each one that the turn's speaker can bear.

    Raises:
        UnusableError: If a turn is missing or a label is unknown or the other speaker's.
    """
    codes = read_answer(content, schema)["codes"]
    _require_numbers([item["n"] for item in codes], len(turns))
    found = []
    for item, turn in zip(codes, turns, strict=True):
        allowed = _labels_of(turn.role)
        if item["label"] not in allowed:
            found.append(_label_complaint(turn.n, item["label"], allowed))
    if found:
        raise UnusableError(found)
    return [Label(item["label"]) for item in codes]


def read_revisions(
    content: str, schema: dict[str, Any], turns: Sequence[Utterance], flagged: Sequence[int]
) -> list[Utterance]:
    """Read a revision and apply it.

    Args:
        content: The model's text.
        schema: Schema of the revising prompt.
        turns: Turns before the revision.
        flagged: Turns that the revision must take up, from 1.

    Returns:
        All turns, revised ones replaced.

    Raises:
        UnusableError: If a flagged turn is missing, a turn unknown or named twice, or a label is not allowed.
    """
    revised = {turn.n: turn for turn in turns}
    numbers: set[int] = set()
    for item in read_answer(content, schema)["revisions"]:
        n = item["n"]
        if n not in revised or n in numbers:
            detail = f"revisions의 {n}번 차례가 없거나 두 번 나옵니다."
            raise UnusableError([Complaint(0, Reason.TURNS, detail)])
        numbers.add(n)
        label, sublabel = label_of(n, revised[n].role, item)
        revised[n] = Utterance(
            n=n,
            role=revised[n].role,
            ko=item["ko"].strip(),
            en=item["en"].strip(),
            label=label,
            sublabel=sublabel,
        )
    if missing := sorted(set(flagged) - numbers):
        raise UnusableError(
            [Complaint(n, Reason.TURNS, "고칠 곳인데 revisions에 없습니다.") for n in missing]
        )
    return list(revised.values())


def label_of(n: int, role: Role, item: dict[str, Any]) -> tuple[Label, Sublabel]:
    """Read the label and sublabel that an answer names for one turn.

    Raises:
        UnusableError: If the label is unknown or the other speaker's, or the sublabel not one of the label's.
    """
    allowed = _labels_of(role)
    if item["label"] not in allowed:
        raise UnusableError([_label_complaint(n, item["label"], allowed)])
    label = Label(item["label"])
    if item["sublabel"] not in SUBLABELS[label]:
        raise UnusableError([_label_complaint(n, item["sublabel"], SUBLABELS[label])])
    return label, Sublabel(item["sublabel"])


def _require_numbers(numbers: list[int], n_turns: int) -> None:
    expected = list(range(1, n_turns + 1))
    if numbers == expected:
        return
    missing = [n for n in expected if n not in numbers] or "없음"
    detail = f"차례는 1부터 {n_turns}까지 순서대로 한 번씩입니다. 받은 수 {len(numbers)}, 빠진 번호 {missing}"
    raise UnusableError([Complaint(0, Reason.TURNS, detail)])


def _labels_of(role: Role) -> list[Label]:
    return [label for label in Label if label.role is role]


def _label_complaint(n: int, value: str, allowed: Sequence[str]) -> Complaint:
    names = ", ".join(map(str, allowed))
    return Complaint(n, Reason.LABEL, f"{value!r}는 쓸 수 없습니다. {names} 가운데 하나입니다.")
