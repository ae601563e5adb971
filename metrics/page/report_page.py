"""Reports, and a comparison if there is one -> one HTML page that needs no server, network or script."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from metrics.page.curve import Curve, draw_curves
from metrics.page.heat_map import HeatMap, heat_maps, short_name
from metrics.page.policy import source_hash
from metrics.page.rows import difference_rows, label_rows, metric_rows
from metrics.page.strips import source_kind
from metrics.tables import LEGEND
from metrics.text_tables import LANGUAGES

TEMPLATES = Path(__file__).parent
SHOWN_REFUSALS = 50

Report = Mapping[str, Any]


def render_page(reports: Sequence[Report], comparison: Report | None = None) -> str:
    """Render one page.

    Args:
        reports: One report or several, from `metrics.report.build_report`; their sources stand side by side.
        comparison: From `metrics.comparing.comparison.build_comparison`, of the two sources of the reports.

    Returns:
        HTML; the same arguments give the same text. Its policy allows its own style and nothing else, and
        whatever comes from the sources is escaped.
    """
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    groups = [report["groups"]["all"] for report in reports]
    return environment.get_template("page.html.j2").render(
        style=style,
        style_hash=source_hash(style),
        reports=reports,
        legend=LEGEND,
        languages=LANGUAGES,
        references=reports[0]["label_reference"],
        metrics=metric_rows(reports, "metrics", [group["metrics"] for group in groups]),
        labels=label_rows(reports),
        curve=_curve(reports),
        heat_maps=_heat_maps(reports),
        short_name=short_name,
        source_kind=source_kind,
        texts=_texts(reports),
        comparison=comparison,
        differences=_differences(comparison) if comparison else {},
        shown_refusals=SHOWN_REFUSALS,
    )


def _differences(comparison: Report) -> dict[str, Any]:
    alpha = comparison["settings"]["alpha"]
    parts = {"from labels": comparison["metrics"]}
    parts |= {f"from texts, {LANGUAGES[code]}": rows for code, rows in comparison["texts"].items()}
    return {title: difference_rows(rows, alpha) for title, rows in parts.items()}


def _texts(reports: Sequence[Report]) -> dict[str, Any]:
    found = {}
    for code, title in LANGUAGES.items():
        estimates = [report["groups"]["all"]["texts"].get(code, {}) for report in reports]
        if any(code in report["texts"] for report in reports):
            found[title] = {
                "code": code,
                "rows": metric_rows(reports, "text_metrics", estimates),
                "described": [(r["source"], r["texts"][code]) for r in reports if code in r["texts"]],
            }
    return found


def _curve(reports: Sequence[Report]) -> str | None:
    curves = [
        Curve(source_kind(i), report["source"], report["groups"]["all"]["change_talk_curve"]["deciles"])
        for i, report in enumerate(reports)
        if report["groups"]["all"]["change_talk_curve"]
    ]
    if not curves:
        return None
    corpora = reports[0]["label_reference"]["corpora"].items()
    beside = [Curve(key, corpus["title"], corpus["change_talk_curve"]["deciles"]) for key, corpus in corpora]
    names = ", ".join(curve.title for curve in (*curves, *beside))
    return draw_curves([*beside, *curves], f"Share of change talk along the session: {names}")


def _heat_maps(reports: Sequence[Report]) -> dict[str, list[HeatMap]]:
    found = [(report["source"], report["groups"]["all"]["transitions"]) for report in reports]
    corpora = reports[0]["label_reference"]["corpora"].values()
    found += [(corpus["title"], corpus["transitions"]) for corpus in corpora]
    maps = [heat_maps(title, transitions) for title, transitions in found]
    return {
        "How the client answers the therapist": [answers for answers, _ in maps if answers.rows],
        "How the therapist answers the client": [answers for _, answers in maps if answers.rows],
    }
