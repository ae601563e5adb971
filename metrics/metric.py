"""What a metric is: the function that computes it, and what is needed to read and cite it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from metrics.dialogues import ClientCoding
from metrics.text.analysis import Language


class Unit(StrEnum):
    """What a value counts; percentages run from 0 to 100, shares and probabilities 0 to 1.

    A slope is the change of a share from the start of a session to its end.
    """

    PERCENT = "percent"
    SHARE = "share"
    PROBABILITY = "probability"
    RATIO = "ratio"
    SLOPE = "slope"
    BITS = "bits"


class Direction(StrEnum):
    """How to read a value beside the reference.

    `band`: values inside the interval of the AnnoMI high-quality sessions are good, and more is not better.
    """

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    DESCRIPTIVE = "descriptive"


class Level(StrEnum):
    """What the function of a metric takes.

    `dialogue`: the labels of one dialogue. `utterances`: its utterances, sublabels included. `corpus`: label
        counts of a group of dialogues and of the reference. `text`: one dialogue with its words.
        `collection`: all of them, for one value a dialogue.
    """

    DIALOGUE = "dialogue"
    UTTERANCES = "utterances"
    CORPUS = "corpus"
    TEXT = "text"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with what is needed to compute, read and cite it.

    Attributes:
        function: Pure function that bears the metric's name.
        title: Short name for tables.
        client_coding: Least coding of client language without which the metric is undefined.
        counts_opening: Whether the first therapist turn is counted. It is a formula (greeting, opening
            question) and is left out of label counts. Transitions keep it, as their reference values do: on
            193 early outputs of the KMI generator P(CT | OQ) is .12 with it, the published reference, and
            .22 without.
        pools: Whether the function may take the turns of many dialogues in one; a ratio pools its counts in
            any case.
        languages: Languages in which a text metric has a meaning.
    """

    function: Callable[..., float]
    title: str
    unit: Unit
    direction: Direction
    client_coding: ClientCoding = ClientCoding.NONE
    counts_opening: bool = False
    level: Level = Level.DIALOGUE
    pools: bool = True
    languages: tuple[Language, ...] = tuple(Language)

    @property
    def name(self) -> str:
        """Name of the metric in reports: its function's name."""
        return self.function.__name__

    @property
    def summary(self) -> str:
        """First sentence of the function's docstring."""
        return inspect.getdoc(self.function).partition("\n")[0]

    @property
    def source(self) -> str:
        """The docstring's Source section as one line."""
        return " ".join(inspect.getdoc(self.function).partition("Source:")[2].split())
