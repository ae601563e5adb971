"""Honorifics on things: 걱정이 계시다 raises the worry, not the client."""

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue
from metrics.text.words import Words

_PERSONS = """
분 님 어머니 아버지 어머님 아버님 부모 부모님 할머니 할아버지 할머님 할아버님 선생 선생님 교수 교수님
사모 사모님 원장 사장 부장 과장 팀장 대표 목사 스님 신부 의사 어르신 시어머니 시아버지 장인 장모 남편
아내 형 누나 언니 오빠 이모 고모 삼촌 가족 친구 동료 상사 내담자 누구 본인
"""
PERSONS = frozenset(_PERSONS.split())
SUBJECT_TAGS = ("JKS", "JKC")
"""이/가; the analyzer takes the subject of an adverb and a verb for a complement at times."""
BETWEEN_TAGS = ("MAG", "XPN")
"""Adverbs may stand between the subject and its verb (걱정이 많이 계시는군요)."""


def honorific_misuse_turn_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns in which a thing is honored with 계시다.

    Args:
        dialogue: One Korean dialogue with words.

    Returns:
        Turns in which a noun that names no person (`PERSONS`) is, with 이/가, the subject of the verb 계시다
        right after it, per therapist turn, 0 to 1; ``nan`` without a therapist turn. 있으시다, the right
        form for what belongs to a person, is no misuse.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> turns = ("T Simple Reflection: 걱정이 많이 계시는군요.", "T General: 아버지가 계시는군요.")
        >>> honorific_misuse_turn_share(dialogue(*turns, language=Language.KOREAN))
        0.5

    Source:
        National Institute of Korean Language (2011), 표준 언어 예절: 있다 is honored as 계시다 of persons
        alone, and as 있으시다 of what belongs to them.
    """
    turns = dialogue.turns_of(Role.THERAPIST)
    return CountRatio(sum(_honors_a_thing(turn.words) for turn in turns), len(turns))


def _honors_a_thing(words: Words) -> bool:
    for place in range(1, len(words.forms) - 1):
        if words.tags[place] not in SUBJECT_TAGS:
            continue
        is_thing = words.tags[place - 1] == "NNG" and words.forms[place - 1] not in PERSONS
        after = place + 1
        while after < len(words.forms) - 1 and words.tags[after] in BETWEEN_TAGS:
            after += 1
        if is_thing and words.forms[after] == "계시" and words.tags[after] in ("VV", "VA"):
            return True
    return False
