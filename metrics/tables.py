"""A metrics report as text for the terminal."""

from collections.abc import Sequence

from metrics.cells import align, estimate_cells, figure
from metrics.label_figures import NOT_CODED
from metrics.report import Report
from metrics.text_tables import render_texts

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
    sections = [heading(report), _overall(report), *render_texts(report)]
    if len(report["groups"]) > 1:
        sections.append(_by_group(report))
    sections.append(label_table(list(report["groups"]), list(report["groups"].values())))
    return "\n\n".join(sections)


def heading(report: Report) -> str:
    """Say what was scored: counts, how client turns are coded, groups, refused dialogues."""
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
                *estimate_cells(estimate, metric),
                *(figure(figures.get(corpus), metric) for corpus in corpora),
            ]
        )
    return "\n".join([align([header, *rows]), *LEGEND, *report["reference"]["notes"]])


def _by_group(report: Report) -> str:
    groups = report["groups"]
    header = ["metric", *(f"{name} ({group['n_dialogues']})" for name, group in groups.items())]
    rows = [
        [metric["title"], *(figure(group["metrics"][name], metric) for group in groups.values())]
        for name, metric in report["metrics"].items()
    ]
    return align([header, *rows])


def label_table(titles: Sequence[str], groups: Sequence[Report]) -> str:
    """Lay out the share and count of each label.

    Args:
        titles: Heads of the columns.
        groups: A group of a report for each column.

    Returns:
        Lines of text.
    """
    rows = [["label, % of the speaker's turns", *(f"{title} (n)" for title in titles)]]
    for label in groups[0]["labels"]:
        cells = [group["labels"][label] for group in groups]
        if label == NOT_CODED and not any(cell["count"] for cell in cells):
            continue
        shares = ("–" if c["share"] is None else f"{100 * c['share']:.1f} ({c['count']:,})" for c in cells)
        rows.append([label, *shares])
    return align(rows)
