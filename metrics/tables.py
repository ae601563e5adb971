"""A metrics report as text for the terminal."""

from metrics.cells import ARROWS, align, figure, interval_text, number
from metrics.report import NOT_CODED, Report
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
    sections = [_heading(report), _overall(report), *render_texts(report)]
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
                number(estimate["mean"], metric),
                interval_text(estimate["interval"], metric),
                number(estimate["pooled"], metric),
                str(estimate["n_defined"]),
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
