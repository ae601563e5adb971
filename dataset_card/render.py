"""Render the cards, English and Korean, from their templates, the data and what was measured."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

import kmi
from dataset_card.columns import column_texts, utterance_texts
from dataset_card.corpus import EXAMPLE_UTTERANCES, CardError, Corpus, read_corpus
from dataset_card.evidence import Agreement, Reading, read_agreement, read_readings
from dataset_card.front_matter import PRETTY_NAME, front_matter
from dataset_card.pictures import DARK, LIGHT, PICTURES
from dataset_card.report import UNDEFINED, metric_rows, read_report

CARDS = {"README.md": "card.md.j2", "README.ko.md": "card.ko.md.j2"}
"""File in the dataset repository -> its template."""
CANARY = "kmi:38448ac3-ef61-4af3-b95d-d66c58c77e30"
"""Stands in the card beside the test split, so that a training corpus that took it in can be told."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the cards are rendered from.

    Attributes:
        corpus: The data.
        report: Metrics report of the same data.
        agreement: Blind codings; ``None`` leaves their section out.
        readings: Blind ratings; without any, their section is left out.
    """

    corpus: Corpus
    report: Mapping[str, Any]
    agreement: Agreement | None = None
    readings: tuple[Reading, ...] = ()

    @classmethod
    def read(
        cls, data: Path, report: Path, agreement: Path | None = None, readings: Path | None = None
    ) -> "Sources":
        """Read them.

        Args:
            data: The dataset repository, such as ``kmi``.
            report: Metrics report of the same data.
            agreement: What `python -m metrics coder recorded --out` wrote.
            readings: Folder with the folders of blind readings.

        Raises:
            CardError: If one is missing, damaged or does not belong to the others.
        """
        corpus = read_corpus(data)
        return cls(
            corpus,
            read_report(report, corpus, data),
            read_agreement(agreement) if agreement else None,
            tuple(read_readings(readings)) if readings else (),
        )


def render_card(sources: Sources, template: str = CARDS["README.md"]) -> str:
    """Render one card.

    Args:
        sources: Data and measurements.
        template: File in the folder of this module.

    Returns:
        Markdown, in English with YAML front matter; the same for the same sources.

    Raises:
        CardError: If the report lacks what the card needs.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"cell": cell, "percent": percent, "listed": listed}
    try:
        return environment.get_template(template).render(_values(sources))
    except (UndefinedError, KeyError, TypeError) as error:
        raise CardError(
            f"the metrics report lacks what the card needs ({error}); score the data again"
        ) from error


def write_card(text: str, path: Path) -> None:
    """Write the card whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def cell(text: str) -> str:
    r"""Make a text fit one cell of a Markdown table, with nothing in it read as markup.

    Example:
        >>> print(cell("a | <b>\n~c~"))
        a &#124; &lt;b> \~c\~
    """
    escaped = re.sub(r"([\\*_~`\[\]])", r"\\\1", " ".join(text.split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")


def percent(share: float | None) -> str:
    """Write a share (0 to 1) as a percentage.

    Example:
        >>> percent(0.1234), percent(None)
        ('12.3 %', '–')
    """
    return UNDEFINED if share is None else f"{100 * share:.1f} %"


def listed(counts: dict[str, int]) -> str:
    """Write counts as a list in a sentence.

    Example:
        >>> listed({"female": 2, "male": 1})
        'female 2, male 1'
    """
    return ", ".join(f"{name} {n}" for name, n in counts.items())


def _values(sources: Sources) -> dict[str, Any]:
    corpus, report = sources.corpus, sources.report
    example = corpus.example()
    return {
        "front_matter": front_matter(corpus),
        "pretty_name": PRETTY_NAME,
        "kmi": kmi,
        "corpus": corpus,
        "example": example,
        "example_turns": example["dialogue"][:EXAMPLE_UTTERANCES],
        "columns": {config: column_texts(config) for config in kmi.CONFIGS},
        "utterance_fields": utterance_texts(),
        "report": report,
        "label_shares": report["groups"]["all"]["labels"],
        "metrics": list(metric_rows(report)),
        "reference_corpora": report["reference"]["corpora"],
        "statistics": _statistics(corpus),
        "n_at_risk": sum(row["risk"] != kmi.Risk.NONE for row in corpus.all_dialogues),
        "agreement": sources.agreement,
        "readings": sources.readings,
        "pictures": {picture.name: picture for picture in PICTURES},
        "themes": {"light": LIGHT, "dark": DARK},
        "canary": CANARY,
    }


def _statistics(corpus: Corpus) -> dict[str, dict[str, int]]:
    def profile(field: str) -> Callable[[dict], str]:
        return lambda row: row["profile"][field]

    return {
        "Stage of change": corpus.count(lambda row: row["stage_of_change"], kmi.StageOfChange),
        "Resistance": corpus.count(profile("resistance"), ("low", "moderate", "high")),
        "Risk": corpus.count(lambda row: row["risk"], kmi.Risk),
        "Intended outcome": corpus.count(profile("intended_outcome"), kmi.Outcome),
        "Age group": corpus.count(profile("age_group")),
        "Gender": corpus.count(profile("gender")),
        "Referred by": corpus.count(profile("referred_by")),
    }
