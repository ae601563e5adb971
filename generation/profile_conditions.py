"""Conditions of the profiles: one line an id, drawn once, which the profile of that id keeps."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.client_profile import ProfileError
from generation.condition_draw import draw_conditions
from generation.condition_quotas import Quotas
from generation.prompts import load_prompt

CONDITIONS = Path(__file__).parent / "profiles" / "conditions.jsonl"
PROMPT = "profile_v1"
COVERED = ("category", "stage_of_change", "age_group", "gender", "risk", "referred_by", "intended_outcome")
COVERED += ("resistance", "split")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often one value occurs.

    Attributes:
        field: Field of the profile, or two joined by " x ".
        value: The value.
        count: Number of clients with it.
        share: The same as a share of all clients, 0-1.
        quota: Number wanted among all 1,000; None where no quota names one.
    """

    field: str
    value: str
    count: int
    share: float
    quota: int | None


def draw_all(quotas: Quotas, profiles: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Draw the conditions with the seed of the quotas; profiles from `first_id` on have no say."""
    recorded = [dict(profile) for profile in profiles if profile["id"] < quotas.table["first_id"]]
    return draw_conditions(quotas, recorded, random.Random(quotas.table["random_seed"]))


def load_conditions(path: Path = CONDITIONS) -> dict[int, dict[str, Any]]:
    """Read conditions by id.

    Raises:
        ProfileError: If the file can't be read or a line is no JSON object with an id.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {row["id"]: row for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProfileError(
            f"can't read conditions from {path}: {error!r}; `python -m generation profiles conditions` "
            "writes them"
        ) from error


def coverage(rows: Sequence[Mapping[str, Any]], quotas: Quotas) -> list[Coverage]:
    """Count clients by each field that has a quota, by province, and by split within category.

    Args:
        rows: Profiles or conditions.
        quotas: What is wanted of all 1,000.

    Returns:
        Lines of the coverage table, values in the order of the quotas, then those found besides.
    """
    wanted = {field: _quota(field, quotas) for field in COVERED}
    wanted["province"] = {name: place["per_mille"] for name, place in quotas.people["places"].items()}
    found = {field: Counter(str(row[field]) for row in rows) for field in COVERED}
    found["province"] = Counter(row["region"].split()[0] for row in rows)
    found["category x split"] = Counter(f"{row['category']} x {row['split']}" for row in rows)
    wanted["category x split"] = {
        f"{name} x {split}": round(of_category * of_split / quotas.table["last_id"])
        for name, of_category in quotas.table["category"].items()
        for split, of_split in quotas.table["split"].items()
    }
    return [
        Coverage(field, value, counts[value], counts[value] / max(1, len(rows)), wanted[field].get(value))
        for field, counts in found.items()
        for value in dict.fromkeys([*wanted[field], *sorted(counts)])
    ]


def _quota(field: str, quotas: Quotas) -> Mapping[str, int]:
    table = quotas.table
    stages = table["stage_of_change"]
    if field == "risk":
        counts = {
            risk: sum(n for key, n in row.items() if key in table["category"])
            for risk, row in table["risk"].items()
        }
        return {"none": table["last_id"] - sum(counts.values())} | counts
    if field in ("intended_outcome", "resistance"):
        weights = quotas.outcomes if field == "intended_outcome" else table["resistance"]
        values = next(iter(weights.values()))
        return {value: round(sum(stages[s] * weights[s][value] for s in stages)) for value in values}
    if field == "referred_by":
        return {"self": round(sum(stages[s] * share for s, share in table["self_share"].items()))}
    return table[field]


def brief(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write what a profile writer needs: instructions, schema, and the conditions of some ids."""
    prompt = load_prompt(PROMPT)
    system, user = prompt.messages(conditions="\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    schema = json.dumps(prompt.schema, ensure_ascii=False)
    return f"{system.content}\n\n## 스키마\n\n{schema}\n\n{user.content}\n"
