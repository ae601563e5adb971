"""Utterance of a session under way: text in both languages and its label."""

from dataclasses import dataclass

from kmi import SUBLABELS, Label, Role, Sublabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One labeled turn.

    Attributes:
        n: Number of the turn, from 1.
        role: Speaker.
        ko: Korean text.
        en: English text of the same turn.
        label: Behavior code, one that the speaker can bear.
        sublabel: Technique or type, one that belongs to the label; None if only the label is known.
    """

    n: int
    role: Role
    ko: str
    en: str
    label: Label
    sublabel: Sublabel | None

    def __post_init__(self) -> None:
        if self.label.role is not self.role:
            raise ValueError(
                f"turn {self.n}: label {self.label.value!r} belongs to the {self.label.role.value}, but the "
                f"{self.role.value} speaks"
            )
        if self.sublabel is not None and self.sublabel not in SUBLABELS[self.label]:
            allowed = ", ".join(SUBLABELS[self.label])
            raise ValueError(
                f"turn {self.n}: sublabel {self.sublabel.value!r} does not belong to {self.label.value!r}; "
                f"allowed are {allowed}"
            )


def speaker_ko(role: Role) -> str:
    """Name a speaker as the prompts do."""
    return "상담자" if role is Role.THERAPIST else "내담자"
