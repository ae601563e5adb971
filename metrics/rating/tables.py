"""The rating report as text for people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

UNDEFINED = "–"


def render_report(report: Mapping[str, Any]) -> str:
    """Lay a rating report out as tables.

    Args:
        report: As `metrics.rating.collecting.build_report` gives it.

    Returns:
        Text without a final newline: what is there and missing, means by source, agreement, preferences,
        labels. A table about which nothing was asked is left out.
    """
    parts = [_raters(report), _means(report), _agreement(report), _preferences(report), _labels(report)]
    return "\n\n".join(part for part in parts if part)


def _raters(report: Mapping[str, Any]) -> str:
    lines = [f"Packet {report['packet'][:16]}, {_counted(len(report['raters']), 'rater')}"]
    for rater in report["raters"]:
        counts = {name: rater[name] for name in ("ratings", "checks", "preferences")}
        shown = ", ".join(f"{name} {done} of {asked}" for name, (done, asked) in counts.items() if asked)
        missing = sum(asked - done for done, asked in counts.values())
        lines.append(f"  {rater['rater']}: {shown}; " + (f"{missing} missing" if missing else "complete"))
    return "\n".join(lines)


def _means(report: Mapping[str, Any]) -> str:
    sources = report["sources"]
    rows = [["mean, 1 to 5", *sources]]
    for item, figures in report["items"].items():
        rows.append([item, *(_mean_cell(figures["sources"][source]) for source in sources)])
    return _table(rows) + "\n(95 % bootstrap interval over dialogues, from 5 dialogues on; n of dialogues)"


def _mean_cell(figures: Mapping[str, Any]) -> str:
    return f"{_number(figures['mean'])} {_interval(figures['interval'])} n={figures['n_dialogues']}"


def _agreement(report: Mapping[str, Any]) -> str:
    if len(report["raters"]) < 2:
        return "Agreement needs two raters or more."
    rows = [["agreement", "weighted kappa", "ICC(2,1)", "ICC(2,k)", "alpha", "dialogues by all"]]
    for item, figures in report["items"].items():
        found = figures["agreement"]
        names = ("mean_weighted_kappa", "icc_2_1", "icc_2_k", "krippendorff_alpha")
        rows.append([item, *(_number(found[name]) for name in names), str(found["n_dialogues_by_all"])])
    return (
        _table(rows)
        + "\n(kappa: quadratic weights, mean over pairs of raters; alpha: Krippendorff's, ordinal)"
    )


def _preferences(report: Mapping[str, Any]) -> str:
    if not report["preferences"]:
        return ""
    rows = [["preference", "win rate", "wins", "ties", "losses", "pairs", "alpha"]]
    for figures in report["preferences"]:
        first, second = figures["sources"]
        rate = f"{_number(figures['win_rate'])} {_interval(figures['interval'])}"
        counts = [str(figures[name]) for name in ("wins", "ties", "losses", "n_pairs")]
        rows.append([f"{first} over {second}", rate, *counts, _number(figures["krippendorff_alpha"])])
    return _table(rows) + "\n(95 % Wilson interval over pairs; a tie is half a win)"


def _labels(report: Mapping[str, Any]) -> str:
    rows = [["label check", "agreement with data", "kappa", "alpha of raters", "utterances", "can't tell"]]
    for role, figures in report["labels"].items():
        for name, found in [("all", figures["all"]), *figures["sources"].items()]:
            share = f"{_number(found['agreement_share'])} {_interval(found['interval'])}"
            kappas = [_number(found[name]) for name in ("kappa_with_data", "alpha_of_raters")]
            counts = [str(found[name]) for name in ("n_utterances", "n_cannot_tell")]
            rows.append([f"{role}, {name}", share, *kappas, *counts])
    if not any(figures["sources"] for figures in report["labels"].values()):
        return ""
    return _table(rows) + "\n(95 % Wilson interval over utterances; kappa: Cohen's)"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _number(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.2f}"


def _interval(ends: Sequence[float | None]) -> str:
    return f"[{_number(ends[0])}, {_number(ends[1])}]"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" + ("" if n == 1 else "s")
