import pytest

from generation.sessions.checks import check_dialogue, check_turn, sentences, starts_with_agreement
from generation.sessions.reasons import Reason
from generation.sessions.utterance import Utterance
from kmi import Label, Role, Sublabel

DEFAULT_EN = "Well, that is how it has been for me lately, I suppose."


def therapist(ko, label=Label.COMPLEX_REFLECTION, sublabel=None, en=DEFAULT_EN, n=1):
    return Utterance(n=n, role=Role.THERAPIST, ko=ko, en=en, label=label, sublabel=sublabel)


def client(ko, label=Label.NEUTRAL, en=DEFAULT_EN, n=2):
    return Utterance(n=n, role=Role.CLIENT, ko=ko, en=en, label=label, sublabel=None)


def reasons(turn):
    return [complaint.reason for complaint in check_turn(turn)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("그러셨네요. 언제부터요?", 2, id="two sentences"),
        pytest.param("약이 1.5배 비싸졌어요.", 1, id="a decimal point ends nothing"),
        pytest.param("“못 하겠다.”라고 하셨죠.", 1, id="a quoted end goes on"),
        pytest.param("음… 그게요.", 2, id="an ellipsis before a space ends"),
    ],
)
def test_sentences_counts_final_punctuation(text, expected):
    assert len(sentences(text)) == expected


@pytest.mark.parametrize(
    "turn",
    [
        therapist("그 시간이 유일하게 조용했던 거네요."),
        therapist("숨이 막히는 느낌."),
        therapist("한편으로는 쉬고 싶고, 또 한편으로는…"),
        therapist("어떤 점이 가장 걸리세요?", Label.OPEN_QUESTION),
        therapist("그날 이야기를 조금 더 들려주세요.", Label.OPEN_QUESTION),
        therapist("그 얘기를 좀 더 해 줘요.", Label.OPEN_QUESTION),
        therapist("입사 지원 마감 전에 미리 알아보신 거네요.", Label.AFFIRM),
        therapist("지원 님, 어서 오세요.", Label.GENERAL),
        therapist("댁에 들어가시면 저녁부터 천천히 맛있게 드세요, 범석 씨.", Label.GENERAL),
        therapist("자원봉사를 두 해나 이어 오셨네요.", Label.AFFIRM),
        therapist("급하면 109로 전화하실 수 있어요.", Label.GIVE_INFORMATION),
        therapist("첫 차를 타시는군요.", Label.SIMPLE_REFLECTION),
        client("아 몰라요. 그냥… 안 했어요."),
        client("반말도 하잖아. 나도 모르게 그랬다."),
    ],
)
def test_check_turn_accepts_what_a_session_may_say(turn):
    assert check_turn(turn) == []


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        pytest.param(therapist("힘들었구나. 그랬어."), Reason.SPEECH_LEVEL, id="plain speech"),
        pytest.param(
            therapist("몇 시에 자?", Label.CLOSED_QUESTION), Reason.SPEECH_LEVEL, id="plain question"
        ),
        pytest.param(
            therapist("언제요? 어디서요?", Label.CLOSED_QUESTION), Reason.QUESTIONS, id="two questions"
        ),
        pytest.param(therapist("그게 싫으셨던 거예요?"), Reason.QUESTIONS, id="reflection asks"),
        pytest.param(
            therapist("그렇게 지내셨네요.", Label.OPEN_QUESTION), Reason.QUESTIONS, id="question does not ask"
        ),
        pytest.param(
            therapist("여기까지 온 것이 첫걸음이에요.", Label.AFFIRM), Reason.STOCK_PHRASE, id="stock"
        ),
        pytest.param(therapist("저는 늘 지지해요.", Label.AFFIRM), Reason.STOCK_PHRASE, id="support talk"),
        pytest.param(therapist("당신의 마음이 그랬네요."), Reason.STOCK_PHRASE, id="you"),
        pytest.param(
            therapist("하나였네요. 둘이었네요. 셋이었네요. 넷이었네요."),
            Reason.SENTENCES,
            id="four sentences",
        ),
        pytest.param(client("(웃음) 그게 그렇게 됐어요."), Reason.CONTROL_TEXT, id="stage direction"),
        pytest.param(client("그랬어요.\n그래서요."), Reason.CONTROL_TEXT, id="line break"),
        pytest.param(client("그냥요 😀"), Reason.CONTROL_TEXT, id="emoji"),
        pytest.param(client("I don't know, really."), Reason.KOREAN, id="no Korean"),
        pytest.param(client("그냥 그랬어요.", en=""), Reason.ENGLISH, id="no English"),
        pytest.param(client("그냥 그랬어요.", en="It was 그냥 so."), Reason.ENGLISH, id="Hangul in English"),
        pytest.param(
            client("그날 아침에 버스에서 내려서 한참을 울었어요.", en="I cried."),
            Reason.ENGLISH,
            id="cut short",
        ),
        pytest.param(
            therapist("02-123-4567로 전화해 주세요.", Label.GIVE_INFORMATION), Reason.HELP_LINE, id="number"
        ),
        pytest.param(
            therapist("129번으로 전화하시면 돼요.", Label.GIVE_INFORMATION),
            Reason.HELP_LINE,
            id="short number",
        ),
    ],
)
def test_check_turn_names_what_is_wrong(turn, reason):
    assert reasons(turn) == [reason]


def test_a_summary_may_have_four_sentences():
    text = "하나였네요. 둘이었네요. 셋이었네요. 넷이었네요."
    assert reasons(therapist(text)) == [Reason.SENTENCES]
    assert reasons(therapist(text, sublabel=Sublabel.SUMMARY)) == []


def test_starts_with_agreement_needs_more_than_the_word():
    assert starts_with_agreement("맞아요, 그게 그래요.")
    assert not starts_with_agreement("네.")
    assert not starts_with_agreement("네댓 번이요.")


def test_check_dialogue_finds_a_repeated_utterance():
    text = "그래서 저는 그냥 집에 있었어요 하루 종일."
    found = check_dialogue([client(text, n=2), client(text, n=4)])
    assert [(complaint.n, complaint.reason) for complaint in found] == [(4, Reason.REPETITION)]


def test_check_dialogue_flags_agreeing_starts_beyond_a_quarter():
    turns = [client(f"네, {word} 그랬어요.", n=2 * n) for n, word in enumerate("가나다라마바사아", start=1)]
    found = check_dialogue(turns)
    # 8 client turns: a quarter, 2, may begin by agreeing; the other six are named
    assert [complaint.n for complaint in found] == [6, 8, 10, 12, 14, 16]


def test_check_dialogue_flags_gunyo_endings_beyond_two():
    turns = [therapist(f"{word} 그러셨군요.", n=2 * n - 1) for n, word in enumerate("가나다라", start=1)]
    assert [complaint.n for complaint in check_dialogue(turns)] == [5, 7]


@pytest.mark.parametrize(
    ("make", "texts"),
    [
        pytest.param(
            therapist,
            ["게으르다기보다 겁이 나셨네요.", "놓친 게 아니라 붙들고 계신 거네요.", "집이 편하시네요."],
            id="interpretation",
        ),
        pytest.param(client, ["외롭다기보단 그냥요.", "겁은 아니고요.", "집이 편해요."], id="correction"),
    ],
)
def test_check_dialogue_flags_a_formula_from_its_second_use(make, texts):
    turns = [make(text, n=n) for n, text in enumerate(texts, start=1)]
    assert [(complaint.n, complaint.reason) for complaint in check_dialogue(turns)] == [
        (2, Reason.REPETITION)
    ]
