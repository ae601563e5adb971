"""Cells of the tables that people read: values, intervals and columns."""

from collections.abc import Mapping, Sequence
from typing import Any

ARROWS = {"higher": "↑", "lower": "↓", "band": "↔", "descriptive": " "}
DECIMALS = {"percent": 1, "bits": 3}
"""By unit; all others have two."""


def figure(estimate: Mapping[str, Any] | None, metric: Mapping[str, Any]) -> str:
    """Write the mean over dialogues with its interval, or the pooled value of a metric of a corpus alone.

    Args:
        estimate: Values of the report; ``None`` if there are none.
        metric: The metric as the report describes it.

    Returns:
        One cell.

    Example:
        >>> figure({"mean": 0.5, "interval": [0.4, 0.6]}, {"unit": "share", "level": "text"})
        '0.50 [0.40, 0.60]'
    """
    if estimate is None:
        return "–"
    value = estimate["pooled"] if metric["level"] == "corpus" else estimate["mean"]
    return f"{number(value, metric)} {interval_text(estimate.get('interval'), metric)}".strip()


def estimate_cells(estimate: Mapping[str, Any], metric: Mapping[str, Any]) -> list[str]:
    """Write a metric's line of a table up to its references.

    Args:
        estimate: Values of the report.
        metric: The metric as the report describes it.

    Returns:
        Title, arrow of what is better, unit, mean, interval, pooled value and number of dialogues.
    """
    return [
        metric["title"],
        ARROWS[metric["direction"]],
        metric["unit"],
        number(estimate["mean"], metric),
        interval_text(estimate["interval"], metric),
        number(estimate["pooled"], metric),
        str(estimate["n_defined"]),
    ]


def interval_text(interval: Sequence[float] | None, metric: Mapping[str, Any]) -> str:
    """Write an interval in brackets; empty without one.

    Args:
        interval: Lower and upper end.
        metric: The metric as the report describes it.

    Returns:
        One cell.
    """
    return f"[{number(interval[0], metric)}, {number(interval[1], metric)}]" if interval else ""


def number(value: float | None, metric: Mapping[str, Any]) -> str:
    """Write a value with the decimals of its unit.

    Args:
        value: The value; ``None`` if undefined.
        metric: The metric as the report describes it.

    Returns:
        One cell; a dash for ``None``.

    Example:
        >>> number(0.123, {"unit": "share"})
        '0.12'
    """
    decimals = DECIMALS.get(metric["unit"], 2)
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
