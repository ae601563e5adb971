"""Stand-in for a model: answers of usual length and valid shape, made from the request's text alone.

It lets a run be estimated, and the engine be measured, on real prompts without asking anyone. The same
request gets the same answer. What it says means nothing and never enters a dataset.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kmi import CLIENT_LABELS, SUBLABELS, THERAPIST_LABELS, Label

SPEECH_PATH = Path(__file__).with_name("stand_in.toml")
THERAPIST_FIELDS = {"ko", "en", "sublabel", "ends"}
CLIENT_FIELDS = {"ko", "en", "label", "sublabel", "change_talk"}
REVISED = "고쳐 말하면"
DISAGREEMENT_EVERY_N = 12
"""Turns of which the stand-in's first coder reads one otherwise than it was written."""

_PLANNED = re.compile(r"^\d+\. (?:상담자|내담자) \| ([^/|]+) / [^|]+ \| \w+$", re.MULTILINE)
_SPOKEN = re.compile(r"^(\d+)\. (상담자|내담자): (.*)$", re.MULTILINE)
_FLAGGED = re.compile(r"^- (\d+): 적힌 라벨은 ([^,]+),", re.MULTILINE)
_ASKED_LABEL = re.compile(r"^(?:라벨: )?([A-Z][A-Za-z ]+?):?$", re.MULTILINE)


class StandInError(ValueError):
    """Raised for a request whose answer has a shape that the stand-in does not know."""


def stand_in_answer(schema: Mapping[str, Any], messages: Sequence[Mapping[str, str]]) -> str:
    """Answer a request.

    Args:
        schema: JSON Schema of the answer.
        messages: Messages in the chat format.

    Returns:
        JSON that satisfies the schema and the sessions' checks.

    Raises:
        StandInError: If the schema is none of the shipped prompts'.
    """
    text = next(message["content"] for message in messages if message["role"] == "user")
    wanted = frozenset(schema.get("required", ()))
    if wanted == {"utterances", "changes"}:
        answer: dict[str, Any] = {"utterances": list(_write(text)), "changes": []}
    elif wanted == {"codes"}:
        answer = {"codes": list(_code(text))}
    elif wanted == {"revisions"}:
        answer = {"revisions": list(_revise(text))}
    elif wanted <= THERAPIST_FIELDS and "ends" in wanted:
        answer = _speak_as_therapist(text)
    elif wanted <= CLIENT_FIELDS and "ko" in wanted:
        answer = _speak_as_client(text)
    else:
        fields = ", ".join(sorted(wanted)) or "(none)"
        raise StandInError(f"no stand-in answer has exactly the fields {fields}")
    return json.dumps({key: value for key, value in answer.items() if key in wanted}, ensure_ascii=False)


def _write(text: str) -> Iterator[dict[str, Any]]:
    for n, label in enumerate(_PLANNED.findall(text), start=1):
        yield {"n": n} | _turn(n, Label(label))


def _code(text: str) -> Iterator[dict[str, Any]]:
    for number, speaker, spoken in _SPOKEN.findall(text):
        labels = THERAPIST_LABELS if speaker == "상담자" else CLIENT_LABELS
        label = next((label for label in labels if _speech()[label][0] in spoken), labels[0])
        if int(number) % DISAGREEMENT_EVERY_N == 0 and REVISED not in spoken:
            label = labels[labels.index(label) - 1]
        yield {"n": int(number), "label": label.value}


def _revise(text: str) -> Iterator[dict[str, Any]]:
    for number, label in _FLAGGED.findall(text):
        turn = _turn(int(number), Label(label))
        turn["ko"] = f"{REVISED} {turn['ko']}"
        yield {"n": int(number), "label": label, "sublabel": SUBLABELS[Label(label)][0].value} | turn


def _speak_as_therapist(text: str) -> dict[str, Any]:
    named = _ASKED_LABEL.findall(text) or [label for label in THERAPIST_LABELS if label.value in text[-300:]]
    label = Label(named[-1]) if named else Label.OPEN_QUESTION
    turn = _turn(len(_SPOKEN.findall(text)) + 1, label)
    return turn | {"sublabel": SUBLABELS[label][0].value, "ends": _byte(text) < 64}


def _speak_as_client(text: str) -> dict[str, Any]:
    label = CLIENT_LABELS[_byte(text) % len(CLIENT_LABELS)]
    turn = _turn(len(_SPOKEN.findall(text)) + 1, label)
    kind = SUBLABELS[label][0].value
    change_talk = kind if label is Label.CHANGE_TALK else "None"
    return turn | {"label": label.value, "sublabel": kind, "change_talk": change_talk}


def _turn(n: int, label: Label) -> dict[str, str]:
    ko, en = _speech()[label]
    return {"ko": f"{n}번, {ko}", "en": f"Number {n}, {en}"}


def _byte(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]


@cache
def _speech() -> dict[Label, tuple[str, str]]:
    table = tomllib.loads(SPEECH_PATH.read_text(encoding="utf-8"))
    return {Label(name): (turn["ko"], turn["en"]) for name, turn in table.items()}
