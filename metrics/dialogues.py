"""The dialogue as metrics see it: roles, labels, texts and the columns to group by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from kmi import Label, Risk, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One turn.

    Attributes:
        label: Behavior code; ``None`` is a client turn without a code. A therapist turn always has one.
        sublabel: Finer code as written in the data, ``None`` where there is none.
        text_ko: Korean text, ``None`` if the source has none.
        text_en: English text (or text without Hangul), ``None`` if the source has none.
    """

    role: Role
    label: Label | None
    sublabel: str | None = None
    text_ko: str | None = None
    text_en: str | None = None

    def __post_init__(self) -> None:
        """Refuse a label of the other speaker, and a therapist turn without a label."""
        if self.label is None:
            if self.role is Role.THERAPIST:
                raise ValueError("a therapist utterance needs a label")
        elif self.label.role is not self.role:
            raise ValueError(
                f"label {self.label.value!r} belongs to the {self.label.role}, not the {self.role}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One labeled dialogue, whole.

    Attributes:
        id: Identifier in its source.
        utterances: All turns in order, at least one of them by the therapist.
        category: English category if known to the contract, else as written; ``None`` if the source has none.
        risk: ``None`` if the source has no such column, which is not the same as `Risk.NONE`.
        profile: The client profile as written, empty if the source has none.
        labels: Labels of the utterances in order; derived.
    """

    id: str
    utterances: tuple[Utterance, ...]
    split: str | None = None
    category: str | None = None
    risk: Risk | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Refuse a dialogue in which no therapist speaks."""
        if not any(utterance.role is Role.THERAPIST for utterance in self.utterances):
            raise ValueError(f"no utterance by the {Role.THERAPIST} among {len(self.utterances)}")
        object.__setattr__(self, "labels", tuple(utterance.label for utterance in self.utterances))


class ClientCoding(IntEnum):
    """How much of the client's language a collection codes; a metric is undefined below what it needs."""

    NONE = 0
    CHANGE_TALK = 1
    FULL = 2

    @property
    def meaning(self) -> str:
        """One clause for people."""
        return {
            ClientCoding.NONE: "no client turn has a label; client metrics are undefined",
            ClientCoding.CHANGE_TALK: "change talk alone is coded; no label means no change talk",
            ClientCoding.FULL: "change talk, sustain talk and neutral are coded",
        }[self]


def client_coding_of(dialogues: Iterable[Dialogue]) -> ClientCoding:
    """Tell from all labels of a collection how its client turns were coded.

    One dialogue cannot tell: without change talk it looks the same under every scheme. So look at all at
    once.

    Args:
        dialogues: The whole collection, all splits.

    Returns:
        FULL if any turn is Sustain Talk or Neutral, CHANGE_TALK if some are Change Talk, else NONE.

    Example:
        >>> client_coding_of([]).name
        'NONE'
    """
    found = {label for dialogue in dialogues for label in dialogue.labels}
    if found & {Label.SUSTAIN_TALK, Label.NEUTRAL}:
        return ClientCoding.FULL
    return ClientCoding.CHANGE_TALK if Label.CHANGE_TALK in found else ClientCoding.NONE
