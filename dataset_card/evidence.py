"""Evidence beside the metrics: how blind readers coded the dialogues, and how they rated them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_card.corpus import CardError

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class CodingRow:
    """Agreement in one measure.

    Attributes:
        title: What is compared.
        values: Kappa with its interval in each coding, in the order of the file; empty where not measured.
        human: Kappa of human coders on AnnoMI, or a dash.
    """

    title: str
    values: tuple[str, ...]
    human: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Blind codings beside the labels.

    Attributes:
        codings: What each coding is, with the number of its dialogues.
        rows: One a measure.
    """

    codings: tuple[tuple[str, int], ...]
    rows: tuple[CodingRow, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Ratings by blind readers, 1 to 5.

    Attributes:
        name: Which reading.
        n_raters: Readers; each rated every dialogue.
        sources: Source -> number of its dialogues.
        overall: Source -> mean of the overall rating with its interval.
        items: Item other than the overall rating -> source -> mean.
        weighted_kappa: Agreement of the readers on the overall rating.
    """

    name: str
    n_raters: int
    sources: dict[str, int]
    overall: dict[str, str]
    items: dict[str, dict[str, str]]
    weighted_kappa: float


def read_agreement(path: Path) -> Agreement:
    """Read what `python -m metrics coder recorded --out` wrote.

    Raises:
        CardError: If the file is missing or not in that form.
    """
    parts = _load(path, "run `python -m metrics coder recorded --out`")
    try:
        titles = dict.fromkeys(row["title"] for part in parts for row in part["measures"])
        by_title = [{row["title"]: row for row in part["measures"]} for part in parts]
        return Agreement(
            tuple((part["title"], part["n_dialogues"]) for part in parts),
            tuple(_coding_row(title, [rows.get(title) for rows in by_title]) for title in titles),
        )
    except (KeyError, TypeError) as error:
        raise CardError(
            f"{path} lacks {error}; write it again by `python -m metrics coder recorded`"
        ) from error


def read_readings(folder: Path) -> list[Reading]:
    """Read the reports of `python -m metrics rate collect` in the folders of a folder, by name and number.

    Raises:
        CardError: If there is none, or one is not in that form.
    """
    paths = sorted(folder.glob("*/report.json"), key=_by_number)
    if not paths:
        raise CardError(f"no report.json of a reading in the folders of {folder}")
    return [_reading(path) for path in paths]


def _by_number(path: Path) -> tuple[int, str]:
    """Sort key of a reading: batch-9 before batch-10."""
    number = path.parent.name.rpartition("-")[2]
    return (int(number) if number.isdigit() else 0, path.parent.name)


def _reading(path: Path) -> Reading:
    report = _load(path, "collect the ratings by `python -m metrics rate collect`")
    try:
        items = report["items"]
        overall = items[OVERALL]["sources"]
        return Reading(
            name=path.parent.name,
            n_raters=len(report["raters"]),
            sources={name: found["n_dialogues"] for name, found in overall.items()},
            overall={
                name: _with_interval(found["mean"], found["interval"]) for name, found in overall.items()
            },
            items={
                item: {name: f"{found['mean']:.2f}" for name, found in rated["sources"].items()}
                for item, rated in items.items()
                if item != OVERALL
            },
            weighted_kappa=items[OVERALL]["agreement"]["mean_weighted_kappa"],
        )
    except (KeyError, TypeError) as error:
        raise CardError(f"{path} lacks {error}; collect the ratings again") from error


def _with_interval(value: float, interval: list[float]) -> str:
    low, high = interval
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _coding_row(title: str, rows: list[dict[str, Any] | None]) -> CodingRow:
    human = next((row["ceiling"] for row in rows if row and row["ceiling"] is not None), None)
    return CodingRow(title, tuple(map(_kappa, rows)), "–" if human is None else f"{human:.2f}")


def _kappa(row: dict[str, Any] | None) -> str:
    return _with_interval(row["kappa"], row["interval"]) if row else ""


def _load(path: Path, again: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CardError(f"can't read {path}: {error}; {again}") from error
