"""Prompts as files: one folder a prompt, its version in its name, frozen once anything was recorded with it.

A folder holds `system.md` (static, so that prefix caches hit), `user.md` (a `string.Template`), `schema.json`
(the answer) and, where the prompt needs them, `*.txt` lists with one entry a line. A `$name` in `system.md`
stands for the shared text `generation/prompts/name.md`.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from generation.sessions.request import Message

PROMPTS_FOLDER = Path(__file__).parent / "prompts"


class PromptError(ValueError):
    """Raised for a prompt that does not exist or lacks a file or a value."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt, read from its folder.

    Attributes:
        name: Folder name with the version.
        system: Static instructions.
        user: Template of a request's own part.
        schema: JSON Schema of the answer.
        lists: Entries of each `*.txt` file, by file stem.
        sha256: Hash over all the texts, hexadecimal.
    """

    name: str
    system: str
    user: Template
    schema: dict[str, Any]
    lists: dict[str, tuple[str, ...]]
    sha256: str

    def messages(self, **values: str) -> tuple[Message, Message]:
        """Fill in the request's own part.

        Args:
            values: Text for every placeholder of `user.md`.

        Returns:
            The system message and the user message.

        Raises:
            PromptError: If a placeholder has no value, or a value no placeholder.
        """
        wanted = set(self.user.get_identifiers())
        if wanted != set(values):
            given = ", ".join(sorted(values))
            raise PromptError(f"prompt {self.name} takes {', '.join(sorted(wanted))}, but was given {given}")
        return Message(role="system", content=self.system), Message(
            role="user", content=self.user.substitute(values).strip()
        )


@cache
def load_prompt(name: str, root: Path = PROMPTS_FOLDER) -> Prompt:
    """Read a prompt.

    Args:
        name: Folder below `root`, such as ``plan_write_v1``.
        root: Folder of the prompts and of the texts that they share.

    Returns:
        The prompt, with shared texts filled in.

    Raises:
        PromptError: If the folder or one of its files is missing; names the prompts that exist.
    """
    folder = root / name
    if not folder.is_dir() or folder.parent != root:
        known = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir()))
        raise PromptError(f"prompt {name!r} does not exist; the prompts are {known}")
    try:
        system = Template(_text(folder / "system.md"))
        shared = {key: shared_text(key, root) for key in system.get_identifiers()}
        user = _text(folder / "user.md")
        schema = _text(folder / "schema.json")
    except FileNotFoundError as error:
        raise PromptError(f"prompt {name!r} lacks {error.filename}") from None
    lists = {path.stem: _text(path) for path in sorted(folder.glob("*.txt"))}
    filled = system.substitute(shared)
    texts = json.dumps([filled, user, schema, lists], ensure_ascii=False, sort_keys=True)
    return Prompt(
        name=name,
        system=filled,
        user=Template(user),
        schema=json.loads(schema),
        lists={stem: tuple(text.splitlines()) for stem, text in lists.items()},
        sha256=hashlib.sha256(texts.encode()).hexdigest(),
    )


def shared_text(name: str, root: Path = PROMPTS_FOLDER) -> str:
    """Read a shared text of the prompts, such as ``retry_v1``."""
    return _text(root / f"{name}.md")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
