import json
from dataclasses import replace

import pytest

from generation.client_profile import ENUM_FIELDS, SCHEMA_PATH, load_profiles
from generation.condition_draw import FIXED
from generation.inputs import PROFILES
from generation.profile_checks import check_profiles, has_figure
from generation.profile_conditions import load_conditions
from generation.prompts import load_prompt

CONDITION = load_conditions()[25]
FACTS = (
    "새벽에 일어나 도시락을 싼다.",
    "손목이 자주 시큰거린다.",
    "남동생 집이 걸어갈 거리에 있다.",
    "작년 봄에 쉬는 요일이 바뀌었다.",
    "점심은 동료와 먹는 편이다.",
    "저녁마다 라디오를 켜 놓는다.",
    "겨울 외투를 새로 장만했다.",
    "통장을 두 개로 나누어 쓴다.",
)


@pytest.fixture
def good():
    template = load_profiles(PROFILES)[0]
    fixed = {key: CONDITION[key] for key in FIXED}
    fixed |= {key: kind(fixed[key]) for key, kind in ENUM_FIELDS.items()}
    return replace(
        template,
        **fixed,
        situation=FACTS[: CONDITION["n_facts"]],
        target_behavior="손님이 언성을 높이면 옆방에 다녀와서 답하는 것",
        reasons_for_change=("편하게 자고 싶다", "동료에게 미안하다", "오래 일하고 싶다"),
        reasons_against_change=("자리를 뜨면 일이 밀린다", "얕보일까 걱정이다", "지금껏 이렇게 버텼다"),
        referral_reason="요즘 일하다 화를 내는 날이 늘어 신청했다",
        speech_style="낱말을 적게 쓰며 천천히 말한다.",
        risk_detail=None,
    )


def faults(*profiles):
    return check_profiles(profiles, load_profiles(PROFILES), {25: CONDITION, 26: CONDITION | {"id": 26}})


def test_a_profile_as_its_condition_says_has_no_fault(good):
    assert faults(good) == []


def test_every_written_profile_agrees_with_its_condition():
    conditions = load_conditions()
    profiles = load_profiles(PROFILES)
    assert check_profiles([one for one in profiles if one.id in conditions], profiles, conditions) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"region": "서울 중구"}, "field region: found '서울 중구'; its condition says"),
        ({"situation": FACTS[:5] if CONDITION["n_facts"] != 5 else FACTS[:6]}, "its condition says"),
        ({"speech_style": "'음'과 '뭐'와 '그게'를 되풀이한다."}, "more than one quoted habit"),
        ({"speech_style": "천천히 말한다. 자주 쉰다."}, "one sentence of at most"),
        ({"target_behavior": "화내지 않기"}, "end with '~하는 것'"),
        ({"referral_reason": f"{CONDITION['name'][1:]}이 힘들어한다"}, "holds the name"),
        ({"household": "2019년부터 혼자 산다"}, "holds '2019년'"),
        ({"reasons_for_change": ("손목이 자주 시큰거린다", "나", "다")}, "nearly the same as situation[1]"),
    ],
)
def test_each_fault_is_named(good, changes, fault):
    found = faults(replace(good, **changes))
    assert any(fault in line for line in found), found
    assert all(line.startswith("id 25, field ") for line in found)


def test_more_than_two_facts_with_figures_are_refused(good):
    with_figures = tuple(f"{fact} 월 {n}0만 원" for n, fact in enumerate(good.situation, start=1))
    found = faults(replace(good, situation=with_figures))
    assert any(f"{len(with_figures)} facts hold exact figures, at most 2 may" in line for line in found)
    assert faults(replace(good, situation=(*with_figures[:2], *good.situation[2:]))) == []


def test_a_second_profile_with_the_same_behavior_and_facts_is_refused(good):
    found = "\n".join(faults(good, replace(good, id=26)))
    assert "id 26, field target_behavior: 100% like that of id 25" in found
    assert "id 26, field situation: 100% like that of id 25" in found


def test_an_id_without_a_condition_is_refused(good):
    assert "field id: no condition has it; ids are 25 to 26" in "\n".join(faults(replace(good, id=27)))


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("빚이 삼백만 원 있다.", True),
        ("고2 때 이사했다.", False),
        ("몇 번 해 보았다.", False),
        ("3시에 깬다.", True),
    ],
)
def test_figures_are_exact_numbers_and_no_school_years(fact, expected):
    assert has_figure(fact) is expected


def test_the_writer_is_shown_the_schema_that_checks_the_answer():
    assert load_prompt("profile_v1").schema == json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
