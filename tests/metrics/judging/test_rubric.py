import json

import pytest

from generation.sessions.reading import UnusableError
from kmi import Role
from metrics.judging.rubric import items_of, judge_question, load_rubric, read_ratings, require_quotes
from metrics.transcripts import Transcript, Turn

TRANSCRIPT = Transcript(
    id="1",
    turns=(
        Turn(n=1, role=Role.THERAPIST, text_ko="오늘은 어떤 이야기를 해 볼까요?"),
        Turn(n=2, role=Role.CLIENT, text_ko="술을… 줄여야 하나 싶어요. 그래도 회식은 못 빠져요."),
    ),
)
GLOBALS = ("cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy")
ITEMS = (*GLOBALS, "ambivalence", "specificity", "naturalness", "arc", "safety")


def answer(**changed):
    ratings = {item: {"quote": "줄여야 하나 싶어요", "reason": "까닭", "score": 3} for item in ITEMS}
    return json.dumps(ratings | changed, ensure_ascii=False)


def test_rubric_defines_every_item_of_its_schema():
    prompt = load_rubric()
    assert items_of(prompt) == ITEMS
    assert [item for item in ITEMS if f"- **{item} (" not in prompt.system] == []


def test_judge_question_shows_no_label_and_names_the_target_or_its_absence():
    (user,) = [m.content for m in judge_question(TRANSCRIPT, load_rubric()).open().state.messages[1:]]
    assert user.startswith("목표 행동: 축어록에서 짐작합니다.\n\n1. 상담자: 오늘은")
    assert "Open Question" not in user


def test_read_ratings_takes_null_where_the_rubric_allows_it():
    safe = {"quote": "", "reason": "위험이 비치지 않는다.", "score": None}
    ratings = read_ratings(answer(safety=safe), load_rubric(), TRANSCRIPT)
    assert ratings["safety"]["score"] is None
    assert ratings["arc"]["score"] == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("not JSON", "invalid_json", id="no JSON"),
        pytest.param(answer(arc={"quote": "술을", "reason": "r", "score": 6}), "6 is not one of", id="score"),
        pytest.param(answer(arc={"quote": "", "reason": "r", "score": None}), "None is not", id="null"),
        pytest.param(
            answer(arc={"quote": "없는 말", "reason": "r", "score": 2}), "arc: 인용 '없는 말'", id="quote"
        ),
        pytest.param(answer(arc={"quote": "…", "reason": "r", "score": 2}), "arc: 인용", id="empty quote"),
        pytest.param(answer(extra={}), "extra", id="unknown item"),
    ],
)
def test_read_ratings_refuses(content, message):
    with pytest.raises(UnusableError, match=message):
        read_ratings(content, load_rubric(), TRANSCRIPT)


@pytest.mark.parametrize("quote", ["술을 줄여야 하나 싶어요", "“술을…그래도 회식은”", "못 빠져요!"])
def test_require_quotes_overlooks_punctuation_and_joins(quote):
    require_quotes({"arc": quote}, TRANSCRIPT)
