"""A comparison as text for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from metrics.cells import ARROWS, align, interval_text, number
from metrics.text_tables import LANGUAGES

HEADER = (
    "metric",
    "",
    "unit",
    "first",
    "second",
    "difference",
    "effect",
    "p, Holm",
    "n",
    "n for .10",
)


def render_comparison(comparison: Mapping[str, Any]) -> str:
    """Lay a comparison out as aligned tables.

    Args:
        comparison: From `metrics.comparing.comparison.build_comparison`.

    Returns:
        Lines of text, without a newline at the end.
    """
    settings = comparison["settings"]
    sections = ["\n".join(_heading(comparison)), _table(comparison["metrics"])]
    for language, rows in comparison["texts"].items():
        sections.append(f"text metrics, {LANGUAGES[language]}\n{_table(rows)}")
    if not comparison["texts"]:
        sections.append(
            "text metrics: left out; no language that both sources have and this machine can analyze"
        )
    intervals = f"[ ]: {settings['confidence']:.0%} intervals. {settings['n_tests']} tests."
    sections.append("\n".join([intervals, *comparison["notes"]]))
    return "\n\n".join(sections)


def effect_text(effect: Mapping[str, Any] | None) -> str:
    """Write an effect size with its interval; Cohen's h bears an h.

    Example:
        >>> effect_text({"name": "cohen_h", "value": 0.5, "interval": [0.1, 0.9]})
        'h +0.50 [0.10, 0.90]'
    """
    if effect is None:
        return "–"
    name = "h " if effect["name"] == "cohen_h" else ""
    return f"{name}{effect['value']:+.2f} {interval_text(effect['interval'], {'unit': 'share'})}".strip()


def difference_text(row: Mapping[str, Any]) -> str:
    """Write a difference with its sign and interval."""
    value = row["difference"]
    sign = "+" if value is not None and value >= 0 else ""
    return f"{sign}{number(value, row)} {interval_text(row['interval'], row)}".strip()


def p_text(p_value: float | None) -> str:
    """Write a p-value with three decimals.

    Example:
        >>> p_text(0.0004), p_text(0.2), p_text(None)
        ('<.001', '.200', '–')
    """
    if p_value is None:
        return "–"
    return "<.001" if p_value < 0.001 else f"{p_value:.3f}".removeprefix("0")


def count_text(n: int | None) -> str:
    """Write a number of dialogues; a dash for none, and a bound for more than anyone has.

    Example:
        >>> count_text(1234), count_text(10**7)
        ('1,234', '>99,999')
    """
    return "–" if n is None else f"{n:,}" if n < 100_000 else ">99,999"


def _heading(comparison: Mapping[str, Any]) -> Iterator[str]:
    for place in ("first", "second"):
        one = comparison[place]
        counts = f"{one['dialogues']:,} dialogues, {one['utterances']:,} utterances; {one['client_coding']}"
        refused = f"; {len(one['refused'])} refused" if one["refused"] else ""
        yield f"{place}: {one['source']}, {counts}{refused}"


def _table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [HEADER]
    for row in rows.values():
        cells = (f"{number(row[p]['mean'], row)} ({row[p]['n_defined']})" for p in ("first", "second"))
        lines.append(
            (
                row["title"],
                ARROWS[row["direction"]],
                row["unit"],
                *cells,
                difference_text(row),
                effect_text(row["effect"]),
                p_text(row["p_value_holm"]),
                count_text(row["n_per_arm"]),
                count_text(row["n_per_arm_stated"]),
            )
        )
    return align(lines)
