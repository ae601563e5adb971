"""The reference corpora of a report, as columns that stand beside any source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReferenceCorpus:
    """One corpus that values are read beside.

    Attributes:
        key: `original_kmi`, `annomi_high` or `annomi_low`.
        figures: `mean`, `interval` or `pooled` by metric, as far as they were measured.
    """

    key: str
    title: str
    figures: Mapping[str, Mapping[str, Any]]


def reference_corpora(report: Mapping[str, Any], part: str) -> list[ReferenceCorpus]:
    """Find the reference corpora for one part of a report.

    Args:
        report: From `metrics.report.build_report`.
        part: `metrics`, or `text_metrics`, whose titles then name the corpus's language.

    Returns:
        The corpora in the report's order.
    """
    if part == "text_metrics":
        return [
            ReferenceCorpus(key, f"{corpus['title']} ({corpus['language']})", corpus["metrics"])
            for key, corpus in report["text_reference"]["corpora"].items()
        ]
    by_metric = report["reference"]["metrics"].items()
    return [
        ReferenceCorpus(key, corpus["title"], {name: found[key] for name, found in by_metric if key in found})
        for key, corpus in report["reference"]["corpora"].items()
    ]
