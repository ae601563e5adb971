"""Dialogues as text, with or without labels: what coders and judges read."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kmi import Label, Role
from metrics.readers import read_dialogues
from metrics.rows import LABELS, LABELS_OF, NO_LABEL, ROLES, Row, class_name, is_korean

KEPT_COLUMNS = ("id", "split", "category_ko", "category_en", "stage_of_change", "risk", "profile")
"""Columns of a row that coded dialogues take along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a transcript.

    Attributes:
        n: Number of the turn, from 1.
        role: Speaker.
        text_ko: Korean text, empty if there is none.
        text_en: English text (or text without Hangul), empty if there is none; one of the two is not empty.
        label: Label that the source gives, ``None`` if it gives none.
    """

    n: int
    role: Role
    text_ko: str = ""
    text_en: str = ""
    label: Label | None = None

    def __post_init__(self) -> None:
        """Refuse a turn without words."""
        if not self.ko:
            raise ValueError(f"turn {self.n} has no text; coders and judges read the utterances")

    @property
    def ko(self) -> str:
        """Text on one line as prompts show it: the Korean, or the English where there is no Korean."""
        return " ".join((self.text_ko or self.text_en).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One dialogue as text.

    Attributes:
        id: Identifier in its source.
        turns: All turns in order, at least one by the therapist.
        split: Split, ``None`` if the source has none.
        target_behavior: What the client could change, empty if the source does not say.
        kept: Columns of the source's row that coded dialogues take along.
        digest: SHA-256 of speakers and texts, hexadecimal: names the transcript where its text must not be.
    """

    id: str
    turns: tuple[Turn, ...]
    split: str | None = None
    target_behavior: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Refuse a transcript in which no therapist speaks."""
        if not any(turn.role is Role.THERAPIST for turn in self.turns):
            raise ValueError(f"no utterance by the {Role.THERAPIST} among {len(self.turns)}")
        text = "\n".join(f"{turn.role}: {turn.ko}" for turn in self.turns)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())


def read_transcripts(source: str, split: str | None = None) -> list[Transcript]:
    """Read every dialogue of a source as a transcript.

    Args:
        source: A file, a folder, or `owner/name` on the Hub, as `metrics.readers.read_dialogues` takes it.
        split: Keep this split only; ``None`` keeps all.

    Raises:
        ValueError: If the source can't be read, is empty, or a dialogue has no text; says where.
    """
    reading = read_dialogues(source, split=split, parse=parse_transcript)
    if reading.refused:
        first = reading.refused[0]
        raise ValueError(f"{len(reading.refused)} dialogues can't be read; {first.where}: {first.reason}")
    if not reading.dialogues:
        raise ValueError(f"{source}: no dialogue found")
    return list(reading.dialogues)


def parse_transcript(row: Any, *, default_id: str, split: str | None = None) -> Transcript:
    """Turn one row into a transcript; takes what `metrics.rows.parse_row` takes, labels being optional.

    Args:
        row: A row with `dialogue`, or with `messages` and, as in our own data, `opening` and `closing`.
        default_id: Identifier to use if the row has none.
        split: Split of the file the row comes from; a `split` in the row wins.

    Raises:
        ValueError: If there are no utterances, or one lacks its role or its text, or bears a wrong label.

    Example:
        >>> row = {"messages": [{"role": "assistant", "content": "How are you?"}]}
        >>> parse_transcript(row, default_id="1").turns[0].ko
        'How are you?'
    """
    if not isinstance(row, Mapping):
        raise ValueError("expected an object with 'dialogue' or 'messages'")
    name = next((name for name in ("dialogue", "messages") if row.get(name) is not None), None)
    if name is None or not isinstance(row[name], Sequence) or isinstance(row[name], str):
        raise ValueError("expected a list of utterances under 'dialogue' or 'messages'")
    places = [(f"{name}[{i}]", turn) for i, turn in enumerate(row[name])]
    if name == "messages":
        places = _whole_chat(row, places)
    return Transcript(
        id=str(default_id if row.get("id") is None else row["id"]),
        turns=tuple(_parse_turn(turn, n, where) for n, (where, turn) in enumerate(places, start=1)),
        split=row.get("split") or split,
        target_behavior=(row.get("profile") or {}).get("target_behavior") or "",
        kept={column: row[column] for column in KEPT_COLUMNS if row.get(column) is not None},
    )


def _whole_chat(row: Row, places: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    spoken = [
        (where, turn)
        for where, turn in places
        if not (isinstance(turn, Mapping) and turn.get("role") == "system")
    ]
    if row.get("opening"):
        spoken.insert(0, ("opening", {"role": "assistant", "content": row["opening"]}))
    if row.get("closing"):
        spoken.append(("closing", {"role": "user", "content": row["closing"]}))
    return spoken


def _parse_turn(turn: Any, n: int, where: str) -> Turn:
    if not isinstance(turn, Mapping):
        raise ValueError(f"{where}: expected an object with 'role' and a text, found {turn!r:.60}")
    name = class_name(turn.get("role"), "role", where)
    role = ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise ValueError(f"{where}.role: {name!r:.60} is not a role; allowed are {', '.join(ROLES)}")
    texts = {"text_ko": turn.get("utterance_ko"), "text_en": turn.get("utterance_en")}
    if isinstance(content := turn.get("content"), str):
        texts["text_ko" if is_korean(content) else "text_en"] = content
    texts = {key: text.strip() for key, text in texts.items() if isinstance(text, str)}
    if not any(texts.values()):
        raise ValueError(f"{where}: no text; give 'utterance_ko', 'utterance_en' or 'content'")
    return Turn(n=n, role=role, label=_label_of(turn, role, where), **texts)


def _label_of(turn: Row, role: Role, where: str) -> Label | None:
    value = class_name(turn.get("label"), "label", where)
    if value in NO_LABEL:
        return None
    label = LABELS.get(value) if isinstance(value, str) else None
    if label is None or label.role is not role:
        allowed = ", ".join(LABELS_OF[role])
        raise ValueError(f"{where}.label: {value!r:.60} is not a label of the {role}; allowed are {allowed}")
    return label
