"""The questions that raters answer: items on a scale of 1 to 5, and labels with their definitions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmi import CLIENT_LABELS, THERAPIST_LABELS, Role

ITEMS_FILE = Path(__file__).with_name("items.toml")
LEVELS = (1, 2, 3, 4, 5)
LANGUAGES = ("ko", "en")
CANNOT_TELL = "can't tell"
"""The answer of a rater who can't choose a label."""
TIE = "tie"
"""The answer of a rater who prefers neither dialogue of a pair."""
LABELS_OF = {Role.THERAPIST: THERAPIST_LABELS, Role.CLIENT: CLIENT_LABELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question about a whole dialogue, answered by one of `LEVELS`.

    Attributes:
        language: The item is asked of dialogues in this language alone; ``None`` asks it of all.
        title: Name by language of the interface, as are the texts that follow.
        low: What 1 means; `middle` 3, `high` 5.
    """

    name: str
    language: str | None = None
    title: Mapping[str, str]
    question: Mapping[str, str]
    low: Mapping[str, str]
    middle: Mapping[str, str]
    high: Mapping[str, str]

    def is_asked_of(self, language: str) -> bool:
        """Tell whether dialogues in this language are rated by the item."""
        return self.language in (None, language)


def read_item_sets() -> dict[str, tuple[Item, ...]]:
    """Read the sets of items that a packet may ask, by name.

    Example:
        >>> [item.name for item in read_item_sets()["expert"]][:2]
        ['cultivating_change_talk', 'softening_sustain_talk']
    """
    content = _content()
    items = {name: Item(name=name, **fields) for name, fields in content["items"].items()}
    return {name: tuple(items[item] for item in members) for name, members in content["sets"].items()}


def label_choices() -> dict[str, list[dict[str, Any]]]:
    """List the labels of each role with name and definition in both languages, for the page."""
    korean = _content()["label_definitions_ko"]
    return {
        str(role): [
            {
                "value": str(label),
                "title": {"ko": label.name_ko, "en": str(label)},
                "definition": {"ko": korean[str(label)], "en": label.definition},
            }
            for label in labels
        ]
        for role, labels in LABELS_OF.items()
    }


def _content() -> dict[str, Any]:
    return tomllib.loads(ITEMS_FILE.read_text(encoding="utf-8"))
