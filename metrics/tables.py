"""A metrics report as text for the terminal."""

from collections.abc import Sequence
from typing import Any

from metrics.report import NOT_CODED, Report

ARROWS = {"higher": "↑", "lower": "↓", "band": "↔", "descriptive": " "}
LEGEND = (
    "↑ higher is better, ↓ lower is better, ↔ inside the interval of AnnoMI high is good.",
    "mean over the n dialogues that define the metric, [ ] its 95 % bootstrap interval.",
    "– undefined, or not measured.",
)


def render_report(report: Report) -> str:
    """Lay a report out as aligned tables: counts, metrics beside the reference, groups, label shares.

    Args:
        report: From `metrics.report.build_report`.

    Returns:
        Lines of text, without a newline at the end.
    """
    sections = [_heading(report), _overall(report)]
    if len(report["groups"]) > 1:
        sections.append(_by_group(report))
    sections.append(_labels(report))
    return "\n\n".join(sections)


def _heading(report: Report) -> str:
    counts, coding = report["counts"], report["client_coding"]
    lines = [
        f"{report['source']}: {counts['dialogues']:,} dialogues, {counts['utterances']:,} utterances",
        f"client labels: {coding['meaning']}",
    ]
    for column in ("split", "category", "risk"):
        if groups := counts[f"dialogues_by_{column}"]:
            lines.append(f"{column}: " + ", ".join(f"{name} {n}" for name, n in groups.items()))
    if report["refused"]:
        lines.append(f"refused: {len(report['refused'])} dialogues, listed in the report under 'refused'")
    return "\n".join(lines)


def _overall(report: Report) -> str:
    corpora = report["reference"]["corpora"]
    header = [
        "metric",
        "",
        "unit",
        "mean",
        "interval",
        "pooled",
        "n",
        *(c["title"] for c in corpora.values()),
    ]
    rows = []
    for name, metric in report["metrics"].items():
        estimate = report["groups"]["all"]["metrics"][name]
        figures = report["reference"]["metrics"].get(name, {})
        rows.append(
            [
                metric["title"],
                ARROWS[metric["direction"]],
                metric["unit"],
                _number(estimate["mean"], metric),
                _interval(estimate["interval"], metric),
                _number(estimate["pooled"], metric),
                str(estimate["n_defined"]),
                *(_figure(figures.get(corpus), metric) for corpus in corpora),
            ]
        )
    return "\n".join([align([header, *rows]), *LEGEND, *report["reference"]["notes"]])


def _by_group(report: Report) -> str:
    groups = report["groups"]
    header = ["metric", *(f"{name} ({group['n_dialogues']})" for name, group in groups.items())]
    rows = [
        [metric["title"], *(_figure(group["metrics"][name], metric) for group in groups.values())]
        for name, metric in report["metrics"].items()
    ]
    return align([header, *rows])


def _labels(report: Report) -> str:
    groups = report["groups"]
    header = ["label, % of the speaker's turns", *(f"{name} (n)" for name in groups)]
    rows = []
    for label in report["counts"]["labels"]:
        cells = [group["labels"][label] for group in groups.values()]
        if label == NOT_CODED and not any(cell["count"] for cell in cells):
            continue
        rows.append(
            [
                label,
                *("–" if c["share"] is None else f"{100 * c['share']:.1f} ({c['count']:,})" for c in cells),
            ]
        )
    return align([header, *rows])


def _figure(estimate: Report | None, metric: Report) -> str:
    if estimate is None:
        return "–"
    value = estimate["pooled"] if metric["level"] == "corpus" else estimate["mean"]
    return f"{_number(value, metric)} {_interval(estimate.get('interval'), metric)}".strip()


def _interval(interval: Sequence[float] | None, metric: Report) -> str:
    return f"[{_number(interval[0], metric)}, {_number(interval[1], metric)}]" if interval else ""


def _number(value: float | None, metric: Report) -> str:
    decimals = {"percent": 1, "share": 2, "probability": 2, "ratio": 2, "bits": 3}[metric["unit"]]
    return "–" if value is None else f"{value:.{decimals}f}"


def align(rows: Sequence[Sequence[Any]]) -> str:
    """Pad cells to columns, the first column to the left and the others to the right.

    Args:
        rows: Cells as text, the header first; all rows of one length.

    Returns:
        Lines with a rule under the header.

    Example:
        >>> print(align([["a", "n"], ["bc", "10"]]))
        a    n
        --  --
        bc  10
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
