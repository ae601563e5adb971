"""One way to load the dataset, tried in a fresh process of an environment with `datasets` and our wheel.

Run as `python -P probe.py WAY`, so that nothing of ours is importable but what the wheel brought. Prints
what the way gave as one line of JSON.
"""

import hashlib
import json
import sys
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import files
from pathlib import Path
from typing import Any

import datasets

SHIPPED_CONFIGS = ("dialogues", "utterances", "messages")


def rows_hash(rows: dict[str, Iterable[dict[str, Any]]]) -> str:
    """Hash rows by config and split, so that the same rows give the same hash in every version.

    Args:
        rows: Rows by name, such as ``"dialogues/train"``; any order of names.

    Example:
        >>> rows_hash({"b": [{"x": 1}], "a": []}) == rows_hash({"a": [], "b": [{"x": 1}]})
        True
    """
    digest = hashlib.sha256()
    for name in sorted(rows):
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows[name]]
        digest.update("\n".join([name, *lines, ""]).encode())
    return digest.hexdigest()


def load_all(path: str, **options: Any) -> str:
    """Load every config that ships and hash the rows."""
    rows: dict[str, Iterable[dict[str, Any]]] = {}
    for config in SHIPPED_CONFIGS:
        loaded = datasets.load_dataset(path, config, **options)
        rows |= {f"{config}/{split}": list(members) for split, members in loaded.items()}
    return rows_hash(rows)


def after_import(path: str = "kmi", **options: Any) -> str:
    """Load by name after ``import kmi``."""
    import kmi  # noqa: F401, registers the name

    return load_all(path, **options)


def describe(path: str = "kmi") -> dict[str, Any]:
    """Ask for config names and builder without loading a row."""
    builder = datasets.load_dataset_builder(path)
    names = [name for name in datasets.get_dataset_config_names(path) if name in SHIPPED_CONFIGS]
    return {"configs": names, "default": builder.config.name, "columns": list(builder.info.features)}


def describe_after_import() -> dict[str, Any]:
    """Ask the same after ``import kmi``."""
    import kmi  # noqa: F401, registers the name

    return describe()


def load_script() -> str:
    """Load ``kmi.py`` as a script, or give the message of `datasets` 4 and later, which runs none."""
    try:
        return load_all("kmi.py", trust_remote_code=True)
    except RuntimeError as error:
        return str(error)


def load_after_moved_registry() -> str:
    """Import kmi where the registry is gone, and load as the warning says."""
    registry = datasets.load._PACKAGED_DATASETS_MODULES
    del datasets.load._PACKAGED_DATASETS_MODULES
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        import kmi  # noqa: F401, warns
    datasets.load._PACKAGED_DATASETS_MODULES = registry
    (message,) = [
        str(warning.message) for warning in caught if "kmi is not registered" in str(warning.message)
    ]
    return load_all(message.split('load_dataset("')[1].split('")')[0])


def list_wheel() -> list[str]:
    """Name what the wheel put at the top of site-packages, without its metadata and compiled files."""
    tops = {Path(path).parts[0] for path in files("kmi") or ()}
    return sorted(top for top in tops if not top.endswith(".dist-info") and top != "__pycache__")


WAYS: dict[str, Callable[[], Any]] = {
    "folder": lambda: load_all("kmi"),
    "folder, streaming": lambda: load_all("kmi", streaming=True),
    "folder, builder": describe,
    "import": after_import,
    "import, streaming": lambda: after_import(streaming=True),
    "import, builder": describe_after_import,
    "script": load_script,
    "moved registry": load_after_moved_registry,
    "wheel": list_wheel,
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(WAYS[sys.argv[1]]()) + "\n")
