"""Corpus: what the card says about the data, read from the data."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kmi import CONFIGS, SPLITS, Risk, Role, Sublabel, features

EXAMPLE_UTTERANCES = 12
"""The example shows this many utterances at most."""

Dialogue = dict[str, Any]


class CardError(ValueError):
    """Raised when data or report do not allow a card; the message says what to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the dataset.

    Attributes:
        config: Config that it belongs to.
        split: Split that it belongs to.
        n_rows: Number of rows.
        n_bytes: Size of the rows in memory, as Arrow.
        n_file_bytes: Size of the file.
    """

    config: str
    split: str
    n_rows: int
    n_bytes: int
    n_file_bytes: int

    @property
    def path(self) -> str:
        """Path of the file in the dataset repository."""
        return f"data/{self.config}-{self.split}.parquet"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The dataset as it stands in its folder.

    Attributes:
        parts: Its files, config by config and split by split.
        dialogues: Rows of the config `dialogues` by split; no split is empty.
    """

    parts: tuple[Part, ...]
    dialogues: dict[str, list[Dialogue]]

    @property
    def splits(self) -> tuple[str, ...]:
        """Splits that have dialogues, in the order of the contract."""
        return tuple(self.dialogues)

    @property
    def all_dialogues(self) -> list[Dialogue]:
        """Dialogues of all splits."""
        return [dialogue for members in self.dialogues.values() for dialogue in members]

    @property
    def utterances(self) -> list[dict[str, Any]]:
        """Utterances of all dialogues."""
        return [turn for dialogue in self.all_dialogues for turn in dialogue["dialogue"]]

    @property
    def lengths(self) -> list[int]:
        """Number of utterances of each dialogue."""
        return [len(dialogue["dialogue"]) for dialogue in self.all_dialogues]

    def parts_of(self, config: str) -> list[Part]:
        """Return the files of a config."""
        return [part for part in self.parts if part.config == config]

    def count(self, value_of: Callable[[Dialogue], str], values: Iterable[str] = ()) -> dict[str, int]:
        """Count dialogues by a value.

        Args:
            value_of: Gives the value of a dialogue.
            values: Values in the order wanted; others follow in order of the alphabet. None is shown with 0.
        """
        counts = Counter(map(value_of, self.all_dialogues))
        order = [*map(str, values), *sorted(counts)]
        return {value: counts[value] for value in dict.fromkeys(order) if counts[value]}

    def count_by_split(self, category: str) -> list[int]:
        """Count the dialogues of a category (its English name) in each split."""
        return [
            sum(dialogue["category_en"] == category for dialogue in members)
            for members in self.dialogues.values()
        ]

    def provenance(self, field: str) -> list[str]:
        """List the values of a field of `provenance` that occur, in order of the alphabet."""
        found: set[str] = set()
        for dialogue in self.all_dialogues:
            value = dialogue["provenance"][field]
            found.update(
                map(str, value) if isinstance(value, list) else [] if value is None else [str(value)]
            )
        return sorted(found)

    def mean_characters(self, role: Role) -> float:
        """Average the Korean characters of the utterances of one speaker, blanks included."""
        return mean(len(turn["utterance_ko"]) for turn in self.utterances if turn["role"] == role)

    def agreement(self, first: str, second: str) -> float | None:
        """Share of utterances on which two label columns agree, of those that have both; None if none has."""
        pairs = [(turn[first], turn[second]) for turn in self.utterances if turn[first] and turn[second]]
        return mean(one == other for one, other in pairs) if pairs else None

    def count_words(self, text: str) -> int:
        """Count the words of a text column of the utterances, split at blanks; in Korean eojeol."""
        return sum(len(turn[text].split()) for turn in self.utterances)

    def count_characters(self, text: str) -> int:
        """Count the characters of a text column of the utterances, blanks included."""
        return sum(len(turn[text]) for turn in self.utterances)

    def file_size(self, config: str) -> int:
        """Size of the files of a config, in bytes."""
        return sum(part.n_file_bytes for part in self.parts_of(config))

    @property
    def safety_questions_without_risk(self) -> int:
        """Dialogues whose client brings no risk, but whose therapist asks about one all the same."""
        return sum(
            dialogue["risk"] == Risk.NONE
            and any(turn["sublabel"] == Sublabel.SAFETY for turn in dialogue["dialogue"])
            for dialogue in self.all_dialogues
        )

    def example(self) -> Dialogue:
        """Choose the shortest train dialogue without risk by the newest prompt, and of these the first by id.

        Without such a dialogue, the same rule over all train dialogues, then over all.
        """
        train = self.dialogues.get("train", [])
        safe = [dialogue for dialogue in train if dialogue["risk"] == Risk.NONE]
        among = safe or train or self.all_dialogues
        newest = max(max(dialogue["provenance"]["prompts"]) for dialogue in among)
        by_newest = [dialogue for dialogue in among if max(dialogue["provenance"]["prompts"]) == newest]
        return min(by_newest, key=lambda row: (len(row["dialogue"]), row["id"]))


def read_corpus(folder: Path) -> Corpus:
    """Read the dataset.

    Args:
        folder: The dataset repository, such as ``kmi``; its files lie in ``data``.

    Raises:
        CardError: If a file is missing, cannot be read or has other columns than the contract.
    """
    tables: dict[tuple[str, str], pa.Table] = {}
    for config in CONFIGS:
        for split in SPLITS:
            path = folder / "data" / f"{config}-{split}.parquet"
            if path.is_file():
                tables[config, split] = _read_table(path, config)
    splits = [split for split in SPLITS if (CONFIGS[0], split) in tables]
    missing = [f"{config}-{split}" for config in CONFIGS for split in splits if (config, split) not in tables]
    if not splits or missing:
        raise CardError(f"{folder / 'data'} lacks {', '.join(missing) or 'all data'}; run `make regenerate`")
    parts = tuple(
        Part(
            config=config,
            split=split,
            n_rows=tables[config, split].num_rows,
            n_bytes=tables[config, split].nbytes,
            n_file_bytes=(folder / "data" / f"{config}-{split}.parquet").stat().st_size,
        )
        for config in CONFIGS
        for split in splits
    )
    return Corpus(parts, {split: tables[CONFIGS[0], split].to_pylist() for split in splits})


def _read_table(path: Path, config: str) -> pa.Table:
    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowInvalid) as error:
        raise CardError(f"can't read {path}: {error}; run `make regenerate`") from error
    if not table.schema.equals(features(config).arrow_schema):
        raise CardError(f"{path} has other columns than kmi.py; run `make regenerate`")
    return table
