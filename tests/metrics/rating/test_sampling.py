import random

import pytest

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.rating.sampling import draw_checks, draw_dialogues, draw_pairs


def dialogue(name, category):
    turns = (
        Utterance(role=Role.THERAPIST, label=Label.GENERAL),
        Utterance(role=Role.CLIENT, label=None),
        Utterance(role=Role.CLIENT, label=Label.CHANGE_TALK),
    )
    return Dialogue(id=name, utterances=turns, category=category)


def source(name, categories):
    return [dialogue(f"{name}{number}", category) for number, category in enumerate(categories)]


def test_draw_takes_shared_categories_first_and_in_turn():
    sources = {"a": source("a", "FFFGGH"), "b": source("b", "FFGGGI")}
    drawn = draw_dialogues(sources, 4, random.Random(1))
    for name in sources:
        assert sorted(d.category for d in drawn[name]) == ["F", "F", "G", "G"]


def test_draw_fills_up_with_other_categories():
    drawn = draw_dialogues({"a": source("a", "FGH"), "b": source("b", "FII")}, 3, random.Random(1))
    assert [d.category for d in drawn["b"]] == ["F", "I", "I"]
    assert sorted(d.category for d in drawn["a"]) == ["F", "G", "H"]


def test_draw_refuses_more_dialogues_than_there_are():
    with pytest.raises(ValueError, match="a: 2 dialogues to draw from, 3 asked for; lower --n"):
        draw_dialogues({"a": source("a", "FG")}, 3, random.Random(1))


def test_pairs_join_one_category_from_different_sources_each_dialogue_once():
    drawn = {"a": source("a", "FFG"), "b": source("b", "FGG"), "c": source("c", "H")}
    pairs = draw_pairs(drawn, 9, random.Random(3))
    assert sorted("".join(sorted(d.category for d in pair)) for pair in pairs) == ["FF", "GG"]
    assert all({d.id[0] for d in pair} == {"a", "b"} for pair in pairs)


def test_pairs_stand_in_both_orders_over_seeds():
    drawn = {"a": source("a", "F"), "b": source("b", "F")}
    firsts = {draw_pairs(drawn, 1, random.Random(seed))[0][0].id for seed in range(20)}
    assert firsts == {"a0", "b0"}


def test_checks_leave_out_utterances_without_a_label():
    assert draw_checks(dialogue("a", None), 5, random.Random(1)) == [1, 3]
