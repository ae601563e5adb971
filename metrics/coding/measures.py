"""Measures of a coder: kappa with given labels at several finenesses, beside what human coders reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kmi import QUESTIONS, REFLECTIONS, Label, Role
from metrics.agreement import agreement_intervals, cohen_kappa
from metrics.tables import align

BACKCHANNEL_MAX_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One utterance with two labels.

    Attributes:
        group: Dialogue that it belongs to.
        given: Label that it is measured against.
        coded: The coder's label, of the same speaker.
        n_words: Words of its text.
    """

    group: str
    given: Label
    coded: Label
    n_words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is compared.

    Attributes:
        title: Name in tables.
        role: Speaker whose utterances count.
        categories: Category of a label, for labels that are not a category of their own.
        other: Category of every label that `categories` does not name; ``None`` keeps the label.
        only: Utterances count only where both labels are among these; empty for all.
        ceiling: Kappa of human coders on AnnoMI; ``None`` if not measured.
        min_words: Shorter utterances do not count.
    """

    title: str
    role: Role
    categories: Mapping[Label, str]
    other: str | None = None
    only: tuple[Label, ...] = ()
    ceiling: float | None = None
    min_words: int = 0

    def category(self, label: Label) -> str:
        """Return the category of a label."""
        return self.categories.get(label, label.value if self.other is None else self.other)

    def counts(self, one: Coded) -> bool:
        """Tell whether an utterance counts."""
        if one.given.role is not self.role or one.n_words < self.min_words:
            return False
        return not self.only or (one.given in self.only and one.coded in self.only)


AFFIRM_IS_GENERAL = {Label.AFFIRM: Label.GENERAL.value}
MEASURES = (
    Measure(title="therapist, 7 labels", role=Role.THERAPIST, categories=AFFIRM_IS_GENERAL, ceiling=0.55),
    Measure(
        title="therapist, 7 labels, over 3 words",
        role=Role.THERAPIST,
        categories=AFFIRM_IS_GENERAL,
        min_words=BACKCHANNEL_MAX_WORDS + 1,
    ),
    Measure(title="therapist, 8 labels", role=Role.THERAPIST, categories={}),
    Measure(
        title="reflection or not",
        role=Role.THERAPIST,
        categories=dict.fromkeys(REFLECTIONS, "yes"),
        other="no",
        ceiling=0.66,
    ),
    Measure(
        title="simple or complex reflection",
        role=Role.THERAPIST,
        categories={},
        only=REFLECTIONS,
        ceiling=0.11,
    ),
    Measure(
        title="question or not",
        role=Role.THERAPIST,
        categories=dict.fromkeys(QUESTIONS, "yes"),
        other="no",
        ceiling=0.87,
    ),
    Measure(title="client, 3 labels", role=Role.CLIENT, categories={}),
    Measure(
        title="change talk or not",
        role=Role.CLIENT,
        categories={Label.CHANGE_TALK: "yes"},
        other="no",
        ceiling=0.50,
    ),
    Measure(
        title="sustain talk or not",
        role=Role.CLIENT,
        categories={Label.SUSTAIN_TALK: "yes"},
        other="no",
        ceiling=0.50,
    ),
)
"""AnnoMI has no Affirm, so the seven labels take it as General.

Source of the ceilings: kappa among AnnoMI's up to ten annotators (Wu et al., 2022), measured by this project.
"""


def measure_coder(utterances: Sequence[Coded], random_seed: int = 20250101) -> list[dict[str, Any]]:
    """Compare a coder's labels with given ones by every measure.

    Args:
        utterances: Utterances with both labels.
        random_seed: Start of the bootstrap over dialogues, anew for each measure.

    Returns:
        For each measure that any utterance counts for: `title`, `n`, `kappa` and its 95 % `interval`,
        `accuracy` (0 to 1), its `accuracy_interval`, and the human `ceiling`; ``nan`` where undefined.
    """
    rows = []
    for measure in MEASURES:
        chosen = [one for one in utterances if measure.counts(one)]
        if not chosen:
            continue
        given = [measure.category(one.given) for one in chosen]
        coded = [measure.category(one.coded) for one in chosen]
        groups = [one.group for one in chosen]
        kappas, shares = agreement_intervals(given, coded, groups, np.random.default_rng(random_seed))
        rows.append(
            {
                "title": measure.title,
                "n": len(chosen),
                "kappa": cohen_kappa(given, coded),
                "interval": list(kappas),
                "accuracy": sum(a == b for a, b in zip(given, coded, strict=True)) / len(chosen),
                "accuracy_interval": list(shares),
                "ceiling": measure.ceiling,
            }
        )
    return rows


def render_measures(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Lay measures out as a table.

    Args:
        title: What was measured.
        rows: From `measure_coder`.
    """
    cells = [[title, "n", "kappa", "interval", "human kappa", "accuracy", "interval"]]
    for row in rows:
        intervals = [f"[{low:.2f}, {high:.2f}]" for low, high in (row["interval"], row["accuracy_interval"])]
        ceiling = "–" if row["ceiling"] is None else f"{row['ceiling']:.2f}"
        kappa, accuracy = f"{row['kappa']:.2f}", f"{row['accuracy']:.2f}"
        cells.append([row["title"], str(row["n"]), kappa, intervals[0], ceiling, accuracy, intervals[1]])
    return align(cells)
