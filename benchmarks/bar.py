"""Bar: a measured value beside its ideal and what it is held to."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One measured value.

    Attributes:
        name: What was measured.
        measured: The value.
        unit: Its unit; empty for a ratio or a count.
        ideal: What nothing could beat; None where there is no such value.
        at_least: Lowest value that holds; None without such a bar.
        at_most: Highest value that holds; None without such a bar.
        note: What the value rests on.
    """

    name: str
    measured: float
    unit: str = ""
    ideal: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the bar is reached; None for a value that is only told."""
        if self.at_least is None and self.at_most is None:
            return None
        is_high_enough = self.at_least is None or self.measured >= self.at_least
        return is_high_enough and (self.at_most is None or self.measured <= self.at_most)

    def as_record(self) -> dict[str, Any]:
        """Return the bar as JSON values, the verdict included."""
        return asdict(self) | {"holds": self.holds}


def table(bars: Iterable[Bar]) -> str:
    """Lay bars out for reading.

    Example:
        >>> print(table([Bar(name="speed", measured=0.9, ideal=1.0, at_least=0.85, note="of the ideal")]))
        measure  measured  ideal      bar  verdict
        speed         0.9      1  >= 0.85    holds  of the ideal
    """
    rows = [("measure", "measured", "ideal", "bar", "verdict", "")]
    verdicts = {True: "holds", False: "SHORT", None: ""}
    for bar in bars:
        limit = f">= {_number(bar.at_least)}" if bar.at_least is not None else ""
        limit = f"<= {_number(bar.at_most)}" if bar.at_most is not None else limit
        measured = f"{_number(bar.measured)} {bar.unit}".strip()
        rows.append((bar.name, measured, _number(bar.ideal), limit, verdicts[bar.holds], bar.note))
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    lines = (
        [row[0].ljust(widths[0]), *(row[n].rjust(widths[n]) for n in range(1, 5)), row[5]] for row in rows
    )
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
