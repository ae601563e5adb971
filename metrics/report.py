"""The metrics report: counts, metrics by group and reference figures, as JSON that is the same every time."""

import json
import math
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kmi import SPLITS, Risk, Role
from metrics.dialogues import ClientCoding, Dialogue
from metrics.divergence import read_label_counts
from metrics.evaluation import Estimate, ScoreSettings, estimate_group
from metrics.label_figures import change_talk_curves, label_shares, label_transitions
from metrics.metric import Metric
from metrics.readers import Reading
from metrics.registry import METRICS, TEXT_METRICS
from metrics.scores import Scores, compute_scores
from metrics.text.analysis import Progress
from metrics.text_report import TextScores

REPORT_VERSION = 1
DECIMALS = 4
LIBRARIES = ("numpy", "pyarrow")
REFERENCE_FIGURES = Path(__file__).with_name("reference.json")
TEXT_REFERENCE_FIGURES = Path(__file__).with_name("text_reference.json")
REFERENCE_COUNTS = Path(__file__).with_name("label_counts_annomi_high.json")
LABEL_REFERENCE_FIGURES = Path(__file__).with_name("label_reference.json")

Report = dict[str, Any]


def build_report(
    reading: Reading,
    *,
    source: str,
    reference_counts: Path = REFERENCE_COUNTS,
    settings: ScoreSettings | None = None,
    progress: Progress | None = None,
) -> Report:
    """Score dialogues and lay the results out as a report.

    Args:
        reading: Dialogues and refused ones, from `metrics.readers`.
        source: Name of the source, as the report shall state it.
        reference_counts: Label counts of the reference corpus.
        settings: Bootstrap settings; ``None`` takes the defaults.
        progress: Wraps the utterances as their words are analyzed; ``None`` shows nothing.

    Returns:
        See `report_scores`.

    Raises:
        ValueError: If there is no dialogue, or the reference counts cannot be read.
    """
    scores = compute_scores(reading, source, progress)
    return report_scores(scores, reference_counts=reference_counts, settings=settings)


def report_scores(
    scores: Scores, *, reference_counts: Path = REFERENCE_COUNTS, settings: ScoreSettings | None = None
) -> Report:
    """Lay scores out as a report.

    Args:
        scores: Values of every dialogue.
        reference_counts: Label counts of the reference corpus.
        settings: Bootstrap settings; ``None`` takes the defaults.

    Returns:
        Plain dictionaries, lists, strings and numbers, rounded to `DECIMALS`; undefined ones are ``None``.
        `metrics` and `text_metrics` describe the registry in its order, `texts` the languages found, and
        `groups` holds the values (see `group_members`).

    Raises:
        ValueError: If the reference counts cannot be read.
    """
    settings, coding = settings or ScoreSettings(), scores.coding
    return rounded(
        {
            "report_version": REPORT_VERSION,
            "source": scores.source,
            "settings": {**asdict(settings), "reference_counts": reference_counts.name},
            "libraries": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
            "client_coding": {"name": coding.name.lower(), "meaning": coding.meaning},
            "counts": _counts(scores.dialogues),
            "metrics": {metric.name: described(metric, coding) for metric in METRICS},
            "text_metrics": {metric.name: described(metric, coding) for metric in TEXT_METRICS},
            "texts": {text.language.value: text.described() for text in scores.texts},
            "groups": _groups(scores, reference_counts, settings),
            "reference": json.loads(REFERENCE_FIGURES.read_text(encoding="utf-8")),
            "text_reference": json.loads(TEXT_REFERENCE_FIGURES.read_text(encoding="utf-8")),
            "label_reference": json.loads(LABEL_REFERENCE_FIGURES.read_text(encoding="utf-8")),
            "refused": [asdict(refusal) for refusal in scores.reading.refused],
        }
    )


def group_members(dialogues: Sequence[Dialogue]) -> dict[str, list[int]]:
    """Find the groups that are reported apart.

    Args:
        dialogues: The whole collection, shape (n_dialogues,).

    Returns:
        Positions of each group's dialogues: `all`; each split, the contract's first; `standard` (no risk) and
        `risk` if the source has risk. No group is empty.
    """
    groups: dict[str, list[int]] = {"all": list(range(len(dialogues)))}
    splits = {dialogue.split for dialogue in dialogues if dialogue.split}
    for split in (*SPLITS, *sorted(splits.difference(SPLITS))):
        groups[split] = [i for i, dialogue in enumerate(dialogues) if dialogue.split == split]
    groups["standard"] = [i for i, dialogue in enumerate(dialogues) if dialogue.risk is Risk.NONE]
    groups["risk"] = [i for i, dialogue in enumerate(dialogues) if dialogue.risk not in (None, Risk.NONE)]
    return {name: members for name, members in groups.items() if members}


def dump_report(report: Report | Sequence[Report]) -> str:
    """Write a report as JSON text: two spaces, UTF-8, a newline at the end, metrics in the registry's order.

    Args:
        report: From `build_report`, or a list of such.

    Returns:
        The text; the same dialogues give the same text.
    """
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def rounded(value: Any) -> Any:
    """Round every float of a report to `DECIMALS`; the one place that does so.

    Args:
        value: Nested dictionaries, lists and plain values.

    Returns:
        The same with floats rounded and ``nan`` as ``None``.

    Example:
        >>> rounded({"mean": 0.123456, "low": float("nan")})
        {'mean': 0.1235, 'low': None}
    """
    if isinstance(value, float):
        return round(float(value), DECIMALS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def _groups(scores: Scores, reference_counts: Path, settings: ScoreSettings) -> Report:
    reference, groups = read_label_counts(reference_counts), {}
    for name, members in group_members(scores.dialogues).items():
        chosen = [scores.dialogues[i] for i in members]
        values = {metric: [column[i] for i in members] for metric, column in scores.values.items()}
        estimates = estimate_group(chosen, values, reference, settings)
        is_coded = scores.coding >= ClientCoding.CHANGE_TALK
        groups[name] = {
            "n_dialogues": len(chosen),
            "n_utterances": sum(len(dialogue.utterances) for dialogue in chosen),
            "labels": label_shares(chosen),
            "transitions": label_transitions(chosen),
            "metrics": {metric.name: _estimated(estimates[metric.name]) for metric in METRICS},
            "change_talk_curve": change_talk_curves(chosen) if is_coded else None,
            "texts": _text_group(scores.texts, members, settings),
        }
    return groups


def _text_group(texts: Iterable[TextScores], members: Sequence[int], settings: ScoreSettings) -> Report:
    return {
        scores.language.value: {
            name: _estimated(estimate) for name, estimate in scores.estimates(members, settings).items()
        }
        for scores in texts
    }


def _estimated(estimate: Estimate) -> Report:
    interval = None if math.isnan(estimate.low) else [estimate.low, estimate.high]
    return {
        "mean": estimate.mean,
        "interval": interval,
        "pooled": estimate.pooled,
        "n_defined": estimate.n_defined,
    }


def described(metric: Metric, coding: ClientCoding) -> Report:
    """Describe a metric as reports do: all that tables and pages need to show its values."""
    return {
        "title": metric.title,
        "group": metric.group,
        "summary": metric.summary,
        "unit": metric.unit.value,
        "direction": metric.direction.value,
        "level": metric.level.value,
        "counts_opening": metric.counts_opening,
        "coded": coding >= metric.client_coding,
        "source": metric.source,
    }


def _counts(dialogues: Sequence[Dialogue]) -> Report:
    roles = Counter(utterance.role.value for dialogue in dialogues for utterance in dialogue.utterances)
    by_column = {
        column: Counter(
            str(getattr(dialogue, column)) for dialogue in dialogues if getattr(dialogue, column) is not None
        )
        for column in ("split", "category", "risk")
    }
    return {
        "dialogues": len(dialogues),
        "utterances": roles.total(),
        "utterances_by_role": {role.value: roles[role.value] for role in Role},
        "labels": {name: entry["count"] for name, entry in label_shares(dialogues).items()},
        "sublabels": dict(
            sorted(Counter(u.sublabel for d in dialogues for u in d.utterances if u.sublabel).items())
        ),
        **{f"dialogues_by_{column}": dict(sorted(n.items())) for column, n in by_column.items()},
    }
