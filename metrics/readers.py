"""A path or Hub id -> dialogues: Parquet, JSON, JSONL, a folder of them, a dataset repository, a Hub dataset.

A dialogue is read whole or refused with its place and reason. A file that cannot be read as such (broken
JSON, foreign Parquet) is an error, because nobody can tell what is missing from it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmi import CONFIGS, SPLITS
from metrics.dialogues import Dialogue
from metrics.rows import Row, parse_row

SUFFIXES = (".parquet", ".jsonl", ".json")
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A dialogue that was not read: where it stands and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source held: dialogues in file order, and those refused."""

    dialogues: tuple[Dialogue, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one file or split, each with its place for messages."""

    name: str
    split: str | None
    rows: Sequence[tuple[str, Any]]


def read_dialogues(
    source: str, *, config: str | None = None, split: str | None = None, parse: Callable[..., Any] = parse_row
) -> Reading:
    """Read every dialogue of a source.

    Args:
        source: A file, a folder, or `owner/name` on the Hub.
        config: Config to read from a dataset repository or the Hub; ``None`` takes the first of `kmi.CONFIGS`
            that is there, or the Hub dataset's default.
        split: Keep dialogues of this split only; ``None`` keeps all.
        parse: Turns a row into a dialogue; `metrics.transcripts.parse_transcript` needs no labels.

    Returns:
        The dialogues and the refused ones.

    Raises:
        ValueError: If there is no such source, file or split, or a file cannot be read.
    """
    path = Path(source)
    if path.exists():
        tables = [_read_file(file) for file in _files_of(path, config)]
    elif HUB_ID.fullmatch(source):
        tables = _read_hub(source, config)
    else:
        raise ValueError(f"{source}: no such file or folder, and no Hub id of the form owner/name")
    reading = parse_tables(tables, parse)
    if split is None:
        return reading
    kept = tuple(dialogue for dialogue in reading.dialogues if dialogue.split == split)
    if not kept:
        found = sorted({str(dialogue.split) for dialogue in reading.dialogues})
        raise ValueError(
            f"{source}: no dialogue of split {split!r}; splits found: {', '.join(found) or 'none'}"
        )
    return Reading(kept, reading.refused)


def parse_tables(tables: Iterable[Table], parse: Callable[..., Any] = parse_row) -> Reading:
    """Turn tables of rows into dialogues.

    Args:
        tables: Rows with their places; a table whose rows have `dialogue_id` holds one utterance a row.
        parse: Turns a row into a dialogue, as `metrics.rows.parse_row` does.

    Returns:
        Dialogues in order, and each refused row or group of rows.

    Example:
        >>> parse_tables([Table("chats.json", None, [("chats.json, row 1", {})])]).refused[0].where
        'chats.json, row 1'
    """
    dialogues, refused = [], []
    for table in tables:
        seen: dict[str, str] = {}
        for where, row in _whole_rows(table):
            try:
                whole = _joined(row) if isinstance(row, tuple) else row
                dialogue = parse(whole, default_id=where, split=table.split)
                if dialogue.id in seen:
                    raise ValueError(f"id: {dialogue.id!r} was used before, at {seen[dialogue.id]}")
            except ValueError as error:
                refused.append(Refusal(where, str(error)))
                continue
            seen[dialogue.id] = where
            dialogues.append(dialogue)
    return Reading(tuple(dialogues), tuple(refused))


def _whole_rows(table: Table) -> Iterator[tuple[str, Any]]:
    """Yield rows of one dialogue each; utterance rows are gathered by `dialogue_id` into a tuple."""
    groups: dict[Any, list[tuple[str, Row]]] = {}
    for where, row in table.rows:
        if isinstance(row, Mapping) and "dialogue_id" in row and "dialogue" not in row:
            groups.setdefault(row["dialogue_id"], []).append((where, row))
        else:
            yield where, row
    for dialogue_id, members in groups.items():
        yield f"{members[0][0]}, dialogue_id {dialogue_id}", tuple(row for _, row in members)


def _joined(utterances: tuple[Row, ...]) -> Row:
    """Make one row of a dialogue's utterance rows, in the order of their `index`."""
    indexes = [row.get("index") for row in utterances]
    last = len(indexes) - 1
    if any(not isinstance(i, int) for i in indexes) or sorted(indexes) != list(range(len(indexes))):
        raise ValueError(
            f"index: found {indexes}; allowed is each of 0 to {last} once, so utterances are missing"
        )
    turns = sorted(utterances, key=lambda row: row["index"])
    return {**utterances[0], "id": utterances[0]["dialogue_id"], "dialogue": turns}


def _files_of(path: Path, config: str | None) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted((path / "data").glob("*.parquet")) or [
        file for suffix in SUFFIXES for file in sorted(path.glob(f"*{suffix}"))
    ]
    if not found:
        raise ValueError(f"{path}: the folder holds no file {', '.join('*' + suffix for suffix in SUFFIXES)}")
    by_config = {name: [file for file in found if _words(file)[0] == name] for name in CONFIGS}
    present = [name for name in CONFIGS if by_config[name]]
    if config is not None and config not in present:
        raise ValueError(
            f"{path}: no files of config {config!r}; configs found: {', '.join(present) or 'none'}"
        )
    return by_config[config or present[0]] if present else found


def _words(file: Path) -> list[str]:
    return re.split(r"[-_.]", file.stem)


def _split_of(file: Path) -> str | None:
    return next((word for word in _words(file) if word in SPLITS), None)


def _read_file(file: Path) -> Table:
    read = {".parquet": _parquet_rows, ".jsonl": _jsonl_rows, ".json": _json_rows}.get(file.suffix)
    if read is None:
        raise ValueError(f"{file}: unknown kind of file {file.suffix!r}; allowed are {', '.join(SUFFIXES)}")
    try:
        return Table(str(file), _split_of(file), read(file))
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise ValueError(f"{file}: cannot be read ({error.strerror or error})") from error


def _numbered(place: str, rows: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(f"{place}, row {number}", row) for number, row in enumerate(rows, start=1)]


def _json_rows(file: Path) -> list[tuple[str, Any]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{file}: line {error.lineno}: not JSON ({error.msg})") from error
    return _numbered(file.name, content if isinstance(content, list) else [content])


def _jsonl_rows(file: Path) -> list[tuple[str, Any]]:
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append((f"{file.name}, line {number}", json.loads(line)))
        except json.JSONDecodeError as error:
            raise ValueError(f"{file}: line {number}: not JSON ({error.msg})") from error
    return rows


def _parquet_rows(file: Path) -> list[tuple[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(file)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"{file}: not a Parquet file ({str(error).splitlines()[0]})") from error
    stored = json.loads((table.schema.metadata or {}).get(b"huggingface", b"{}"))
    features = stored.get("info", {}).get("features", {})
    names = {
        c: f["names"]
        for c, f in features.items()
        if isinstance(f, Mapping) and f.get("_type") == "ClassLabel"
    }
    return _numbered(file.name, [_with_names(row, names) for row in table.to_pylist()])


def _with_names(row: Row, names: Mapping[str, Sequence[str]]) -> Row:
    """Replace class ids by the names their own file gives them; ids without names follow the contract."""
    ids = {column: row[column] for column in names if isinstance(row.get(column), int)}
    return {**row, **{column: names[column][i] if i >= 0 else None for column, i in ids.items()}}


def _read_hub(source: str, config: str | None) -> list[Table]:
    from datasets import load_dataset

    try:
        loaded = load_dataset(source, config)
    except (OSError, RuntimeError, ValueError) as error:
        raise ValueError(
            f"{source}: no such file, and not loaded from the Hub ({str(error).splitlines()[0]})"
        ) from error
    tables = []
    for split, rows in loaded.items():
        names = {c: f.names for c, f in (rows.features or {}).items() if type(f).__name__ == "ClassLabel"}
        named = [
            (f"{source} {split}, row {i}", _with_names(row, names)) for i, row in enumerate(rows, start=1)
        ]
        tables.append(Table(source, str(split), named))
    return tables
