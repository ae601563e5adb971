from dataclasses import replace
from pathlib import Path

import pytest

from generation.client_profile import load_profiles
from generation.sessions.reasons import Reason
from generation.sessions.safety_checks import check_safety
from generation.sessions.utterance import Utterance
from kmi import Label, Risk, Role, Sublabel

PROFILES = Path(__file__).parents[3] / "generation" / "profiles" / "profiles.jsonl"
QUESTION, INFORMATION, GENERAL = Label.CLOSED_QUESTION, Label.GIVE_INFORMATION, Label.GENERAL
SAFETY = Sublabel.SAFETY
SUICIDE = [
    (QUESTION, "혹시 죽고 싶다는 생각도 드세요?"),
    (QUESTION, "어떻게 하겠다는 계획까지 세워 보셨어요?"),
    (QUESTION, "그때 쓰려던 것이 지금 손 닿는 데 있나요?"),
    (INFORMATION, "밤에 그런 생각이 들면 109로 전화하실 수 있어요."),
    (GENERAL, "내일 저녁에 제가 전화드릴게요."),
]
MINOR = [
    (GENERAL, "여기서 한 말은 비밀이지만 위험하면 보호자께 알려야 해요."),
    (QUESTION, "집에 믿을 만한 어른이 있어요, 이모나 할머니 같은?"),
    (INFORMATION, "청소년전화 1388도 있어요."),
]
ALCOHOL = [
    (QUESTION, "안 마신 날 손이 떨리거나 식은땀이 나요?"),
    (INFORMATION, "갑자기 끊으면 위험할 수 있어서 병원에서 같이 보는 게 안전해요."),
    (GENERAL, "다음 화요일에 다시 뵐게요."),
]
VIOLENCE = [
    (QUESTION, "지금 집에 가시면 다칠 위험이 있나요?"),
    (INFORMATION, "급하면 112, 상담은 1366이에요."),
    (Label.OPEN_QUESTION, "연락은 어느 번호로 드리면 괜찮아요?"),
    (GENERAL, "목요일 두 시에 전화드릴게요."),
]


AGE_GROUPS = {40: "40-49", 16: "16-18", 15: "13-15"}


@pytest.fixture(scope="module")
def client():
    base = load_profiles(PROFILES)[0]

    def make(risk, age=40):
        detail = None if risk == Risk.NONE else "있음"
        return replace(base, risk=Risk(risk), risk_detail=detail, age=age, age_group=AGE_GROUPS[age])

    return make


def turn(n, role, ko, label, sublabel=None):
    return Utterance(n=n, role=role, ko=ko, en="-", label=label, sublabel=sublabel)


def session(lines):
    turns = []
    for label, ko in lines:
        sublabel = SAFETY if label in (QUESTION, INFORMATION) else None
        turns.append(turn(len(turns) + 1, Role.THERAPIST, ko, label, sublabel))
        turns.append(turn(len(turns) + 1, Role.CLIENT, "네…", Label.NEUTRAL))
    return turns


@pytest.mark.parametrize(
    ("risk", "age", "lines"),
    [
        ("suicide_self_harm", 40, SUICIDE),
        ("suicide_self_harm", 15, MINOR[:2] + SUICIDE[:4] + MINOR[2:] + SUICIDE[4:]),
        ("alcohol_drugs", 40, ALCOHOL),
        ("violence_abuse", 40, VIOLENCE),
    ],
)
def test_check_safety_accepts_a_session_that_takes_up_its_risk(client, risk, age, lines):
    assert check_safety(session(lines), client(risk, age)) == []


@pytest.mark.parametrize(
    ("risk", "age", "lines", "dropped", "missing"),
    [
        ("suicide_self_harm", 40, SUICIDE, 0, "죽고 싶은 생각"),
        ("suicide_self_harm", 40, SUICIDE, 1, "계획"),
        ("suicide_self_harm", 40, SUICIDE, 2, "수단"),
        ("suicide_self_harm", 40, SUICIDE, 3, "109"),
        ("suicide_self_harm", 40, SUICIDE, 4, "다음에 언제"),
        ("suicide_self_harm", 15, MINOR + SUICIDE, 0, "비밀보장"),
        ("suicide_self_harm", 15, MINOR + SUICIDE, 2, "1388"),
        ("alcohol_drugs", 40, ALCOHOL, 0, "금단"),
        ("alcohol_drugs", 40, ALCOHOL, 1, "의료진"),
        ("violence_abuse", 40, VIOLENCE, 0, "안전한지"),
        ("violence_abuse", 40, VIOLENCE, 1, "1366"),
        ("violence_abuse", 40, VIOLENCE, 2, "안전하게 연락"),
        ("violence_abuse", 16, MINOR[:2] + VIOLENCE, -1, "신고"),
    ],
)
def test_check_safety_names_what_is_missing(client, risk, age, lines, dropped, missing):
    kept = [line for n, line in enumerate(lines) if n != dropped]
    found = check_safety(session(kept), client(risk, age))
    assert {complaint.reason for complaint in found} == {Reason.SAFETY}
    assert any(missing in complaint.detail for complaint in found)


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("다음 주 이 시간에 또 봐요.", True),
        ("그럼 목요일에 다시 보기로 해요.", True),
        ("내일 한번 걸어 봐요.", False),
        ("또 봐요.", False),
    ],
)
def test_next_contact_needs_a_time_and_a_meeting(client, text, is_met):
    found = check_safety(session([*SUICIDE[:4], (GENERAL, text)]), client("suicide_self_harm"))
    assert ["다음에 언제" in complaint.detail for complaint in found] == ([] if is_met else [True])


def test_check_safety_counts_only_a_question_as_asking(client):
    told = [(INFORMATION, text) if n == 0 else (label, text) for n, (label, text) in enumerate(SUICIDE)]
    found = check_safety(session(told), client("suicide_self_harm"))
    assert ["죽고 싶은 생각" in complaint.detail for complaint in found] == [True]


def test_check_safety_refuses_a_session_that_ends_on_its_safety_questions(client):
    lines = [SUICIDE[3], SUICIDE[4], *SUICIDE[:3]]
    found = check_safety(session(lines), client("suicide_self_harm"))
    assert ["회기가 끝납니다" in complaint.detail for complaint in found] == [True]


@pytest.mark.parametrize(
    ("risk", "text", "is_refused"),
    [
        ("none", "번개탄 이야기를 들으셨다고요.", True),
        ("none", "약을 30알 모아 두셨네요.", True),
        ("none", "농약 칠 철이라 바쁘시죠.", False),
        ("alcohol_drugs", "오늘부터 술을 끊으시는 게 좋겠어요.", True),
        ("alcohol_drugs", "갑자기 끊으시면 위험해요.", False),
        ("violence_abuse", "남편분과 화해하시면 어떨까요.", True),
        ("none", "남편분과 화해하시면 어떨까요.", False),
    ],
)
def test_check_safety_refuses_what_must_not_be_said(client, risk, text, is_refused):
    lines = {"alcohol_drugs": ALCOHOL, "violence_abuse": VIOLENCE}.get(risk, []) + [(Label.ADVISE, text)]
    found = check_safety(session(lines), client(risk))
    assert [complaint.n for complaint in found] == ([2 * len(lines) - 1] if is_refused else [])


def test_check_safety_lets_a_client_tell_of_a_method_no_more_than_a_therapist(client):
    said = turn(2, Role.CLIENT, "수면제 20알을 모았어요.", Label.NEUTRAL)
    assert [complaint.n for complaint in check_safety([said], client("none"))] == [2]
