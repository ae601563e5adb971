"""What follows upon what, as tables whose cells are the darker the more often it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kmi import CLIENT_LABELS, THERAPIST_LABELS
from metrics.label_figures import NOT_CODED

N_SHADES = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """Share of a row's turns that were followed by the column's label; shade 0 to `N_SHADES`."""

    share: float
    count: int

    @property
    def shade(self) -> int:
        """Darkness of the cell."""
        return round(self.share * N_SHADES)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One direction of talk of one source.

    Attributes:
        title: Whose talk it is.
        columns: Labels that follow.
        rows: Label, number of its turns that the other speaker answers, and a cell for each column.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[Cell, ...]], ...]


def heat_maps(title: str, transitions: Mapping[str, Mapping[str, int]]) -> tuple[HeatMap, HeatMap]:
    """Lay out how the client answers the therapist, and the therapist the client.

    Args:
        title: Whose talk it is.
        transitions: Counts by label and next label, as `metrics.label_figures.label_transitions` gives them.

    Returns:
        Both tables; rows of labels that nothing follows are left out, and client labels never used. A client
        turn without a code is a label of its own.

    Example:
        >>> answers, _ = heat_maps("mine", {"Open Question": {"Change Talk": 3, "Neutral": 1}})
        >>> answers.rows[0][2][0].share
        0.75
    """
    used = {*transitions, *(label for row in transitions.values() for label in row)}
    client = tuple(label for label in (*map(str, CLIENT_LABELS), NOT_CODED) if label in used)
    therapist = tuple(map(str, THERAPIST_LABELS))
    return _heat_map(title, therapist, client, transitions), _heat_map(title, client, therapist, transitions)


def _heat_map(
    title: str,
    before: Sequence[str],
    after: tuple[str, ...],
    transitions: Mapping[str, Mapping[str, int]],
) -> HeatMap:
    rows = []
    for label in before:
        counts = transitions.get(label, {})
        if total := sum(counts.values()):
            cells = tuple(Cell(counts.get(name, 0) / total, counts.get(name, 0)) for name in after)
            rows.append((label, total, cells))
    return HeatMap(title, after, tuple(rows))


def short_name(label: str) -> str:
    """Shorten a label for the head of a narrow column.

    Example:
        >>> short_name("Open Question"), short_name("Affirm"), short_name("(no label)")
        ('OQ', 'AF', '–')
    """
    if label == NOT_CODED:
        return "–"
    words = label.split()
    return ("".join(word[0] for word in words) if len(words) > 1 else label[:2]).upper()
