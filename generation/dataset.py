"""Dataset: finished dialogues -> rows of the three configs -> parquet files, and the digest of the rows."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from generation.dataset_rows import check_dialogue, messages_row, utterance_rows
from generation.manifest import digest
from kmi import CONFIGS, SPLITS, features

ROW_GROUP_SIZE = 1000
ZSTD_LEVEL = 19
"""Above it files shrink by less than one percent and writing slows down."""
PARTIAL = ".partial"

Rows = Mapping[tuple[str, str], list[dict[str, Any]]]
"""Rows of each (config, split)."""


class DatasetError(ValueError):
    """Raised for dialogues that cannot become the dataset; the message says which and why."""


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What was written.

    Attributes:
        n_rows: Number of rows of each config and split, such as ``{"dialogues": {"train": 18, ...}, ...}``.
        digest: `rows_digest` of all rows.
    """

    n_rows: dict[str, dict[str, int]]
    digest: str


def write_dataset(dialogues: Iterable[Mapping[str, Any]], folder: Path) -> DatasetSummary:
    """Write ``{config}-{split}.parquet`` for every config and split.

    The same dialogues, in any order, give the same bytes under one pyarrow and the same digest under any.
    Files of an earlier run stay as they are until all new ones are written. A split without dialogues has no
    file, since `datasets` refuses a file without rows.

    Args:
        dialogues: Finished dialogues: rows of the config `dialogues` and their ``split``.
        folder: Folder of the files, made if missing; other files in it are left alone.

    Raises:
        DatasetError: If a dialogue is malformed, two share an id, or one profile stands in two splits.
    """
    rows = dataset_rows(dialogues)
    partial = folder / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for (config, split), members in rows.items():
            if members:
                _write_file(members, config, partial / _name(config, split))
        for config, split in rows:
            new, old = partial / _name(config, split), folder / _name(config, split)
            new.replace(old) if rows[config, split] else old.unlink(missing_ok=True)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    n_rows = {config: {split: len(rows[config, split]) for split in SPLITS} for config in CONFIGS}
    return DatasetSummary(n_rows, rows_digest(rows))


def dataset_rows(dialogues: Iterable[Mapping[str, Any]]) -> Rows:
    """Make the rows of every config and split, sorted by id, then by place in the dialogue.

    Raises:
        DatasetError: As `write_dataset`.
    """
    ordered = _checked(dialogues)
    rows: Rows = {(config, split): [] for config in CONFIGS for split in SPLITS}
    for dialogue in ordered:
        split = dialogue["split"]
        rows["dialogues", split].append({key: value for key, value in dialogue.items() if key != "split"})
        rows["utterances", split].extend(utterance_rows(dialogue))
        rows["messages", split].append(messages_row(dialogue))
    return rows


def rows_digest(rows: Rows) -> str:
    """Return the SHA-256 of all rows in canonical JSON, config by config and split by split.

    It is taken over values, not over bytes of files, so any pyarrow gives the same one.

    Example:
        >>> empty = {(config, split): [] for config in CONFIGS for split in SPLITS}
        >>> rows_digest(empty) == rows_digest(dict(reversed(empty.items())))
        True
    """
    return digest([config, split, rows[config, split]] for config in CONFIGS for split in SPLITS)


def read_rows(folder: Path) -> Rows:
    """Read the rows that `write_dataset` wrote.

    Raises:
        DatasetError: If the folder holds no file of the dataset, or one that cannot be read.
    """
    paths = {(config, split): folder / _name(config, split) for config in CONFIGS for split in SPLITS}
    if not any(path.is_file() for path in paths.values()):
        raise DatasetError(f"no file of the dataset in {folder}; run `make regenerate`")
    rows: Rows = {}
    for key, path in paths.items():
        try:
            rows[key] = pq.ParquetFile(path).read().to_pylist() if path.is_file() else []
        except (OSError, pa.ArrowInvalid) as error:
            raise DatasetError(f"can't read {path}: {error}; run `make regenerate`") from error
    return rows


def _name(config: str, split: str) -> str:
    return f"{config}-{split}.parquet"


def _checked(dialogues: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    by_id: dict[int, Mapping[str, Any]] = {}
    split_of_profile: dict[str, tuple[str, int]] = {}
    for dialogue in dialogues:
        try:
            check_dialogue(dialogue)
        except ValueError as error:
            raise DatasetError(f"dialogue {dialogue.get('id', '(without id)')}: {error}") from error
        if dialogue["id"] in by_id:
            raise DatasetError(f"dialogue {dialogue['id']} occurs twice; keep one session a profile")
        by_id[dialogue["id"]] = dialogue
        here = (dialogue["split"], dialogue["id"])
        split, other = split_of_profile.setdefault(digest([dialogue["profile"]]), here)
        if split != dialogue["split"]:
            raise DatasetError(
                f"dialogues {other} ({split}) and {dialogue['id']} ({dialogue['split']}) have the same "
                "profile; a profile belongs to one split"
            )
    return [by_id[number] for number in sorted(by_id)]


def _write_file(rows: list[dict[str, Any]], config: str, path: Path) -> None:
    # Without the metadata of `datasets`: its version 3 cannot read the `List` that version 4 writes there.
    schema = features(config).arrow_schema.remove_metadata()
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(
        table, path, compression="zstd", compression_level=ZSTD_LEVEL, row_group_size=ROW_GROUP_SIZE
    )
