"""Metrics report as the card reads it, refused where it was not made from this data."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_card.corpus import CardError, Corpus

REPORT_VERSION = 1
"""Layout of `python -m metrics score --out` that the card reads."""
DECIMALS = {"percent": 1}
DEFAULT_DECIMALS = 2
UNDEFINED = "–"
BETTER = {"higher": "higher", "lower": "lower", "band": "as AnnoMI high", "descriptive": UNDEFINED}


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One line of the card's table of metrics, all values as text.

    Attributes:
        title: Short name.
        meaning: What it measures.
        unit: Unit of the values.
        better: Which values are better.
        value: Value of this dataset, with its bootstrap interval where there is one.
        references: The same of the reference corpora, in the report's order.
    """

    title: str
    meaning: str
    unit: str
    better: str
    value: str
    references: tuple[str, ...]


def read_report(path: Path, corpus: Corpus, data: Path) -> dict[str, Any]:
    """Read the report and make sure that it was made from this data.

    Args:
        path: File that `python -m metrics score --out` wrote.
        corpus: The data.
        data: Its folder, for messages.

    Raises:
        CardError: If the report is missing, cannot be read, has another layout or counts other data.
    """
    again = f"run `python -m metrics score {data} --out {path}`"
    report = load_report(path, again)
    for name, (reported, counted) in _counts(report, corpus).items():
        if reported != counted:
            raise CardError(f"{path} is old: it has {name} {reported}, the data {counted}; {again}")
    return report


def load_report(path: Path, again: str) -> dict[str, Any]:
    """Read a report of any data.

    Args:
        path: File that `python -m metrics score --out` wrote.
        again: What to run if it cannot be used, for messages.

    Raises:
        CardError: If the report is missing, cannot be read or has another layout.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CardError(f"no metrics report at {path}; {again}") from error
    except (OSError, ValueError) as error:
        raise CardError(f"can't read the metrics report {path}: {error}; {again}") from error
    version = report.get("report_version") if isinstance(report, dict) else None
    if version != REPORT_VERSION:
        raise CardError(f"{path} has report_version {version!r}, not {REPORT_VERSION}; {again}")
    return report


def metric_rows(report: dict[str, Any]) -> Iterator[MetricRow]:
    """Lay out the metrics of the whole dataset beside the reference corpora."""
    values = report["groups"]["all"]["metrics"]
    for name, metric in report["metrics"].items():
        figures = report["reference"]["metrics"].get(name, {})
        yield MetricRow(
            title=metric["title"],
            meaning=metric["summary"].removeprefix("Give ").removeprefix("Tell "),
            unit=metric["unit"],
            better=BETTER[metric["direction"]],
            value=_value(values[name], metric["unit"]),
            references=tuple(
                _value(figures.get(corpus, {}), metric["unit"]) for corpus in report["reference"]["corpora"]
            ),
        )


def _value(estimate: dict[str, Any], unit: str) -> str:
    """Write the mean over dialogues, or the pooled value of a metric that exists for a corpus alone."""
    mean, limits = estimate.get("mean"), estimate.get("interval")
    value = _number(estimate.get("pooled") if mean is None else mean, unit)
    return f"{value} [{_number(limits[0], unit)}, {_number(limits[1], unit)}]" if limits else value


def _number(value: float | None, unit: str) -> str:
    return UNDEFINED if value is None else f"{value:.{DECIMALS.get(unit, DEFAULT_DECIMALS)}f}"


def _counts(report: dict[str, Any], corpus: Corpus) -> dict[str, tuple[Any, Any]]:
    """Pair what the report counted with what the data holds."""
    reported = report.get("counts", {})
    labels = Counter(turn["label"] for turn in corpus.utterances)
    return {
        "dialogues by split": (
            reported.get("dialogues_by_split"),
            {split: len(members) for split, members in corpus.dialogues.items()},
        ),
        "utterances": (reported.get("utterances"), sum(corpus.lengths)),
        "labels": ({label: n for label, n in reported.get("labels", {}).items() if n}, dict(labels)),
    }
