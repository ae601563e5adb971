"""The exports of all raters and the key -> one report: progress, means, agreement, preferences, labels."""

from collections.abc import Sequence
from itertools import combinations
from math import isnan
from typing import Any

import numpy as np

from kmi import Label, Role
from metrics.agreement import cohen_kappa
from metrics.bootstrap import bootstrap_intervals
from metrics.rating.exports import Export
from metrics.rating.items import CANNOT_TELL, TIE
from metrics.rating.packet import Key
from metrics.rating.reliability import (
    intraclass_correlations,
    krippendorff_alpha,
    wilson_interval,
)

REPORT_FORMAT = "kmi-rating-report/1"
BOOTSTRAP_SEED = 20250101


def build_report(key: Key, exports: Sequence[Export]) -> dict[str, Any]:
    """Compute everything that raters of one packet allow to say.

    Args:
        key: Key of the packet.
        exports: One a rater, at least one; whole or not.

    Returns:
        The report as JSON objects; an undefined figure is ``None``. It holds ids, ratings and the command
        that rebuilds the packet, and no text of a dialogue or comment.
    """
    return {
        "format": REPORT_FORMAT,
        "packet": key.packet,
        "command": key.command,
        "sources": list(key.sources),
        "raters": [_progress(key, export) for export in exports],
        "items": {item: _item_report(item, key, exports) for item in key.items},
        "preferences": _preference_reports(key, exports),
        "labels": {str(role): _label_report(role, key, exports) for role in Role},
        "dialogues": {
            name: {
                "source": dialogue.source,
                "id": dialogue.id,
                "ratings": {
                    export.rater: {item: export.ratings.get((name, item)) for item in key.asked_of(name)}
                    for export in exports
                },
            }
            for name, dialogue in key.dialogues.items()
        },
    }


def _progress(key: Key, export: Export) -> dict[str, Any]:
    """Count what a rater answered, of how many questions."""
    asked = sum(len(key.asked_of(dialogue)) for dialogue in key.dialogues)
    return {
        "rater": export.rater,
        "ratings": [len(export.ratings), asked],
        "checks": [len(export.checks), len(key.checks)],
        "preferences": [len(export.preferences), len(key.pairs)],
        "comments": export.n_comments,
    }


def _item_report(item: str, key: Key, exports: Sequence[Export]) -> dict[str, Any]:
    """Give means by source and the agreement of raters for one item."""
    ratings = np.array(
        [[export.ratings.get((name, item), np.nan) for export in exports] for name in key.dialogues]
    )
    sources = np.array([dialogue.source for dialogue in key.dialogues.values()])
    return {
        "sources": {source: _mean_report(ratings[sources == source]) for source in key.sources},
        "agreement": _agreement(ratings, [export.rater for export in exports]),
    }


def _mean_report(ratings: np.ndarray) -> dict[str, Any]:
    """Average over raters, then over dialogues.

    Args:
        ratings: Shape (n_dialogues, n_raters), ``nan`` where missing.
    """
    rated = ratings[~np.isnan(ratings).all(axis=1)]
    means = np.nanmean(rated, axis=1)
    lower, upper = bootstrap_intervals(means[:, None], np.random.default_rng(BOOTSTRAP_SEED))[0]
    return {
        "n_dialogues": len(rated),
        "mean": _plain(means.mean()) if len(rated) else None,
        "interval": [_plain(lower), _plain(upper)],
    }


def _agreement(ratings: np.ndarray, raters: Sequence[str]) -> dict[str, Any]:
    """Compute all coefficients of one item; ICC on the dialogues that every rater of the item rated."""
    rating_raters = ~np.isnan(ratings).all(axis=0)
    common = ratings[:, rating_raters]
    common = common[~np.isnan(common).any(axis=1)]
    single, average = intraclass_correlations(common)
    kappas = []
    for a, b in combinations(np.flatnonzero(rating_raters), 2):
        both = ratings[~np.isnan(ratings[:, [a, b]]).any(axis=1)][:, [a, b]]
        kappa = cohen_kappa(both[:, 0].tolist(), both[:, 1].tolist(), "quadratic")
        kappas.append({"raters": [raters[a], raters[b]], "n": len(both), "weighted_kappa": _plain(kappa)})
    units = [[value for value in row if not isnan(value)] for row in ratings.tolist()]
    return {
        "n_raters": int(rating_raters.sum()),
        "n_dialogues_by_all": len(common),
        "weighted_kappas": kappas,
        "mean_weighted_kappa": _mean([pair["weighted_kappa"] for pair in kappas]),
        "icc_2_1": _plain(single),
        "icc_2_k": _plain(average),
        "krippendorff_alpha": _plain(krippendorff_alpha(units, is_ordered=True)),
    }


def _preference_reports(key: Key, exports: Sequence[Export]) -> list[dict[str, Any]]:
    """Give the win rate of the first source for each two sources that meet."""
    meetings: dict[tuple[str, str], list[str]] = {}
    for pair, dialogues in key.pairs.items():
        met = {key.dialogues[dialogue].source for dialogue in dialogues}
        first, second = (source for source in key.sources if source in met)
        meetings.setdefault((first, second), []).append(pair)
    return [_win_report(sources, pairs, key, exports) for sources, pairs in meetings.items()]


def _win_report(
    sources: tuple[str, str], pairs: Sequence[str], key: Key, exports: Sequence[Export]
) -> dict[str, Any]:
    """Count wins of the first source; a tie is half a win, and a pair counts once, however many judge it."""
    judged = [
        [_win(export.preferences[pair], sources[0], key) for export in exports if pair in export.preferences]
        for pair in pairs
    ]
    scores = [sum(wins) / len(wins) for wins in judged if wins]
    rate = sum(scores) / len(scores) if scores else None
    every = [win for wins in judged for win in wins]
    return {
        "sources": list(sources),
        "n_pairs": len(scores),
        "wins": every.count(1.0),
        "ties": every.count(0.5),
        "losses": every.count(0.0),
        "win_rate": rate,
        "interval": list(map(_plain, wilson_interval(rate or 0.0, len(scores)))),
        "krippendorff_alpha": _plain(krippendorff_alpha(judged, is_ordered=True)),
    }


def _win(preferred: str, source: str, key: Key) -> float:
    return 0.5 if preferred == TIE else float(key.dialogues[preferred].source == source)


def _label_report(role: Role, key: Key, exports: Sequence[Export]) -> dict[str, Any]:
    """Compare raters' labels of one speaker with the data's, and with each other's, by source and overall."""
    checks = [check for check, label in key.checks.items() if Label(label).role is role]
    own = {
        source: [check for check in checks if key.dialogues[check.split(".")[0]].source == source]
        for source in key.sources
    }
    return {
        "all": _label_agreement(checks, key, exports),
        "sources": {source: _label_agreement(found, key, exports) for source, found in own.items() if found},
    }


def _label_agreement(checks: Sequence[str], key: Key, exports: Sequence[Export]) -> dict[str, Any]:
    answers = {check: [e.checks[check] for e in exports if check in e.checks] for check in checks}
    chosen = {check: [a for a in given if a != CANNOT_TELL] for check, given in answers.items()}
    judgments = [(key.checks[check], label) for check, labels in chosen.items() for label in labels]
    shares = [labels.count(key.checks[check]) / len(labels) for check, labels in chosen.items() if labels]
    share = sum(shares) / len(shares) if shares else None
    data, raters = ([pair[side] for pair in judgments] for side in (0, 1))
    return {
        "n_utterances": len(shares),
        "n_judgments": len(judgments),
        "n_cannot_tell": sum(map(len, answers.values())) - len(judgments),
        "agreement_share": share,
        "interval": list(map(_plain, wilson_interval(share or 0.0, len(shares)))),
        "kappa_with_data": _plain(cohen_kappa(data, raters)),
        "alpha_of_raters": _plain(krippendorff_alpha(list(chosen.values()), is_ordered=False)),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def _plain(value: Any) -> float | None:
    return None if isnan(value) else float(value)
