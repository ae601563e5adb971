import pytest

from metrics.text.analysis import Language
from metrics.text.constraints import (
    constraint_break_turn_share,
    praise_formula_turn_share,
    stock_word_turn_share,
)
from metrics.text.examples import dialogue


def said(text):
    return dialogue(f"T General: {text}", "C: 한 걸음씩 노력할게요.", language=Language.KOREAN)


@pytest.mark.parametrize(
    ("text", "stock", "broken"),
    [
        pytest.param("중요한 첫걸음이네요.", 1.0, 1.0, id="stock word"),
        pytest.param("힘드셨네요. 언제부터요?", 0.0, 0.0, id="two sentences"),
        pytest.param("네. 힘드셨네요. 언제부터요?", 0.0, 1.0, id="three sentences"),
        pytest.param("힘드셨네요.\n언제부터요?", 0.0, 1.0, id="line break"),
    ],
)
def test_constraints_are_those_of_the_paper(text, stock, broken):
    assert stock_word_turn_share(said(text)) == stock
    assert constraint_break_turn_share(said(text)) == broken


@pytest.mark.parametrize(
    ("text", "share"), [("강한 의지가 보여요.", 1.0), ("아이의 의지할 곳이요.", 1.0), ("주의지요.", 0.0)]
)
def test_praise_formula_is_found_at_the_start_of_a_word(text, share):
    assert praise_formula_turn_share(said(text)) == share
