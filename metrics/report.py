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

from kmi import SPLITS, Label, Risk, Role
from metrics.dialogues import ClientCoding, Dialogue, client_coding_of
from metrics.divergence import LabelCounts, read_label_counts
from metrics.evaluation import Estimate, ScoreSettings, estimate_group, metric_values
from metrics.metric import Metric
from metrics.readers import Reading
from metrics.registry import METRICS, TEXT_METRICS
from metrics.text.analysis import Progress
from metrics.text_report import TextScores, score_texts
from metrics.trajectory import pooled_change_talk_curve

REPORT_VERSION = 1
DECIMALS = 4
LIBRARIES = ("numpy", "pyarrow")
REFERENCE_FIGURES = Path(__file__).with_name("reference.json")
TEXT_REFERENCE_FIGURES = Path(__file__).with_name("text_reference.json")
REFERENCE_COUNTS = Path(__file__).with_name("label_counts_annomi_high.json")
NOT_CODED = "(no label)"
CURVE_PARTS = {"thirds": 3, "deciles": 10}

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
        Plain dictionaries, lists, strings and numbers, rounded to `DECIMALS`; undefined ones are ``None``.
        `metrics` and `text_metrics` describe the registry, `texts` the languages found, and `groups` holds
        the values (see `group_members`).

    Raises:
        ValueError: If there is no dialogue, or the reference counts cannot be read.
    """
    dialogues = reading.dialogues
    if not dialogues:
        raise ValueError(f"{source}: no dialogue to score ({len(reading.refused)} refused)")
    settings, coding = settings or ScoreSettings(), client_coding_of(dialogues)
    groups = _groups(dialogues, coding, read_label_counts(reference_counts), settings)
    texts = score_texts(dialogues, coding, progress)
    for name, members in group_members(dialogues).items():
        groups[name]["texts"] = _text_group(texts, members, settings)
    return rounded(
        {
            "report_version": REPORT_VERSION,
            "source": source,
            "settings": {**asdict(settings), "reference_counts": reference_counts.name},
            "libraries": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
            "client_coding": {"name": coding.name.lower(), "meaning": coding.meaning},
            "counts": _counts(dialogues),
            "metrics": {metric.name: _described(metric, coding) for metric in METRICS},
            "text_metrics": {metric.name: _described(metric, coding) for metric in TEXT_METRICS},
            "texts": {scores.language.value: scores.described() for scores in texts},
            "groups": groups,
            "text_reference": json.loads(TEXT_REFERENCE_FIGURES.read_text(encoding="utf-8")),
            "reference": json.loads(REFERENCE_FIGURES.read_text(encoding="utf-8")),
            "refused": [asdict(refusal) for refusal in reading.refused],
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


def dump_report(report: Report) -> str:
    """Write a report as JSON text: sorted keys, two spaces, UTF-8, one newline at the end.

    Args:
        report: From `build_report`.

    Returns:
        The text; equal reports give equal text.
    """
    return json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


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


def label_shares(dialogues: Iterable[Dialogue]) -> dict[str, dict[str, float]]:
    """Count each label, and give its share of its speaker's turns, openings included.

    Args:
        dialogues: Any number of dialogues.

    Returns:
        `count` and `share` (0 to 1) for every label of the contract and, under `NOT_CODED`, for client
        turns without a code; a share is ``nan`` if the speaker has no turn.
    """
    labels = Counter(label for dialogue in dialogues for label in dialogue.labels)
    speaker = {label: Role.CLIENT if label is None else label.role for label in (*Label, None)}
    turns = Counter()
    for label, n in labels.items():
        turns[speaker[label]] += n
    return {
        NOT_CODED if label is None else label.value: {
            "count": labels[label],
            "share": labels[label] / turns[speaker[label]] if turns[speaker[label]] else math.nan,
        }
        for label in (*Label, None)
    }


def _groups(
    dialogues: Sequence[Dialogue], coding: ClientCoding, reference: LabelCounts, settings: ScoreSettings
) -> Report:
    values = metric_values(dialogues, coding)
    groups = {}
    for name, members in group_members(dialogues).items():
        chosen = [dialogues[i] for i in members]
        chosen_values = {metric: [column[i] for i in members] for metric, column in values.items()}
        estimates = estimate_group(chosen, chosen_values, reference, settings)
        groups[name] = {
            "n_dialogues": len(chosen),
            "n_utterances": sum(len(dialogue.utterances) for dialogue in chosen),
            "labels": label_shares(chosen),
            "metrics": {metric: _estimated(estimate) for metric, estimate in estimates.items()},
            "change_talk_curve": _curve(chosen, coding),
        }
    return groups


def _curve(dialogues: Sequence[Dialogue], coding: ClientCoding) -> Report | None:
    """Pool the share of change talk over thirds and deciles of the sessions."""
    if coding < ClientCoding.CHANGE_TALK:
        return None
    labels = [dialogue.labels for dialogue in dialogues]
    return {name: pooled_change_talk_curve(labels, n) for name, n in CURVE_PARTS.items()}


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


def _described(metric: Metric, coding: ClientCoding) -> Report:
    return {
        "title": metric.title,
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
            Counter(u.sublabel for dialogue in dialogues for u in dialogue.utterances if u.sublabel)
        ),
        **{f"dialogues_by_{column}": dict(counts) for column, counts in by_column.items()},
    }
