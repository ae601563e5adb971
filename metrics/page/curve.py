"""The curve of change talk along a session, a line for each source and reference corpus."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from metrics.page.svg import element

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 8, 26
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line.

    Attributes:
        kind: Class that gives the color.
        title: Whose line it is.
        values: Share of change talk in each equal part of the sessions, 0 to 1; ``None`` where there is none.
    """

    kind: str
    title: str
    values: Sequence[float | None]


def draw_curves(curves: Sequence[Curve], label: str) -> Markup:
    """Draw curves over the course of a session, the share from 0 to 100 %.

    Args:
        curves: Lines; a part without a value is bridged.
        label: What the picture shows, for those who don't see it.

    Returns:
        An SVG element.
    """
    drawn = []
    for share in GRID:
        y = _y(share)
        drawn.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        drawn.append(element("text", f"{share:.0%}", x=LEFT - 4, y=y + 3, text_anchor="end"))
    for part, anchor in ((0, "start"), (0.5, "middle"), (1, "end")):
        x = LEFT + part * (WIDTH - LEFT - RIGHT)
        text = {0: "start", 0.5: "course of the session", 1: "end"}[part]
        drawn.append(element("text", text, x=f"{x:.1f}", y=HEIGHT - 8, text_anchor=anchor))
    drawn += [_line(curve) for curve in curves]
    return element(
        "svg", *drawn, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label, class_="curve"
    )


def _line(curve: Curve) -> Markup:
    inner = WIDTH - LEFT - RIGHT
    n = len(curve.values)
    points = " ".join(
        f"{LEFT + inner * (part + 0.5) / n:.1f},{_y(value)}"
        for part, value in enumerate(curve.values)
        if value is not None
    )
    return element("polyline", element("title", curve.title), points=points, class_=f"line {curve.kind}")


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
