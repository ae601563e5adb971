"""Benchmark of loading: `load_dataset("kmi")` beside `load_dataset("json")` of the same rows, pair by pair.

The ways take turns, so that what else the machine does strikes both; the ratio of each pair counts. Cold is
an empty cache, warm the same call again.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from functools import partial
from pathlib import Path

from datasets import DatasetDict, disable_progress_bars, enable_progress_bars, load_dataset

import kmi
from benchmarks.bar import Bar

ROOT = Path(kmi.__file__).parent
N_PAIRS = 12
IMPORTED, FOLDER = "after `import kmi`", "from the folder"
WAYS: Mapping[str, Callable[[str], DatasetDict]] = {
    IMPORTED: lambda cache: load_dataset("kmi", cache_dir=cache),
    FOLDER: lambda cache: load_dataset("./kmi", cache_dir=cache),
}


def loading(folder: Path) -> Iterator[Bar]:
    """Measure both ways to load, the size of the files and the first streamed row."""
    folder.mkdir(parents=True)
    disable_progress_bars()
    try:
        with chdir(ROOT):
            rows = WAYS[IMPORTED](str(folder / "first"))
            files = _write_json(rows, folder)
            n_rows = sum(part.num_rows for part in rows.values())
            for way, load in WAYS.items():
                yield from _ratios(way, load, files, folder, n_rows)
            start = time.perf_counter()
            next(iter(load_dataset("kmi", split="train", streaming=True)))
            yield Bar(name="first streamed row", measured=time.perf_counter() - start, unit="s", at_most=1.0)
    finally:
        enable_progress_bars()
    parquet = sum(path.stat().st_size for path in (ROOT / "kmi" / "data").glob("dialogues-*.parquet"))
    as_json = sum(Path(path).stat().st_size for path in files.values())
    yield Bar(
        name="parquet beside JSON, size", measured=parquet / as_json, at_most=0.25, note="config dialogues"
    )


def _ratios(way: str, load: Callable, files: dict[str, str], folder: Path, n_rows: int) -> Iterator[Bar]:
    times: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": []}
    for pair in range(N_PAIRS):
        ours, theirs = (str(folder / f"{name}-{len(way)}-{pair}") for name in ("kmi", "json"))
        for pairs in times.values():
            turns = [partial(load, ours), partial(load_dataset, "json", data_files=files, cache_dir=theirs)]
            if pair % 2:
                second, first = _seconds(turns[1]), _seconds(turns[0])
            else:
                first, second = _seconds(turns[0]), _seconds(turns[1])
            pairs.append((first, second))
    for (state, pairs), at_most in zip(times.items(), (1.0, 1.1), strict=True):
        own, json_ = (statistics.median(column) for column in zip(*pairs, strict=True))
        yield Bar(
            name=f"load {way}, {state}, beside JSON",
            measured=statistics.median(first / second for first, second in pairs),
            at_most=at_most if way == IMPORTED else None,
            note=f"{n_rows} dialogues, {1000 * own:.0f} against {1000 * json_:.0f} ms, {N_PAIRS} pairs",
        )


def _seconds(load: Callable[[], object]) -> float:
    start = time.perf_counter()
    load()
    return time.perf_counter() - start


def _write_json(rows: DatasetDict, folder: Path) -> dict[str, str]:
    files = {}
    for split, part in rows.items():
        path = folder / f"{split}.jsonl"
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        path.write_text("".join(lines), encoding="utf-8")
        files[split] = str(path)
    return files
