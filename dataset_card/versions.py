"""Versions: the one version of the data, wherever it is written, and the tag of a release."""

import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import yaml

from kmi import DATA_VERSION, Kmi

TAG = f"v{DATA_VERSION}"


def version_faults(root: Path) -> list[str]:
    """Find the places that give another version than `kmi.py`.

    Args:
        root: The repository.

    Returns:
        One sentence a fault, with what was found and what is wanted; none if all agree.
    """
    found = {place: read(root) for place, read in PLACES.items()}
    return [
        f"{place} has version {version}, kmi.py {DATA_VERSION}: make them agree"
        for place, version in found.items()
        if version != DATA_VERSION
    ]


def tag_faults(root: Path) -> list[str]:
    """Say where the tag of this version is, if it is on another commit than this one.

    Args:
        root: The repository; without git there is no tag.
    """
    tagged, head = _commit(root, f"refs/tags/{TAG}"), _commit(root, "HEAD")
    if tagged in (None, head):
        return []
    return [f"tag {TAG} is on commit {tagged}, not on this one: raise DATA_VERSION in kmi.py"]


def _card(root: Path) -> str | None:
    head = (root / "kmi" / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    return yaml.safe_load(head).get("version")


def _changelog(root: Path) -> str | None:
    heading = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    return heading and heading[1]


PLACES: dict[str, Callable[[Path], str | None]] = {
    "the builder": lambda root: str(Kmi.BUILDER_CONFIGS[0].version),
    "kmi/README.md": _card,
    "kmi/croissant.json": lambda root: json.loads(
        (root / "kmi" / "croissant.json").read_text(encoding="utf-8")
    ).get("version"),
    "pyproject.toml": lambda root: tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]["version"],
    "CITATION.cff": lambda root: yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))[
        "version"
    ],
    "CHANGELOG.md": _changelog,
}
"""Where the version is written."""


def _commit(root: Path, name: str) -> str | None:
    """Give the commit that a name stands for; None where it stands for none, or git is not there."""
    command = ["git", "-C", str(root), "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return finished.stdout.strip() or None
