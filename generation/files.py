"""Files written whole or not at all: a reader never sees half of one, whenever the writer stops."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_lines(path: Path, values: Iterable[Any]) -> None:
    """Write a JSON Lines file whole or not at all; the values may be made one after another."""
    _write(path, (json.dumps(value, ensure_ascii=False) + "\n" for value in values))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, making its folder."""
    _write(path, (text,))


def _write(path: Path, parts: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
