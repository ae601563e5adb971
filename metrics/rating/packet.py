"""The two records of one rating: the packet that raters get, and the key that they don't."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from metrics.rating.items import Item

FORMAT = "kmi-rating/1"
"""Format of a rater's export; a packet states it, so that page and reader write what `collect` reads."""
KEY_FORMAT = "kmi-rating-key/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownUtterance:
    """One turn as a rater sees it: who says what, and no label."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDialogue:
    """One dialogue under a blinded id.

    Attributes:
        id: `D01`, `D02`, …, in an order that says nothing of the source.
        language: "ko" or "en", the language of every text.
        category: Topic by language of the interface, empty if unknown.
        notes: Kinds of risk to tell the rater of before reading.
    """

    id: str
    language: str
    category: Mapping[str, str]
    notes: tuple[str, ...]
    utterances: tuple[ShownUtterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two dialogues of one category from different sources; which is better?"""

    id: str
    dialogues: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Everything that raters see; nothing tells a source, a label or an original id.

    Attributes:
        checks: Ids of the utterances to label, `D01.7` being the seventh of dialogue D01.
    """

    items: tuple[Item, ...]
    dialogues: tuple[ShownDialogue, ...]
    checks: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def hash(self) -> str:
        """SHA-256 over all content: two packets with the same hash ask the same of the same texts."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDialogue:
    """Where a blinded dialogue comes from."""

    source: str
    id: str
    category: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What `collect` needs beside the exports; it holds ids and labels, and no text.

    Attributes:
        packet: Hash of the packet.
        command: What rebuilds the packet, with `PATH` for each source's path.
        sources: Names of the sources, as they were given.
        items: Languages an item is asked of, by its name; ``None`` is all.
        dialogues: By blinded id.
        checks: The data's label of each utterance to label.
        pairs: Blinded ids of the two dialogues of each pair.
    """

    packet: str
    command: str
    sources: tuple[str, ...]
    items: Mapping[str, str | None]
    dialogues: Mapping[str, KeyDialogue]
    checks: Mapping[str, str]
    pairs: Mapping[str, tuple[str, str]]

    def asked_of(self, dialogue: str) -> list[str]:
        """List the items that a dialogue, by its blinded id, is rated by."""
        language = self.dialogues[dialogue].language
        return [item for item, only in self.items.items() if only in (None, language)]

    def telling_categories(self) -> list[str]:
        """List the categories drawn from some sources and not from all: to raters they may tell a source."""
        sources_of: dict[str, set[str]] = {}
        for dialogue in self.dialogues.values():
            sources_of.setdefault(str(dialogue.category), set()).add(dialogue.source)
        return sorted(name for name, found in sources_of.items() if len(found) < len(self.sources))

    def dump(self) -> str:
        """Write the key as JSON."""
        return json.dumps({"format": KEY_FORMAT} | asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key.

        Raises:
            ValueError: If the file is no key written by `rate prepare`.
            OSError: If it cannot be read.
        """
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if content.pop("format") != KEY_FORMAT:
                raise ValueError("other format")
            dialogues = {name: KeyDialogue(**fields) for name, fields in content.pop("dialogues").items()}
            pairs = {name: (first, second) for name, (first, second) in content.pop("pairs").items()}
            return cls(sources=tuple(content.pop("sources")), dialogues=dialogues, pairs=pairs, **content)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path}: not a key ({error}); give the file that `rate prepare` wrote as its key, "
                f"format {KEY_FORMAT!r}"
            ) from error
