"""Figures of a set of plans: MITI ratios, client talk, information, techniques, distance to AnnoMI-high."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import log2, nan
from pathlib import Path

from forecaster.plan_record import Plan, PlanError, PlannedTurn
from kmi import QUESTIONS, REFLECTIONS, Label, Role, Sublabel

TECHNIQUES = (
    Sublabel.SCALING,
    Sublabel.LOOKING_FORWARD,
    Sublabel.LOOKING_BACK,
    Sublabel.EXTREMES,
    Sublabel.VALUES,
    Sublabel.PERMISSION,
    Sublabel.SUMMARY,
    Sublabel.AUTONOMY,
    Sublabel.KEY_QUESTION,
    Sublabel.ELICITING,
)
GOOD_BY_MITI = (2.0, 50.0)
"""R:Q and %CR of the threshold "good" (MITI 4.2.1)."""
Bigrams = Counter[tuple[Label, Label]]


def divergence(first: Mapping, second: Mapping) -> float:
    """Return the Jensen-Shannon divergence of two count tables.

    Returns:
        Bits, 0 (same shares) to 1 (nothing in common); ``nan`` if one table is empty.

    Example:
        >>> divergence({"a": 1}, {"b": 5})
        1.0

    Source:
        Lin (1991), Divergence Measures Based on the Shannon Entropy, IEEE Transactions on Information Theory
        37(1).
    """
    n_first, n_second = sum(first.values()), sum(second.values())
    if not n_first or not n_second:
        return nan
    total = 0.0
    for key in {*first, *second}:
        p, q = first.get(key, 0) / n_first, second.get(key, 0) / n_second
        middle = (p + q) / 2
        total += (p * log2(p / middle) if p else 0.0) + (q * log2(q / middle) if q else 0.0)
    return total / 2


def content_labels(turns: Sequence[PlannedTurn]) -> list[Label]:
    """Return the therapist's labels without the first turn and General, as the AnnoMI counts have them."""
    return [
        turn.label for turn in turns[1:] if turn.role is Role.THERAPIST and turn.label is not Label.GENERAL
    ]


def count_bigrams(plans: Iterable[Plan]) -> Bigrams:
    """Count pairs of neighboring content labels, within plans."""
    return Counter(pair for plan in plans for pair in pairwise(content_labels(plan.turns)))


def read_target(path: Path) -> tuple[Counter[Label], Bigrams]:
    """Read counts from a JSON file with `labels`, `unigram` and `bigram_rows_from_columns_to`.

    Raises:
        PlanError: If the file is missing or has another form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        labels = [Label(label) for label in content["labels"]]
        unigram = Counter(dict(zip(labels, content["unigram"], strict=True)))
        rows = content["bigram_rows_from_columns_to"]
        bigram = Counter(
            {(a, b): n for a, row in zip(labels, rows, strict=True) for b, n in zip(labels, row, strict=True)}
        )
    except OSError as error:
        raise PlanError(f"cannot read the label counts {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PlanError(
            f"{path} holds no label counts ({error!r}); expected: labels, unigram, "
            "bigram_rows_from_columns_to"
        ) from error
    return unigram, bigram


def share(items: Sequence, test: Callable) -> float:
    """Return the share of items that pass; ``nan`` of nothing."""
    return sum(map(bool, map(test, items))) / len(items) if items else nan


def figures(plans: Sequence[Plan], target: tuple[Counter[Label], Bigrams] | None = None) -> dict[str, float]:
    """Return the figures of the plans by name; shares 0-1, pooled over turns unless the name says plans."""
    therapist = [t for plan in plans for t in plan.turns if t.role is Role.THERAPIST]
    later = [t for plan in plans for t in plan.turns[1:] if t.role is Role.THERAPIST]
    client = [t for plan in plans for t in plan.turns if t.role is Role.CLIENT]
    lengths = [len(plan.turns) for plan in plans]
    counts = Counter(t.label for t in later)
    n_open, n_closed = counts[Label.OPEN_QUESTION], counts[Label.CLOSED_QUESTION]
    result: dict[str, float] = {
        "plans": len(plans),
        "mean_utterances": sum(lengths) / len(plans),
        "min_utterances": min(lengths),
        "max_utterances": max(lengths),
        "ends_with_client_plans_share": share(plans, lambda p: p.turns[-1].role is Role.CLIENT),
        "change_talk_share": share(client, lambda t: t.label is Label.CHANGE_TALK),
        "sustain_talk_share": share(client, lambda t: t.label is Label.SUSTAIN_TALK),
        "change_talk_given_open_question": _follows(plans, (Label.OPEN_QUESTION,), (Label.CHANGE_TALK,)),
        "reflection_given_change_talk": _follows(plans, (Label.CHANGE_TALK,), REFLECTIONS),
        "reflection_given_sustain_talk": _follows(plans, (Label.SUSTAIN_TALK,), REFLECTIONS),
        "open_question_share_of_questions": n_open / (n_open + n_closed) if n_open + n_closed else nan,
        "advise_share": share(therapist, lambda t: t.label is Label.ADVISE),
        "information_share": share(therapist, lambda t: t.label is Label.GIVE_INFORMATION),
        "general_without_closing_share": share(
            later, lambda t: t.label is Label.GENERAL and t.sublabel is not Sublabel.CLOSING
        ),
        "mean_affirms": counts[Label.AFFIRM] / len(plans),
        "mean_closed_questions": n_closed / len(plans),
        "one_information_plans_share": share(plans, lambda p: _count(p, Label.GIVE_INFORMATION) == 1),
        "two_information_plans_share": share(plans, lambda p: _count(p, Label.GIVE_INFORMATION) == 2),
        "reflections_at_least_questions_plans_share": share(plans, lambda p: reaches(p.turns, 1.0, 0.0)),
        "miti_fair_plans_share": share(plans, lambda p: reaches(p.turns, 1.0, 40.0)),
        "miti_good_plans_share": share(plans, lambda p: reaches(p.turns, 2.0, 50.0)),
    }
    result |= {
        f"{technique.value.lower().replace(' ', '_')}_plans_share": share(plans, _uses(technique))
        for technique in TECHNIQUES
    }
    if target is not None:
        unigram = Counter(label for plan in plans for label in content_labels(plan.turns))
        result["unigram_divergence_bits"] = divergence(unigram, target[0])
        result["bigram_divergence_bits"] = divergence(count_bigrams(plans), target[1])
    return result


def _uses(technique: Sublabel) -> Callable[[Plan], bool]:
    return lambda plan: any(turn.sublabel is technique for turn in plan.turns)


def _follows(plans: Sequence[Plan], first: Sequence[Label], second: Sequence[Label]) -> float:
    """Share of the turns right after a label of `first` that bear one of `second`, opening left out."""
    pairs: list[tuple[PlannedTurn, PlannedTurn]] = [
        pair for plan in plans for pair in pairwise(plan.turns[1:])
    ]
    return share([b for a, b in pairs if a.label in first], lambda turn: turn.label in second)


def _count(plan: Plan, label: Label) -> int:
    return sum(turn.label is label for turn in plan.turns)


def reaches(turns: Sequence[PlannedTurn], min_ratio: float, min_percent_complex: float) -> bool:
    """Tell whether R:Q and %CR of the session, first therapist turn excluded, reach the bounds."""
    labels = [turn.label for turn in turns[1:]]
    n_reflections = sum(label in REFLECTIONS for label in labels)
    n_questions = sum(label in QUESTIONS for label in labels)
    n_complex = labels.count(Label.COMPLEX_REFLECTION)
    return n_reflections >= min_ratio * n_questions and 100 * n_complex >= min_percent_complex * n_reflections
