"""Doctests are looked for in every module but those whose library is not installed."""

from importlib.util import find_spec

LIBRARIES = {"generation/backends/local_model.py": "torch", "generation/engines/ray_engine.py": "ray"}

collect_ignore = [path for path, library in LIBRARIES.items() if find_spec(library) is None]
