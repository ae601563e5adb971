import json
import random

import pytest

from generation.sessions.reading import UnusableError
from kmi import Role
from metrics.judging.pairs import Pair, draw_pairs, pair_questions, read_preference, verdicts
from metrics.judging.rubric import load_rubric
from metrics.transcripts import Transcript, Turn

PROMPT = load_rubric("compare_v1")


def transcript(id, text):
    return Transcript(id=id, turns=(Turn(n=1, role=Role.THERAPIST, text_ko=text),))


GOOD, POOR, OTHER = (
    transcript("1", "좋은 말씀입니다"),
    transcript("2", "그러면 안 됩니다"),
    transcript("1", "네 네"),
)
PAIR = Pair((0, 1), GOOD, POOR)


def test_draw_pairs_prefers_shared_ids():
    (pair,) = draw_pairs([[GOOD, POOR], [OTHER]], random.Random(1))
    assert (pair.first, pair.second) == (GOOD, OTHER)


def test_draw_pairs_without_shared_ids_uses_each_dialogue_once():
    first = [transcript(f"a{n}", f"가{n}") for n in range(5)]
    second = [transcript(f"b{n}", f"나{n}") for n in range(3)]
    pairs = draw_pairs([first, second], random.Random(1))
    assert len({pair.first.id for pair in pairs}) == len({pair.second.id for pair in pairs}) == 3
    assert len(draw_pairs([first, second], random.Random(1), n_pairs=2)) == 2
    assert draw_pairs([first, second], random.Random(1)) == pairs


def test_draw_pairs_takes_every_two_systems():
    systems = [[transcript("1", text)] for text in ("가나", "다라", "마바")]
    assert [pair.systems for pair in draw_pairs(systems, random.Random(1))] == [(0, 1), (0, 2), (1, 2)]


def test_pair_questions_ask_in_both_orders():
    forth, back = (question.open().state.messages[1].content for question in pair_questions([PAIR], PROMPT))
    assert forth.index("좋은 말씀") < forth.index("그러면 안") and back.index("그러면 안") < back.index(
        "좋은 말씀"
    )


@pytest.mark.parametrize(
    ("forth", "back", "result", "is_consistent"),
    [
        pytest.param(1.0, 0.0, 1.0, True, id="first in both orders"),
        pytest.param(0.0, 1.0, 0.0, True, id="second in both orders"),
        pytest.param(1.0, 1.0, 0.5, False, id="whatever stands first ties"),
        pytest.param(0.5, 0.5, 0.5, True, id="tie in both orders"),
        pytest.param(1.0, 0.5, 0.5, False, id="half a preference ties"),
    ],
)
def test_verdicts_bring_both_orders_together(forth, back, result, is_consistent):
    (verdict,) = verdicts([PAIR], dict(zip(PAIR.names, (forth, back), strict=True)))
    assert (verdict.result, verdict.is_consistent) == (result, is_consistent)


def test_verdicts_leave_out_a_pair_with_one_answer():
    assert verdicts([PAIR], {PAIR.names[0]: 1.0}) == []


def test_read_preference_holds_each_quotation_to_its_own_transcript():
    said = {"quote_a": "좋은 말씀", "quote_b": "안 됩니다", "reason": "까닭", "better": "A"}
    assert read_preference(json.dumps(said), PROMPT, GOOD, POOR) == 1.0
    with pytest.raises(UnusableError, match="quote_b"):
        read_preference(json.dumps(said | {"quote_b": "좋은 말씀"}), PROMPT, GOOD, POOR)
