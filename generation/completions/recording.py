"""Recording: completions as compressed JSON Lines, the form in which they ship and are replayed.

A recording is a folder of ``*.jsonl.gz`` files that is only ever added to: each line is one completion, a
file is never rewritten.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from generation.sessions.request import STAGES, Completion


class RecordingError(ValueError):
    """Raised for a recording that can't be read or written."""


def read_recording(folder: Path) -> dict[str, Completion]:
    """Read every completion of a recording.

    Args:
        folder: Folder of ``*.jsonl.gz`` files, read in the order of their names.

    Returns:
        Completions by the hash of their request.

    Raises:
        RecordingError: If the folder is missing, a file is damaged, a line is no completion, or two lines
            answer one request differently; the message names file and line.
    """
    if not folder.is_dir():
        raise RecordingError(f"recording {folder} is no folder; give one that holds *.jsonl.gz files")
    completions: dict[str, Completion] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        for number, completion in _read(path):
            known = completions.setdefault(completion.request_hash, completion)
            if known != completion:
                raise RecordingError(
                    f"{path}, line {number}: another answer to request {completion.request_hash[:16]} of "
                    f"session {completion.session}, stage {completion.stage}, is recorded already; keep one"
                )
    return completions


def read_known(folder: Path) -> dict[str, Completion]:
    """Read the recording that counts as answered; empty for the name `none` or a folder not yet made."""
    return {} if str(folder) == "none" or not folder.exists() else read_recording(folder)


def write_recording(path: Path, completions: Iterable[Completion]) -> None:
    """Write completions as a new file of a recording; the same completions give the same bytes.

    Args:
        path: File to write, ``*.jsonl.gz``; it must not exist, since a recording is only added to.
        completions: The completions, in any order.

    Raises:
        RecordingError: If the file exists or can't be written.
    """
    if path.exists():
        raise RecordingError(
            f"{path} exists, and recorded completions are never rewritten; give another name"
        )
    temporary = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            temporary.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as file,
        ):
            for completion in sorted(completions, key=_order):
                file.write((json.dumps(asdict(completion), ensure_ascii=False) + "\n").encode())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RecordingError(f"{path} can't be written: {error.strerror}") from None


def _order(completion: Completion) -> tuple[str, int, str]:
    return completion.session, STAGES.index(completion.stage), completion.request_hash


def _read(path: Path) -> Iterator[tuple[int, Completion]]:
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, _completion(json.loads(line))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise RecordingError(
            f"{path} is damaged after line {number}: {error}; fetch the file again"
        ) from None
    except (ValueError, TypeError) as error:
        raise RecordingError(f"{path}, line {number}: not a completion: {error}") from None


def _completion(record: dict) -> Completion:
    if not isinstance(record, dict):
        raise TypeError("the line holds no JSON object")
    texts = ("request_hash", "session", "stage", "content", "model")
    wrong = [key for key in texts if not isinstance(record.get(key), str)]
    if wrong or record["stage"] not in STAGES:
        raise ValueError(f"{wrong[0] if wrong else 'stage'} is missing or wrong")
    return Completion(**record)
