"""Publish checks: what must hold of the dataset's folder before it goes to the Hub."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from huggingface_hub import DatasetCard

from dataset_card.corpus import read_corpus
from dataset_card.croissant import FILE_NAME, render_croissant
from dataset_card.front_matter import front_matter

CARD = "README.md"
SUFFIXES = (".md", ".json", ".parquet", ".png", ".svg")
"""Kinds of files that a dataset repository may hold; code and scripts are none of them."""
SECRET = re.compile(
    r"\bhf_[A-Za-z0-9]{30,}|\bsk-[\w-]{20,}|\bgh[opsu]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b"
    r"|\bxox[abprs]-[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
"""Keys and tokens of the Hub, OpenAI-compatible services, GitHub, AWS and Slack, by their prefixes."""
SHOWN_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its result; an empty fault means that it holds."""

    name: str
    fault: str


def files_to_publish(folder: Path) -> list[Path]:
    """List every file of the folder, by its path in it; hidden ones too, so that a check can refuse them."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def check_folder(folder: Path) -> list[Check]:
    """Run every check.

    Args:
        folder: The dataset repository, such as ``kmi``.

    Returns:
        One result a check, in a fixed order.
    """
    checks: dict[str, Callable[[Path], str]] = {
        "files are data and descriptions alone, no kmi.py": _foreign_files,
        "card is valid and describes these files": _card,
        f"{FILE_NAME} has the digests of these files": _digests,
        "no text looks like a key or token": _secrets,
    }
    return [Check(name, _fault(check, folder)) for name, check in checks.items()]


def _fault(check: Callable[[Path], str], folder: Path) -> str:
    try:
        return check(folder)
    except (OSError, ValueError) as error:
        return str(error)


def _foreign_files(folder: Path) -> str:
    names = {path: path.relative_to(folder) for path in files_to_publish(folder)}
    foreign = [
        str(name)
        for path, name in names.items()
        if path.suffix not in SUFFIXES
        or path.is_symlink()
        or any(part.startswith(".") for part in name.parts)
    ]
    return (
        f"take away {', '.join(foreign)}: allowed are {' '.join(SUFFIXES)}, not hidden, no links"
        if foreign
        else ""
    )


def _card(folder: Path) -> str:
    text = (folder / CARD).read_text(encoding="utf-8")
    DatasetCard(text)  # refuses front matter that the Hub could not read
    expected = f"---\n{front_matter(read_corpus(folder))}\n---\n"
    return "" if text.startswith(expected) else "its head is not that of these files; run `make card`"


def _digests(folder: Path) -> str:
    described = (folder / FILE_NAME).read_text(encoding="utf-8")
    return "" if described == render_croissant(folder) else "it describes other files; run `make card`"


def _secrets(folder: Path) -> str:
    for path in files_to_publish(folder):
        for text in _texts(path):
            if found := SECRET.search(text):
                start = found[0][:SHOWN_CHARACTERS]
                return f"{path.relative_to(folder)} holds {start}…; remove it and revoke it"
    return ""


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        yield from _strings(pq.ParquetFile(path).read().to_pylist())
    else:
        yield path.read_text(encoding="utf-8", errors="replace")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
