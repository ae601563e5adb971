"""Versions x ways: what each way must give, what it gave, and the table of both."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from compat.environments import Environment
from compat.probe import SHIPPED_CONFIGS, WAYS, rows_hash
from kmi import features

PROBE = Path(__file__).with_name("probe.py")
FROM_ANY_DIRECTORY = ("import", "import, streaming", "import, builder", "moved registry", "wheel")
NO_SCRIPTS = "Dataset scripts are no longer supported"
TIMEOUT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way gave in one version.

    Attributes:
        way: Name of the way.
        version: Version of `datasets`.
        fault: What is wrong; empty if the way gave what it must.
        note: What is to be known of a way that is right.
    """

    way: str
    version: str
    fault: str = ""
    note: str = ""


def expected_results(root: Path) -> dict[str, Any]:
    """Work out what each way must give, from the files alone.

    Args:
        root: The repository; the data lie in its ``kmi/data``.
    """
    files = {path.stem.replace("-", "/"): path for path in (root / "kmi" / "data").glob("*.parquet")}
    rows = rows_hash({name: pq.read_table(path).to_pylist() for name, path in files.items()})
    described = {"configs": list(SHIPPED_CONFIGS), "default": SHIPPED_CONFIGS[0]}
    described["columns"] = list(features(SHIPPED_CONFIGS[0]))
    special = {"folder, builder": described, "import, builder": described, "wheel": ["kmi", "kmi.py"]}
    return {way: special.get(way, rows) for way in WAYS}


def try_way(way: str, environment: Environment, root: Path, expected: Any) -> Outcome:
    """Try one way in a process of its own, with a cache of its own.

    Args:
        way: A name in `WAYS`.
        environment: Where to try it.
        root: The repository; ways that need no import run in it, the others in an empty folder.
        expected: What the way must give.
    """
    folder = environment.folder.parent / "empty" if way in FROM_ANY_DIRECTORY else root
    folder.mkdir(exist_ok=True)
    variables = {
        "HF_HOME": str(environment.folder / "huggingface" / way.replace(", ", "-")),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [environment.python, "-P", PROBE, way]
    try:
        finished = subprocess.run(
            command,
            cwd=folder,
            env=inherited | variables,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(way, environment.version, f"no answer within {TIMEOUT_SECONDS} s")
    if finished.returncode:
        return Outcome(way, environment.version, (finished.stderr.splitlines() or ["no message"])[-1])
    return judge(way, environment.version, json.loads(finished.stdout.splitlines()[-1]), expected)


def judge(way: str, version: str, found: Any, expected: Any) -> Outcome:
    """Compare what a way gave with what it must give.

    Example:
        >>> judge("folder", "5.0.0", "ab", "ab").fault, judge("folder", "5.0.0", "ab", "cd").fault
        ('', "gave 'ab', not 'cd'")
    """
    if way == "script" and int(version.split(".")[0]) >= 4:
        expected_message = isinstance(found, str) and found.startswith(NO_SCRIPTS)
        return Outcome(way, version, "" if expected_message else f"gave {found!r}", "no scripts since 4.0")
    return Outcome(way, version, "" if found == expected else f"gave {found!r}, not {expected!r}")


def table(outcomes: Sequence[Outcome]) -> str:
    """Write the matrix, one line a way and one column a version, and the faults below.

    Example:
        >>> print(table([Outcome("folder", "4.0.0"), Outcome("folder", "5.0.0", "gave 1, not 2")]))
        way     4.0.0  5.0.0
        folder  yes    NO
        5.0.0, folder: gave 1, not 2
    """
    versions = list(dict.fromkeys(outcome.version for outcome in outcomes))
    ways = list(dict.fromkeys(outcome.way for outcome in outcomes))
    cells = {(o.way, o.version): "NO" if o.fault else o.note or "yes" for o in outcomes}
    lines = [["way", *versions], *([way, *(cells[way, version] for version in versions)] for way in ways)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*text, *(f"{o.version}, {o.way}: {o.fault}" for o in outcomes if o.fault)])
