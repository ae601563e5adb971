"""Several reports as text for the terminal: each source a column beside the reference corpora."""

from collections.abc import Iterator, Sequence

from metrics.cells import ARROWS, align, figure
from metrics.references import reference_corpora
from metrics.report import Report
from metrics.tables import LEGEND, heading, label_table, render_report
from metrics.text_tables import LANGUAGES


def render_reports(reports: Sequence[Report]) -> str:
    """Lay one report out by itself, or several side by side.

    Args:
        reports: One or more, from `metrics.report.build_report`.

    Returns:
        Lines of text, without a newline at the end.
    """
    if len(reports) == 1:
        return render_report(reports[0])
    return "\n\n".join([*map(heading, reports), *_sections(reports)])


def _sections(reports: Sequence[Report]) -> Iterator[str]:
    groups = [report["groups"]["all"] for report in reports]
    yield "\n".join([_table(reports, [group["metrics"] for group in groups], "metrics"), *LEGEND])
    for language, title in LANGUAGES.items():
        if any(found := [group["texts"].get(language, {}) for group in groups]):
            yield f"text metrics, {title}\n{_table(reports, found, 'text_metrics')}"
        yield from (
            f"{report['source']}: text metrics, {title}: left out; {report['texts'][language]['note']}"
            for report in reports
            if report["texts"].get(language, {}).get("note")
        )
    yield label_table([report["source"] for report in reports], groups)


def _table(reports: Sequence[Report], found: Sequence[Report], part: str) -> str:
    corpora = reference_corpora(reports[0], part)
    sources, titles = [report["source"] for report in reports], [corpus.title for corpus in corpora]
    rows = [["metric", "", "unit", *sources, *titles]]
    for name, metric in reports[0][part].items():
        if any(name in estimates for estimates in found):
            columns = (*found, *(corpus.figures for corpus in corpora))
            cells = (figure(column.get(name), metric) for column in columns)
            rows.append([metric["title"], ARROWS[metric["direction"]], metric["unit"], *cells])
    return align(rows)
