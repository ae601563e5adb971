"""The table of metrics: everything that scores, reports or renders metrics reads it here.

To add a metric: write the function with its docstring in the module of its kind, and add one line below.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from metrics import client_ratios, competence, distributions, divergence, ratios, transitions
from metrics.dialogues import ClientCoding


class Unit(StrEnum):
    """What a value counts; percentages run from 0 to 100, shares and probabilities from 0 to 1."""

    PERCENT = "percent"
    SHARE = "share"
    PROBABILITY = "probability"
    RATIO = "ratio"
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

    `dialogue`: the labels of one dialogue. `corpus`: label counts of a group of dialogues and of the
        reference.
    """

    DIALOGUE = "dialogue"
    CORPUS = "corpus"


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
    """

    function: Callable[..., float]
    title: str
    unit: Unit
    direction: Direction
    client_coding: ClientCoding = ClientCoding.NONE
    counts_opening: bool = False
    level: Level = Level.DIALOGUE

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


METRICS = (
    Metric(ratios.reflection_to_question_ratio, "R:Q", Unit.RATIO, Direction.HIGHER),
    Metric(ratios.reflection_share, "R/(R+Q)", Unit.SHARE, Direction.HIGHER),
    Metric(ratios.reflection_turn_share, "R/T", Unit.SHARE, Direction.BAND),
    Metric(ratios.percent_complex_reflections, "%CR", Unit.PERCENT, Direction.HIGHER),
    Metric(ratios.percent_open_questions, "%OQ", Unit.PERCENT, Direction.BAND),
    Metric(ratios.percent_mi_consistent, "%MIC*", Unit.PERCENT, Direction.HIGHER),
    Metric(ratios.input_turn_share, "(GI+AD)/T", Unit.SHARE, Direction.BAND),
    Metric(ratios.general_turn_share, "General/T", Unit.SHARE, Direction.DESCRIPTIVE),
    Metric(competence.miti_fair_share, "MITI fair", Unit.SHARE, Direction.HIGHER),
    Metric(competence.miti_good_share, "MITI good", Unit.SHARE, Direction.HIGHER),
    Metric(distributions.label_entropy, "label entropy", Unit.SHARE, Direction.HIGHER),
    Metric(distributions.strategy_balance, "balance", Unit.SHARE, Direction.HIGHER),
    Metric(
        client_ratios.change_talk_turn_share,
        "CT/C",
        Unit.SHARE,
        Direction.BAND,
        client_coding=ClientCoding.CHANGE_TALK,
    ),
    Metric(
        client_ratios.sustain_talk_turn_share,
        "ST/C",
        Unit.SHARE,
        Direction.DESCRIPTIVE,
        client_coding=ClientCoding.FULL,
    ),
    Metric(
        client_ratios.percent_change_talk,
        "%CT",
        Unit.PERCENT,
        Direction.HIGHER,
        client_coding=ClientCoding.FULL,
    ),
    Metric(
        transitions.change_talk_after_open_question_probability,
        "P(CT | OQ)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.change_talk_after_mi_consistent_probability,
        "P(CT | R,OQ,AF)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.reflection_after_change_talk_probability,
        "P(R | CT)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.CHANGE_TALK,
        counts_opening=True,
    ),
    Metric(
        transitions.reflection_after_sustain_talk_probability,
        "P(R | ST)",
        Unit.PROBABILITY,
        Direction.HIGHER,
        client_coding=ClientCoding.FULL,
        counts_opening=True,
    ),
    Metric(divergence.label_divergence, "JSD labels", Unit.BITS, Direction.LOWER, level=Level.CORPUS),
    Metric(divergence.label_pair_divergence, "JSD pairs", Unit.BITS, Direction.LOWER, level=Level.CORPUS),
)
