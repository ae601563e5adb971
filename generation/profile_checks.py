"""Checks of newly written profiles: the conditions of their ids, sameness, figures and wording."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generation.client_profile import Profile
from generation.condition_draw import FIXED

SHINGLE = 3
MAX_ALIKE_TARGETS = 0.6
MAX_ALIKE_SITUATIONS = 0.25
MAX_ALIKE_WITHIN = 0.5
MAX_FACTS_WITH_FIGURES = 2
MAX_REFERRAL_CHARACTERS = 60
# Years, and words of literary or clinical stock; ours, to be extended from what is read.
FORBIDDEN = re.compile(
    r"(?:19|20)\d\d년|마치 |칠흑|먹먹|무너져 내|심장이 쿵|가슴 한구석|가슴 한켠|벼랑 끝|긴 터널|주마등|"
    r"눈시울|한 줄기|톱니바퀴|통계에 따르면|연구에 따르면|확실히 치료"
)
# A school year or a storey is no exact figure.
NO_FIGURE = re.compile(r"\d\s?학년|[초중고]\s?\d|\d+\s?층|\d\s?교대|\d\s?교시")
FIGURE = re.compile(
    r"\d|[일이삼사오육칠팔구]?[십백천][일이삼사오육칠팔구십백천]*\s?만?\s?(?:원|킬로|명|시간)"
)


def shingles(text: str) -> frozenset[str]:
    """Cut a text into runs of three characters, blanks and punctuation left out.

    Example:
        >>> sorted(shingles("밤에 걷기."))
        ['밤에걷', '에걷기']
    """
    letters = re.sub(r"[\W_]+", "", text)
    return frozenset(letters[n : n + SHINGLE] for n in range(max(1, len(letters) - SHINGLE + 1)))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Divide what two sets share by what they hold together; 0-1.

    Example:
        >>> jaccard(frozenset("ab"), frozenset("bc"))
        0.3333333333333333
    """
    n_shared = len(one & other)
    return n_shared / (len(one) + len(other) - n_shared)


def has_figure(fact: str) -> bool:
    """Tell whether a fact holds an exact figure.

    Example:
        >>> has_figure("월세 40만 원을 낸다."), has_figure("중학교 2학년 때 전학했다.")
        (True, False)
    """
    return FIGURE.search(NO_FIGURE.sub("", fact)) is not None


def check_profiles(
    new: Sequence[Profile], others: Iterable[Profile], conditions: Mapping[int, Mapping[str, Any]]
) -> list[str]:
    """Check new profiles one by one and against all others.

    Args:
        new: Profiles to check.
        others: Profiles to compare them with; those with the id of a new one are left out.
        conditions: Conditions by id.

    Returns:
        Faults, each with id, field, what was found and what to do; empty if all is well.
    """
    ids = {profile.id for profile in new}
    before = [_signature(profile) for profile in others if profile.id not in ids]
    faults = []
    for profile in new:
        found = [*_against_conditions(profile, conditions), *_wording(profile), *_repetition(profile)]
        signature = _signature(profile)
        found += _likeness(signature, before)
        before.append(signature)
        faults += [f"id {profile.id}, {fault}" for fault in found]
    return faults


def _against_conditions(profile: Profile, conditions: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    row = conditions.get(profile.id)
    if row is None:
        yield f"field id: no condition has it; ids are {min(conditions)} to {max(conditions)}"
        return
    for field in FIXED:
        if (found := getattr(profile, field)) != row[field]:
            yield f"field {field}: found {str(found)!r}; its condition says {row[field]!r}"
    if (count := len(profile.situation)) != row["n_facts"]:
        yield f"field situation: found {count} facts; its condition says {row['n_facts']}"


def _wording(profile: Profile) -> Iterator[str]:
    with_figures = [fact for fact in profile.situation if has_figure(fact)]
    if len(with_figures) > MAX_FACTS_WITH_FIGURES:
        yield (
            f"field situation: {len(with_figures)} facts hold exact figures, at most "
            f"{MAX_FACTS_WITH_FIGURES} may: {with_figures[-1]!r}; say it in words such as '자주'"
        )
    for field, text in _texts(profile):
        if match := FORBIDDEN.search(text):
            yield f"field {field}: holds {match[0]!r}; say it plainly, without a year"
    family_length = 2 if profile.name.startswith(("남궁", "황보", "선우")) and len(profile.name) > 3 else 1
    given = profile.name[family_length:]
    if profile.name in profile.referral_reason or (len(given) > 1 and given in profile.referral_reason):
        yield f"field referral_reason: holds the name {given!r}; leave it out"
    for field, most in (("referral_reason", MAX_REFERRAL_CHARACTERS), ("speech_style", 120)):
        text = getattr(profile, field)
        if len(text) > most or re.search(r"[.!?] ", text):
            yield f"field {field}: {len(text)} characters; one sentence of at most {most}"
    if profile.speech_style.count("'") > 2:
        yield "field speech_style: more than one quoted habit; keep one at most"
    if not profile.target_behavior.endswith("것"):
        yield f"field target_behavior: found {profile.target_behavior[-20:]!r}; end with '~하는 것'"


def _repetition(profile: Profile) -> Iterator[str]:
    texts = [(f, t) for f, t in _texts(profile) if f.startswith(("situation", "reasons"))]
    cut = [(field, shingles(text)) for field, text in texts]
    for n, (field, one) in enumerate(cut):
        for earlier, other in cut[:n]:
            if jaccard(one, other) >= MAX_ALIKE_WITHIN:
                yield f"field {field}: says nearly the same as {earlier}; say something else"


def _texts(profile: Profile) -> Iterator[tuple[str, str]]:
    for field, value in profile.as_record().items():
        if isinstance(value, str) and field != "name":
            yield field, value
        elif isinstance(value, list):
            yield from ((f"{field}[{n}]", text) for n, text in enumerate(value))


def _signature(profile: Profile) -> tuple[int, frozenset[str], frozenset[str], frozenset[str]]:
    everything = " ".join((*profile.situation, *profile.reasons_for_change, *profile.reasons_against_change))
    facts = frozenset(profile.situation)
    return profile.id, shingles(profile.target_behavior), shingles(everything), facts


def _likeness(signature: tuple, before: Iterable[tuple]) -> Iterator[str]:
    _, target, everything, facts = signature
    for other_id, other_target, other_everything, other_facts in before:
        if (alike := jaccard(target, other_target)) >= MAX_ALIKE_TARGETS:
            yield f"field target_behavior: {alike:.0%} like that of id {other_id}; choose another behavior"
        if (alike := jaccard(everything, other_everything)) >= MAX_ALIKE_SITUATIONS:
            yield f"field situation: {alike:.0%} like that of id {other_id}; tell another life"
        if same := facts & other_facts:
            yield f"field situation: {min(same)!r} stands in id {other_id}, too; write another fact"
