"""The shape of the project: who may import whom, how long a module may be, what an `__init__` may hold."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("forecaster", "generation", "metrics", "dataset_card", "benchmarks", "compat")
OURS = {"kmi", *PACKAGES}
MAY_IMPORT = {
    "kmi": set(),
    "forecaster": {"kmi"},
    "generation": {"kmi", "forecaster"},
    "metrics": {"kmi"},
    "dataset_card": {"kmi"},
    "benchmarks": {"kmi", "forecaster", "generation", "metrics"},
    "compat": {"kmi"},
}
METRICS_THAT_LOOK_UPSTREAM = {"asking", "calibrating", "coding", "judging"}
HEAVY = {"torch", "transformers", "ray", "kiwipiepy", "matplotlib", "sklearn"}
MAX_LINES = 300
MODULES = [ROOT / "kmi.py", *(path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py")))]


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module.split(".")[0])
    return names


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_point_upstream_only(path):
    owner = path.relative_to(ROOT).parts[0].removesuffix(".py")
    allowed = MAY_IMPORT[owner] | {owner}
    if owner == "metrics" and METRICS_THAT_LOOK_UPSTREAM & set(path.parent.parts):
        allowed |= {"generation", "forecaster"}
    assert imported(path) & OURS <= allowed


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_stays_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=relative)
def test_init_holds_a_docstring_and_nothing_else(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1 and isinstance(body[0], ast.Expr)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_is_named_like_a_catch_all(path):
    assert path.stem not in {"utils", "common", "helpers", "misc"}


def test_a_heavy_library_is_imported_by_one_module_of_a_package():
    owners = {}
    for path in MODULES:
        for library in imported(path) & HEAVY:
            package = path.relative_to(ROOT).parts[0]
            owners.setdefault((package, library), []).append(relative(path))
    assert {owner: paths for owner, paths in owners.items() if len(paths) > 1} == {}


def test_tests_hold_no_init_that_would_hide_a_package():
    assert list((ROOT / "tests").rglob("__init__.py")) == []
