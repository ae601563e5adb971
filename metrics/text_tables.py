"""Text metrics of a report as tables: one for each language."""

from collections.abc import Iterator, Mapping
from typing import Any

from metrics.cells import align, estimate_cells, figure

LANGUAGES = {"ko": "Korean", "en": "English"}
SHOWN_PHRASES = 5


def render_texts(report: Mapping[str, Any]) -> Iterator[str]:
    """Lay out the text metrics of each language beside the reference, and the curve of change talk.

    Args:
        report: From `metrics.report.build_report`.

    Yields:
        Sections of lines, without newlines at their ends.
    """
    if curve := report["groups"]["all"]["change_talk_curve"]:
        parts = (f"{name} " + " ".join(_share(value) for value in values) for name, values in curve.items())
        yield "change talk, share of client turns along the session: " + "; ".join(parts)
    for language, found in report["texts"].items():
        name = LANGUAGES[language]
        if found["note"]:
            yield f"text metrics, {name}: left out; {found['note']}"
            continue
        lines = [f"text metrics, {name}, {found['n_dialogues']:,} dialogues", _table(report, language)]
        if len(report["groups"]) > 1:
            lines += ["", _by_group(report, language)]
        if phrases := found["common_phrases"][:SHOWN_PHRASES]:
            shown = ", ".join(f"“{phrase['text']}” {phrase['share']:.0%}" for phrase in phrases)
            lines.append(f"phrases of the therapist in most dialogues: {shown}")
        if formulas := found["formulas"]:
            shown = ", ".join(f"“{formula['text']}” {formula['share']:.1%}" for formula in formulas)
            lines.append(f"formulas of the therapist, share of dialogues: {shown}")
        yield "\n".join(lines)


def _table(report: Mapping[str, Any], language: str) -> str:
    corpora = report["text_reference"]["corpora"]
    estimates = report["groups"]["all"]["texts"][language]
    header = [
        "metric",
        "",
        "unit",
        "mean",
        "interval",
        "pooled",
        "n",
        *(f"{corpus['title']} ({corpus['language']})" for corpus in corpora.values()),
    ]
    rows = [header]
    for name, estimate in estimates.items():
        metric = report["text_metrics"][name]
        rows.append(
            [
                *estimate_cells(estimate, metric),
                *(figure(corpus["metrics"].get(name), metric) for corpus in corpora.values()),
            ]
        )
    return align(rows)


def _by_group(report: Mapping[str, Any], language: str) -> str:
    groups = {name: group["texts"][language] for name, group in report["groups"].items()}
    rows = [["metric", *groups]]
    for name in report["groups"]["all"]["texts"][language]:
        metric = report["text_metrics"][name]
        rows.append([metric["title"], *(figure(values.get(name), metric) for values in groups.values())])
    return align(rows)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
