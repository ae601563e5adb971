"""Two scored sources -> one comparison, as JSON that is the same every time."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from metrics.comparing.differences import Difference, compare_values
from metrics.comparing.power import ALPHA, POWER, dialogues_per_arm
from metrics.comparing.testing import N_PERMUTATIONS, holm_adjusted
from metrics.dialogues import ClientCoding
from metrics.divergence import count_label_pairs, read_label_counts
from metrics.evaluation import CORPUS_METRICS, ScoreSettings
from metrics.metric import Level, Metric, Unit
from metrics.ratios import drop_opening
from metrics.registry import METRICS, TEXT_METRICS
from metrics.report import REFERENCE_COUNTS, described, rounded
from metrics.scores import Scores

COMPARISON_VERSION = 1
STATED_DIFFERENCE = {Unit.SHARE: 0.10, Unit.PROBABILITY: 0.10, Unit.PERCENT: 10.0}
"""By unit; the dialogues that such a difference needs are stated beside those that the one found needs."""
NOTES = (
    "A difference is the second source minus the first, its interval a bootstrap over the dialogues of each.",
    "Effects: Cliff's delta over dialogues (-1 to 1; .15 small, .33 medium, .47 large), or Cohen's h, marked "
    "h, for what a dialogue either does or does not (.2 small, .5 medium, .8 large).",
    "p: permutation test of ranks, corrected by Holm for all metrics tested here, both languages included.",
    "n: dialogues of each source that a true difference of this size, or of .10, needs at 80 % power and a "
    "two-sided level of .05 for one test alone, given the spread of these two sources.",
    "What compares dialogues with one another (one opening, self-BLEU, duplicates) is not tested, since its "
    "values depend on one another; a divergence has no interval, since drawing again makes it grow.",
)

Comparison = dict[str, Any]


def build_comparison(
    first: Scores,
    second: Scores,
    *,
    reference_counts: Path = REFERENCE_COUNTS,
    settings: ScoreSettings | None = None,
) -> Comparison:
    """Compare two sources.

    Args:
        first: Values of the first source.
        second: Values of the second.
        reference_counts: Label counts of the reference corpus.
        settings: Bootstrap settings; ``None`` takes the defaults.

    Returns:
        Plain dictionaries, lists, strings and numbers, rounded; undefined ones are ``None``. `metrics` has
        the label metrics and `texts` those of each language that both have, in the registry's order.

    Raises:
        ValueError: If the reference counts cannot be read.
    """
    settings, coding = settings or ScoreSettings(), min(first.coding, second.coding)
    found = {"": compare_values(first.values, second.values, settings)}
    for a in first.texts:
        for b in second.texts:
            if a.language is b.language and a.values and b.values:
                found[a.language.value] = compare_values(a.values, b.values, settings)
    adjusted = _adjusted(found)
    by_name = {metric.name: metric for metric in (*METRICS, *TEXT_METRICS)}
    rows = {
        part: {
            name: _row(by_name[name], d, adjusted.get((part, name)), coding)
            for name, d in found[part].items()
        }
        for part in found
    }
    labels = {**rows.pop(""), **_divergences(first, second, reference_counts, coding)}
    return rounded(
        {
            "comparison_version": COMPARISON_VERSION,
            "settings": {
                **asdict(settings),
                "reference_counts": reference_counts.name,
                "n_permutations": N_PERMUTATIONS,
                "power": POWER,
                "alpha": ALPHA,
                "correction": "Holm",
                "n_tests": len(adjusted),
            },
            "first": _described_source(first),
            "second": _described_source(second),
            "metrics": {metric.name: labels[metric.name] for metric in METRICS},
            "texts": rows,
            "notes": list(NOTES),
        }
    )


def _adjusted(found: Mapping[str, Mapping[str, Difference]]) -> dict[tuple[str, str], float]:
    """Correct the tests of all parts together; metrics of collections are left out."""
    collections = {metric.name for metric in TEXT_METRICS if metric.level is Level.COLLECTION}
    p_values = {
        (part, name): difference.p_value
        for part, differences in found.items()
        for name, difference in differences.items()
        if difference.p_value is not None and name not in collections
    }
    return dict(zip(p_values, holm_adjusted(list(p_values.values())), strict=True))


def _row(metric: Metric, found: Difference, p_adjusted: float | None, coding: ClientCoding) -> dict[str, Any]:
    stated = STATED_DIFFERENCE.get(metric.unit)
    return {
        **described(metric, coding),
        "first": {"mean": found.means[0], "n_defined": found.n_defined[0]},
        "second": {"mean": found.means[1], "n_defined": found.n_defined[1]},
        "difference": found.difference,
        "interval": found.interval,
        "effect": found.effect and asdict(found.effect),
        "p_value": None if p_adjusted is None else found.p_value,
        "p_value_holm": p_adjusted,
        "n_per_arm": found.n_per_arm,
        "stated_difference": stated,
        "n_per_arm_stated": dialogues_per_arm(stated, found.variances)
        if stated and found.variances
        else None,
    }


def _divergences(
    first: Scores, second: Scores, reference_counts: Path, coding: ClientCoding
) -> dict[str, dict[str, Any]]:
    reference = read_label_counts(reference_counts)
    counts = [
        count_label_pairs([drop_opening(d.labels) for d in scores.dialogues], reference.labels)
        for scores in (first, second)
    ]
    sizes = (len(first.dialogues), len(second.dialogues))
    rows = {}
    for metric in CORPUS_METRICS:
        values = tuple(metric.function(one, reference) for one in counts)
        found = Difference(
            means=values,
            n_defined=sizes,
            difference=values[1] - values[0],
            interval=None,
            effect=None,
            p_value=None,
            variances=None,
            n_per_arm=None,
        )
        rows[metric.name] = _row(metric, found, None, coding)
    return rows


def _described_source(scores: Scores) -> dict[str, Any]:
    return {
        "source": scores.source,
        "dialogues": len(scores.dialogues),
        "utterances": sum(len(dialogue.utterances) for dialogue in scores.dialogues),
        "client_coding": scores.coding.meaning,
        "refused": [asdict(refusal) for refusal in scores.reading.refused],
    }
