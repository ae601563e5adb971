"""Scoring from Python: dialogues as plain rows in, plain numbers out."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from metrics.divergence import read_label_counts
from metrics.evaluation import ScoreSettings, estimate_group
from metrics.readers import Reading, Table, describe_refusals, parse_tables
from metrics.report import REFERENCE_COUNTS
from metrics.scores import Scores, compute_scores

SOURCE = "dialogues"


def score_dialogues(
    dialogues: Sequence[Mapping[str, Any]], *, with_texts: bool = True, prefix: str = ""
) -> dict[str, float]:
    """Score a collection of labeled dialogues: one number for each metric.

    Args:
        dialogues: Rows as a file of `score` may hold them, shape (n_dialogues,): a list of utterances under
            `dialogue` (`role`, `label`, `utterance_ko` or `utterance_en`) or `messages` (`role`, `label`,
            `content`). `metrics.coding.labeling.label_dialogues` gives labels to those that have none.
        with_texts: Compute text metrics too; without, a thousand dialogues take a second.
        prefix: Put before each name, such as ``"mi/"``.

    Returns:
        Mean over dialogues by metric, or the pooled value of the two divergences. A text metric bears its
        language at the end (``_ko``, ``_en``). Metrics that no dialogue defines are left out, so that every
        value is a finite number.

    Raises:
        ValueError: If there is no dialogue, or one is refused; says which, where, and what is allowed.

    Example:
        >>> turns = [("user", "Change Talk"), ("assistant", "Simple Reflection")]
        >>> chat = {"messages": [{"role": role, "label": label, "content": ""} for role, label in turns]}
        >>> score_dialogues([chat])["reflection_after_change_talk_probability"]
        1.0
    """
    scores = _scores(dialogues, with_texts)
    reference, once = read_label_counts(REFERENCE_COUNTS), ScoreSettings(n_resamples=1)
    estimates = {"": estimate_group(scores.dialogues, scores.values, reference, once)}
    for text in scores.texts:
        estimates[f"_{text.language.value}"] = text.estimates(range(len(scores.dialogues)), once)
    values = {
        f"{prefix}{name}{ending}": estimate.pooled if isnan(estimate.mean) else estimate.mean
        for ending, found in estimates.items()
        for name, estimate in found.items()
    }
    return {name: float(value) for name, value in values.items() if not isnan(value)}


def score_each_dialogue(
    dialogues: Sequence[Mapping[str, Any]], *, with_texts: bool = True
) -> list[dict[str, float]]:
    """Score each of several labeled dialogues.

    Args:
        dialogues: As `score_dialogues` takes them.
        with_texts: Compute text metrics too; those that compare dialogues compare these.

    Returns:
        Values by metric for each dialogue, shape (n_dialogues,), named as by `score_dialogues`; ``nan`` where
        undefined. The two divergences, which only a corpus has, are left out.

    Raises:
        ValueError: As `score_dialogues`.

    Example:
        >>> turns = [("assistant", "Open Question"), ("user", "Change Talk"), ("assistant", "Affirm")]
        >>> chat = {"messages": [{"role": role, "label": label, "content": ""} for role, label in turns]}
        >>> score_each_dialogue([chat])[0]["change_talk_after_open_question_probability"]
        1.0
    """
    scores = _scores(dialogues, with_texts)
    found: list[dict[str, float]] = [{} for _ in scores.dialogues]
    for name, column in scores.values.items():
        for values, value in zip(found, column, strict=True):
            values[name] = float(value)
    for text in scores.texts:
        for name, column in text.values.items():
            for place, value in zip(text.places, column, strict=bool(column)):
                found[place][f"{name}_{text.language.value}"] = float(value)
    return found


def _scores(dialogues: Sequence[Mapping[str, Any]], with_texts: bool) -> Scores:
    rows = [(f"{SOURCE}[{place}]", row) for place, row in enumerate(dialogues)]
    reading: Reading = parse_tables([Table(SOURCE, None, rows)])
    if reading.refused:
        raise ValueError(describe_refusals(reading, SOURCE))
    return compute_scores(reading, SOURCE, with_texts=with_texts)
