"""Environments with one version of `datasets` and our wheel each, kept below ``build/compat``."""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

SHOWN_ERROR_LINES = 15


class CompatError(RuntimeError):
    """An environment could not be made; the message holds the end of what pip said."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment.

    Attributes:
        folder: Where it lies.
        version: Version of `datasets` found in it.
    """

    folder: Path
    version: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return python_of(self.folder)


def python_of(folder: Path) -> Path:
    """Name the interpreter of a virtual environment."""
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def build_wheel(root: Path, out: Path) -> Path:
    """Build the wheel of the project, alone in its folder.

    Raises:
        CompatError: If it cannot be built.
    """
    for old in out.glob("*.whl"):
        old.unlink()
    _pip(Path(sys.executable), "wheel", "--no-deps", "--wheel-dir", str(out), str(root))
    (wheel,) = out.glob("kmi-*.whl")
    return wheel


def make_environment(folder: Path, requirement: str, wheel: Path) -> Environment:
    """Make an environment, or bring one that is there up to date.

    Args:
        folder: Where it lies; kept between calls.
        requirement: What pip is asked for, such as ``datasets==4.*``: the newest that fits.
        wheel: Our wheel; installed anew, since its version says nothing about its content.

    Raises:
        CompatError: If pip fails.
    """
    if not python_of(folder).exists():
        venv.create(folder, with_pip=True, clear=True)
    _pip(python_of(folder), "install", "--upgrade", requirement)
    _pip(python_of(folder), "install", "--force-reinstall", "--no-deps", str(wheel))
    code = "import importlib.metadata as m; print(m.version('datasets'))"
    found = subprocess.run([python_of(folder), "-c", code], capture_output=True, text=True, check=True)
    return Environment(folder, found.stdout.strip())


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        end = "\n".join(finished.stderr.splitlines()[-SHOWN_ERROR_LINES:])
        raise CompatError(f"`{' '.join(command)}` failed; is the package index in reach? pip said:\n{end}")
