"""Strips: one metric on one line from end to end, sources beside the bands of the reference corpora.

Places are percentages of the width, so a strip fits a phone and a wide screen alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from markupsafe import Markup

from metrics.page.svg import element

STEPS = (0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 10, 25, 50, 100)
N_COLORS = 6
EDGE, LANE = 7, 14
"""Pixels above and below the lanes, and of one source's lane."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at both ends of a strip.

    Example:
        >>> Scale(0, 2).place(0.5)
        '25.00%'
    """

    low: float
    high: float

    def place(self, value: float) -> str:
        """Return where a value stands, as a percentage of the width; outside values stand at the end."""
        share = (value - self.low) / (self.high - self.low)
        return f"{100 * min(1.0, max(0.0, share)):.2f}%"

    def width(self, low: float, high: float) -> str:
        """Return the width of a stretch as a percentage."""
        return f"{float(self.place(high)[:-1]) - float(self.place(low)[:-1]):.2f}%"


@dataclass(frozen=True, slots=True)
class Mark:
    """One value on a strip.

    Attributes:
        kind: Class that gives the color: `source-0`, `annomi_high` …
        title: Whose value it is.
        interval: ``None`` if there is none.
    """

    kind: str
    title: str
    value: float
    interval: Sequence[float] | None = None


def source_kind(place: int) -> str:
    """Return the class of the source at a place, from 0; colors come again after `N_COLORS`."""
    return f"source-{place % N_COLORS}"


def scale_for(marks: Iterable[Mark]) -> Scale:
    """Choose round ends that hold every value and interval; 0 is always among them.

    Args:
        marks: Values of one strip, or of several that share a scale.

    Example:
        >>> scale_for([Mark("source-0", "mine", 0.3, [0.2, 0.6])])
        Scale(low=0, high=1)
    """
    values = [value for mark in marks for value in (mark.value, *(mark.interval or ()))]
    return Scale(-_step(-min(values, default=0)), _step(max(values, default=0)) or STEPS[0])


def _step(value: float) -> float:
    if value <= 0:
        return 0
    return next((step for step in (*STEPS, inf) if step >= value - 1e-9 and step != inf), value)


def value_strip(sources: Sequence[Mark], references: Sequence[Mark], scale: Scale, label: str) -> Markup:
    """Draw values with whiskers, a lane for each source, over the bands of the references.

    Args:
        sources: Values of the sources.
        references: Values of the reference corpora.
        scale: Ends of the strip.
        label: What the picture shows, for those who don't see it.

    Returns:
        An SVG element.
    """
    height = 2 * EDGE + LANE * max(1, len(sources))
    drawn = [element("rect", x="0", y="0", width="100%", height=height, class_="ground")]
    drawn += [band for mark in references for band in _band(mark, scale, height)]
    for lane, mark in enumerate(sources):
        y = EDGE + LANE * lane + LANE // 2
        if mark.interval:
            ends = {"x1": scale.place(mark.interval[0]), "x2": scale.place(mark.interval[1])}
            drawn.append(element("line", **ends, y1=y, y2=y, class_=f"whisker {mark.kind}"))
        drawn.append(element("circle", cx=scale.place(mark.value), cy=y, r=4.5, class_=f"dot {mark.kind}"))
    return _picture(drawn, height, label)


def bar_strip(sources: Sequence[Mark], references: Sequence[Mark], scale: Scale, label: str) -> Markup:
    """Draw a bar for each source, and a line for each reference.

    Args:
        sources: Values of the sources, 0 or more.
        references: Values of the reference corpora.
        scale: Ends of the strip, the lower one 0.
        label: What the picture shows.

    Returns:
        An SVG element.
    """
    height = 4 + LANE * max(1, len(sources))
    drawn = [element("rect", x="0", y="0", width="100%", height=height, class_="ground")]
    for lane, mark in enumerate(sources):
        size = {"width": scale.width(0, mark.value), "height": LANE - 4}
        drawn.append(element("rect", x="0", y=4 + LANE * lane, **size, class_=f"bar {mark.kind}"))
    drawn += [_line(mark, scale, height) for mark in references]
    return _picture(drawn, height, label)


def effect_strip(mark: Mark, reach: float, label: str) -> Markup:
    """Draw an effect with its whisker around the line of no difference.

    Args:
        mark: The effect.
        reach: Largest possible effect, to either side.
        label: What the picture shows.

    Returns:
        An SVG element.
    """
    middle = element("line", x1="50%", x2="50%", y1="0", y2=2 * EDGE + LANE, class_="zero")
    strip = value_strip([mark], [], Scale(-reach, reach), label)
    return strip.replace(Markup("</svg>"), middle + Markup("</svg>"))


def _band(mark: Mark, scale: Scale, height: int) -> Iterable[Markup]:
    if mark.interval:
        low, high = mark.interval
        size = {"width": scale.width(low, high), "height": height}
        yield element("rect", x=scale.place(low), y="0", **size, class_=f"band {mark.kind}")
    yield _line(mark, scale, height)


def _line(mark: Mark, scale: Scale, height: int) -> Markup:
    x = scale.place(mark.value)
    return element("line", x1=x, x2=x, y1="0", y2=height, class_=f"tick {mark.kind}")


def _picture(drawn: Iterable[Markup], height: int, label: str) -> Markup:
    size = {"width": "100%", "height": height}
    return element("svg", *drawn, role="img", aria_label=label, class_="strip", **size)
