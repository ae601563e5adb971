"""Comparison: two metrics reports side by side, as text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dataset_card.report import UNDEFINED, load_report, metric_rows
from kmi import THERAPIST_LABELS, Label


def compare_reports(paths: Sequence[Path]) -> str:
    """Lay counts, metrics and label shares of reports side by side.

    Args:
        paths: Reports that `python -m metrics score --out` wrote, one column each.

    Returns:
        Aligned lines; a metric that a report lacks or leaves undefined is a dash.

    Raises:
        CardError: If a report is missing, damaged or has another layout.
    """
    reports = [load_report(path, f"run `python -m metrics score FOLDER --out {path}`") for path in paths]
    return aligned([*_counts(reports), *_metrics(reports), *_shares(reports)])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as columns, the first flush left and the others flush right.

    Example:
        >>> print(aligned([["", "ours"], ["R:Q", "1.60"]]))
             ours
        R:Q  1.60
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        for row in rows
    ]
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _counts(reports: Sequence[dict[str, Any]]) -> list[list[str]]:
    counts = [report["counts"] for report in reports]
    means = [count["utterances"] / count["dialogues"] for count in counts]
    return [
        ["", *(report["source"] for report in reports)],
        ["dialogues", *(f"{count['dialogues']:,}" for count in counts)],
        ["utterances", *(f"{count['utterances']:,}" for count in counts)],
        ["utterances a dialogue", *(f"{mean:.2f}" for mean in means)],
        ["client labels", *(report["client_coding"]["name"].replace("_", " ") for report in reports)],
    ]


def _metrics(reports: Sequence[dict[str, Any]]) -> list[list[str]]:
    values = [{row.title: row for row in metric_rows(report)} for report in reports]
    titles = {title: row.unit for rows in values for title, row in rows.items()}
    return [
        [f"{title} ({unit})", *(rows[title].value if title in rows else UNDEFINED for rows in values)]
        for title, unit in titles.items()
    ]


def _shares(reports: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [
        [f"{label}, % of {label.role} turns", *(_share(report, label) for report in reports)]
        for label in Label
    ]


def _share(report: dict[str, Any], label: Label) -> str:
    """Write the share of a label; a client label that nobody coded is no zero."""
    counted = report["groups"]["all"]["labels"][label]
    is_coded = counted["count"] or label in THERAPIST_LABELS or report["client_coding"]["name"] == "full"
    return f"{100 * counted['share']:.1f}" if is_coded else UNDEFINED
