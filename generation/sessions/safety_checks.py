"""Acceptance checks of sessions with risk: what must be asked, named and agreed, and what must not be said.

The patterns are regular expressions in `safety_checks.toml`. A complaint is about the whole session (turn 0)
where something is missing, and about a turn that says what it must not.

Source:
    Korea Foundation for Suicide Prevention, gatekeeper training (see, hear, speak): ask directly about
    ideation, plan and means, link to help. WHO (2014), Preventing suicide: no method in detail.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generation.client_profile import Profile
from generation.sessions.checks import Complaint
from generation.sessions.reasons import Reason
from generation.sessions.utterance import Utterance
from kmi import QUESTIONS, Label, Risk, Role, Sublabel

PATTERNS_PATH = Path(__file__).with_suffix(".toml")
ADULT_AGE = 19
"""Age of majority in Korea (Civil Act, article 4)."""
TURNS_AFTER_SAFETY = 2
"""Therapist turns at least that follow the last question about safety."""


@dataclass(frozen=True, slots=True)
class _Need:
    """Something that the therapist must say; only a question counts where `asks` is true."""

    pattern: re.Pattern[str]
    detail: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Ban:
    """Something not to be said: by anyone or one speaker, at any risk or one, unless with a phrase."""

    pattern: re.Pattern[str]
    detail: str
    speaker: str | None = None
    risk: str | None = None
    unless: re.Pattern[str] | None = None


def check_safety(turns: Sequence[Utterance], profile: Profile) -> list[Complaint]:
    """Check a session by its profile's risk; without risk, only what must not be said.

    Args:
        turns: All turns in order.
        profile: The client, with kind of risk and age in years.

    Returns:
        All that is missing or must not be said; empty if nothing is.
    """
    found = list(_forbidden(turns, profile.risk))
    if profile.risk == Risk.NONE:
        return found
    therapist = [turn for turn in turns if turn.role is Role.THERAPIST]
    found += [
        Complaint(0, Reason.SAFETY, need.detail)
        for need in _needs(profile.risk, profile.age)
        if not _is_met(need, therapist)
    ]
    if _is_left_open(therapist):
        detail = "위험에 대한 물음 뒤에 안전 정보나 권고, 정리 없이 회기가 끝납니다."
        found.append(Complaint(0, Reason.SAFETY, detail))
    return found


def _needs(risk: str, age: int) -> list[_Need]:
    tables = [_patterns()["needs"], *([_patterns()["minors"]] if age < ADULT_AGE else [])]
    return [need for table in tables for kind in (risk, "any") for need in table.get(kind, ())]


def _is_met(need: _Need, therapist: Sequence[Utterance]) -> bool:
    return any(need.pattern.search(turn.ko) for turn in therapist if not need.asks or turn.label in QUESTIONS)


def _is_left_open(therapist: Sequence[Utterance]) -> bool:
    asked = [
        i for i, turn in enumerate(therapist) if turn.sublabel is Sublabel.SAFETY and turn.label in QUESTIONS
    ]
    if not asked:
        return False
    helps = any(turn.label in (Label.GIVE_INFORMATION, Label.ADVISE) for turn in therapist[asked[0] :])
    return not helps or len(therapist) - 1 - asked[-1] < TURNS_AFTER_SAFETY


def _forbidden(turns: Sequence[Utterance], risk: str) -> Iterator[Complaint]:
    for ban in _patterns()["forbidden"]:
        if ban.risk not in (None, risk):
            continue
        for turn in turns:
            said = ban.pattern.search(turn.ko) if ban.speaker in (None, turn.role.value) else None
            if said and not (ban.unless and ban.unless.search(turn.ko)):
                yield Complaint(turn.n, Reason.SAFETY, f"{said.group()!r}: {ban.detail}")


@cache
def _patterns() -> dict[str, Any]:
    table = tomllib.loads(PATTERNS_PATH.read_text(encoding="utf-8"))
    needs = {
        part: {kind: [_Need(**_compiled(need)) for need in needs] for kind, needs in table[part].items()}
        for part in ("needs", "minors")
    }
    return needs | {"forbidden": [_Ban(**_compiled(ban)) for ban in table["forbidden"]]}


def _compiled(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: re.compile(text) if key in ("pattern", "unless") else text for key, text in entry.items()}
