"""Lines of the page: one metric, one label or one difference, with its picture and its figures as text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

from markupsafe import Markup

from kmi import THERAPIST_LABELS
from metrics.cells import ARROWS, figure, number
from metrics.comparing.tables import count_text, difference_text, effect_text, p_text
from metrics.label_figures import NOT_CODED
from metrics.page.strips import Mark, Scale, bar_strip, effect_strip, scale_for, source_kind, value_strip
from metrics.references import reference_corpora

Report = Mapping[str, Any]
SHARE = {"unit": "share"}
REACH = {"cliff_delta": 1.0, "cohen_h": pi}
"""Largest possible effects."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one source or corpus as text, with the class that gives its color."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line with its strip.

    Attributes:
        ends: Texts of the values at both ends of the strip.
        figures: Of the sources.
        references: Of the reference corpora.
    """

    title: str
    arrow: str = ""
    summary: str = ""
    strip: Markup
    ends: tuple[str, str]
    figures: tuple[Figures, ...]
    references: tuple[Figures, ...] = ()


def metric_rows(reports: Sequence[Report], part: str, found: Sequence[Report]) -> dict[str, list[Row]]:
    """Lay out metrics by their group.

    Args:
        reports: All reports of the page.
        part: `metrics` or `text_metrics`.
        found: Estimates by metric, for each report.

    Returns:
        Lines by group, in the registry's order; metrics that no source defines are left out.
    """
    corpora = reference_corpora(reports[0], part)
    groups: dict[str, list[Row]] = {}
    for name, metric in reports[0][part].items():
        estimates = [one.get(name) for one in found]
        sources = _marks(metric, zip(*_kinds_and_titles(reports), estimates, strict=True))
        if sources:
            references = _marks(metric, ((c.key, c.title, c.figures.get(name)) for c in corpora))
            groups.setdefault(metric["group"], []).append(_metric_row(metric, sources, references))
    return groups


def _kinds_and_titles(reports: Sequence[Report]) -> tuple[list[str], list[str]]:
    return [source_kind(place) for place in range(len(reports))], [report["source"] for report in reports]


def _marks(metric: Report, estimates: Iterable[tuple[str, str, Report | None]]) -> list[tuple[Mark, str]]:
    """Return marks with their texts, of those that define the metric."""
    key = "pooled" if metric["level"] == "corpus" else "mean"
    return [
        (Mark(kind, title, estimate[key], estimate.get("interval")), figure(estimate, metric))
        for kind, title, estimate in estimates
        if estimate and estimate.get(key) is not None
    ]


def _metric_row(
    metric: Report, sources: Sequence[tuple[Mark, str]], references: Sequence[tuple[Mark, str]]
) -> Row:
    marks, beside = [mark for mark, _ in sources], [mark for mark, _ in references]
    scale = scale_for([*marks, *beside])
    texts = [Figures(mark.kind, mark.title, text) for mark, text in (*sources, *references)]
    label = f"{metric['title']}: " + "; ".join(f"{one.title} {one.text}" for one in texts)
    return Row(
        title=metric["title"],
        arrow=ARROWS[metric["direction"]].strip(),
        summary=metric["summary"],
        strip=value_strip(marks, beside, scale, label),
        ends=(_end(scale.low), _end(scale.high)),
        figures=tuple(texts[: len(marks)]),
        references=tuple(texts[len(marks) :]),
    )


def label_rows(reports: Sequence[Report]) -> list[Row]:
    """Lay out the share of each label among its speaker's turns, all on one scale.

    Args:
        reports: All reports of the page.

    Returns:
        A line for each label that any source has.
    """
    corpora = reports[0]["label_reference"]["corpora"]
    shares = [report["groups"]["all"]["labels"] for report in reports]
    groups = list(zip(*_kinds_and_titles(reports), shares, strict=True))
    beside = [(key, corpus["title"], corpus["labels"]) for key, corpus in corpora.items()]
    chosen = [
        label for label in shares[0] if label != NOT_CODED or any(one[label]["count"] for one in shares)
    ]
    drawn = {label: (_label_marks(groups, label), _label_marks(beside, label)) for label in chosen}
    scale = scale_for([mark for sides in drawn.values() for marks in sides for mark in marks])
    return [_label_row(label, *sides, scale) for label, sides in drawn.items()]


def _label_marks(groups: Iterable[tuple[str, str, Report]], label: str) -> list[Mark]:
    """Return the shares of those who use the label; a client label never used is no part of their coding."""
    return [
        Mark(kind, title, labels[label]["share"])
        for kind, title, labels in groups
        if labels[label]["count"] or (label in THERAPIST_LABELS and labels[label]["share"] is not None)
    ]


def _label_row(label: str, sources: Sequence[Mark], references: Sequence[Mark], scale: Scale) -> Row:
    figures, beside = (
        [Figures(m.kind, m.title, f"{m.value:.1%}") for m in marks] for marks in (sources, references)
    )
    text = "; ".join(f"{one.title} {one.text}" for one in (*figures, *beside))
    return Row(
        title=label,
        strip=bar_strip(sources, references, scale, f"{label}: {text}"),
        ends=(f"{scale.low:.0%}", f"{scale.high:.0%}"),
        figures=tuple(figures),
        references=tuple(beside),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One line of a comparison: means, difference, effect with its strip, test, dialogues needed."""

    title: str
    arrow: str
    means: tuple[str, str]
    difference: str
    effect: str
    strip: Markup | None
    p: str
    is_significant: bool
    n: str
    n_stated: str


def difference_rows(rows: Mapping[str, Report], alpha: float) -> list[DifferenceRow]:
    """Lay out the metrics that both sources define.

    Args:
        rows: One part of a comparison, from `metrics.comparing.comparison.build_comparison`.
        alpha: Level below which a corrected p-value is marked.

    Returns:
        Lines in the order of the rows.
    """
    return [
        DifferenceRow(
            title=row["title"],
            arrow=ARROWS[row["direction"]].strip(),
            means=(number(row["first"]["mean"], row), number(row["second"]["mean"], row)),
            difference=difference_text(row),
            effect=effect_text(row["effect"]),
            strip=_effect_strip(row),
            p=p_text(row["p_value_holm"]),
            is_significant=row["p_value_holm"] is not None and row["p_value_holm"] < alpha,
            n=count_text(row["n_per_arm"]),
            n_stated=count_text(row["n_per_arm_stated"]),
        )
        for row in rows.values()
        if row["difference"] is not None
    ]


def _effect_strip(row: Report) -> Markup | None:
    if (effect := row["effect"]) is None:
        return None
    mark = Mark(source_kind(1), row["title"], effect["value"], effect["interval"])
    return effect_strip(mark, REACH[effect["name"]], f"{row['title']}: {effect_text(effect)}")


def _end(value: float) -> str:
    return f"{value:g}"
