"""Draw of the conditions of the profiles still to be written: who each client is, before anything is told."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from generation.condition_people import People
from generation.condition_quotas import AGE_RANGES, Quotas
from kmi import Category, Outcome, Risk, StageOfChange

Row = dict[str, Any]
FIXED = ("id", "split", "category", "name", "age", "age_group", "gender", "region", "referred_by")
FIXED += ("stage_of_change", "resistance", "risk", "intended_outcome")
HINTS = ("occupation_field", "theme", "speech", "season", "n_facts")


def apportion(total: int, weights: Mapping[Any, float]) -> dict[Any, int]:
    """Share a number out by largest remainders.

    Example:
        >>> apportion(10, {"a": 0.55, "b": 0.25, "c": 0.20})
        {'a': 6, 'b': 2, 'c': 2}
    """
    whole = sum(weights.values()) or 1
    exact = {key: total * weight / whole for key, weight in weights.items()}
    counts = {key: int(value) for key, value in exact.items()}
    by_rest = sorted(exact, key=lambda key: counts[key] - exact[key])
    for key in by_rest[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def spread(counts: Mapping[Any, int], rng: random.Random) -> list[Any]:
    """Lay values out so that each is evenly spaced, with random offsets.

    Returns:
        Each value as often as its count says; of k among n, one in each n/k places or so.
    """
    places = [
        ((turn + rng.random()) / count, value) for value, count in counts.items() for turn in range(count)
    ]
    return [value for _, value in sorted(places, key=lambda place: place[0])]


def draw_conditions(quotas: Quotas, existing: Sequence[Row], rng: random.Random) -> list[Row]:
    """Draw the conditions of all ids that are still free.

    Args:
        quotas: Counts over the whole, those of `existing` included.
        existing: Profiles with ids below `first_id`; any mapping with the profile's fields.
        rng: Source of randomness; the same seed gives the same rows.

    Returns:
        Rows in the order of their ids, each with the fields `FIXED` and `HINTS`.

    Raises:
        QuotaError: If nothing fits a client; the message says what is missing.
    """
    table = quotas.table
    rows: list[Row] = [{"id": number} for number in range(table["first_id"], table["last_id"] + 1)]
    stages = _left(table["stage_of_change"], existing, "stage_of_change")
    _assign(rows, "stage_of_change", stages, rng)
    _assign(rows, "category", _left(table["category"], existing, "category"), rng, "stage_of_change")
    _draw_age_groups(rows, quotas, existing, rng)
    _draw_risks(rows, quotas, existing, rng)
    _assign(
        rows, "split", _left(table["split"], existing, "split"), rng, "risk", "category", "stage_of_change"
    )
    _assign(rows, "gender", _left(table["gender"], existing, "gender"), rng, "risk", "category", "age_group")
    _draw_by_stage(rows, quotas, rng)
    for (_, group), part in _parts(rows, lambda row: (row["gender"], row["age_group"])):
        lowest, highest = AGE_RANGES[group]
        ages = apportion(len(part), dict.fromkeys(range(lowest, highest + 1), 1))
        _assign(part, "age", ages, rng)
    People(quotas, existing, rng).complete(rows)
    return [{field: row[field] for field in (*FIXED, *HINTS)} for row in rows]


def _parts(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[tuple[Any, list[Row]]]:
    ordered = sorted(rows, key=key)
    return [(value, sorted(part, key=lambda row: row["id"])) for value, part in groupby(ordered, key)]


def _left(quota: Mapping[str, int], existing: Iterable[Row], field: str) -> dict[str, int]:
    found = Counter(str(row[field]) for row in existing)
    return {value: max(0, count - found[value]) for value, count in quota.items()}


def _assign(
    rows: Sequence[Row], field: str, weights: Mapping[Any, float], rng: random.Random, *within: str
) -> None:
    """Give each row a value: as often as the weights say, evenly over the ids within each group."""
    ordered = sorted(rows, key=lambda row: (*(row[name] for name in within), row["id"]))
    for row, value in zip(ordered, spread(apportion(len(rows), weights), rng), strict=True):
        row[field] = value


def _draw_age_groups(rows: list[Row], quotas: Quotas, existing: Sequence[Row], rng: random.Random) -> None:
    odds = quotas.table["age_group_odds"]
    columns = _left(quotas.table["age_group"], existing, "age_group")
    sizes = Counter(row["category"] for row in rows)
    cells = {
        (name, group): odds.get(name, {}).get(group, 1.0) * total
        for name in sizes
        for group, total in columns.items()
    }
    for _ in range(200):  # iterative proportional fitting: both sums hold
        for place, sums in ((0, sizes), (1, columns)):
            found: Counter[str] = Counter()
            for cell, value in cells.items():
                found[cell[place]] += value
            cells = {cell: value * sums[cell[place]] / found[cell[place]] for cell, value in cells.items()}
    for name, part in _parts(rows, lambda row: row["category"]):
        weights = {group: cells[name, group] for group in columns}
        _assign(part, "age_group", weights, rng, "stage_of_change")


def _draw_risks(rows: list[Row], quotas: Quotas, existing: Sequence[Row], rng: random.Random) -> None:
    for row in rows:
        row["risk"] = Risk.NONE.value
    for risk, counts in quotas.table["risk"].items():
        for name in map(str, Category):
            lowest, highest = counts.get("ages_in", {}).get(name, counts["ages"])
            recorded = sum((row["category"], row["risk"]) == (name, risk) for row in existing)
            fitting = [
                row
                for row in rows
                if row["category"] == name
                and row["risk"] == Risk.NONE
                and lowest <= AGE_RANGES[row["age_group"]][0]
                and AGE_RANGES[row["age_group"]][1] <= highest
            ]
            wanted = max(0, counts.get(name, 0) - recorded)
            marks = spread({True: wanted, False: len(fitting) - wanted}, rng)
            for row, is_marked in zip(fitting, marks, strict=True):
                row["risk"] = risk if is_marked else row["risk"]


def _draw_by_stage(rows: list[Row], quotas: Quotas, rng: random.Random) -> None:
    for stage in map(str, StageOfChange):
        part = [row for row in rows if row["stage_of_change"] == stage]
        _assign(part, "resistance", quotas.table["resistance"][stage], rng, "category")
        counts = apportion(len(part), quotas.outcomes[stage])
        # A session with a risk ends with a next step agreed on, so that nobody in danger declines.
        at_risk = [row for row in part if row["risk"] != Risk.NONE]
        open_ended = {key: count for key, count in counts.items() if key != Outcome.DECLINES}
        _assign(at_risk, "intended_outcome", open_ended, rng)
        used = Counter(row["intended_outcome"] for row in at_risk)
        rest = {key: count - used[key] for key, count in counts.items()}
        _assign([row for row in part if row["risk"] == Risk.NONE], "intended_outcome", rest, rng, "category")
        share = quotas.table["self_share"][stage]
        _assign(part, "by_self", {True: share, False: 1 - share}, rng, "category")
