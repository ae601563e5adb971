import pytest

from forecaster.corpus import Turn
from forecaster.feature_blocks import block_width, featurize
from forecaster.label_features import INDEX, N_ALL, label_features
from forecaster.recipes import RECIPES, Recipe
from forecaster.surface_features import CLIENT_CUES, surface_features
from forecaster.text_features import count_words, has_question_mark, text_features
from kmi import Label, Role

ASK = Turn(Role.THERAPIST, Label.OPEN_QUESTION, "What brings you here?")
WISH = Turn(Role.CLIENT, Label.CHANGE_TALK, "I want to stop.")
WISH_KO = Turn(Role.CLIENT, Label.CHANGE_TALK, "끊고 싶어요")


def test_label_features_place_the_last_label_first():
    block = label_features([ASK, WISH])
    assert [i for i, value in enumerate(block[: N_ALL + 1]) if value] == [INDEX[Label.CHANGE_TALK]]
    assert [i for i, value in enumerate(block[N_ALL + 1 : 2 * (N_ALL + 1)]) if value] == [
        INDEX[Label.OPEN_QUESTION]
    ]


def test_label_features_mark_places_before_the_first_turn():
    assert [i for i, value in enumerate(label_features([])[: N_ALL + 1]) if value] == [N_ALL]


def test_label_features_do_not_read_text():
    other = Turn(Role.CLIENT, Label.CHANGE_TALK, "Something else entirely, and longer?")
    assert label_features([ASK, WISH]) == label_features([ASK, other])


def test_words_of_korean_count_in_english_words():
    assert count_words("끊고 싶어요") == pytest.approx(2 * 1.44)
    assert count_words("I want to stop.") == 4


def test_text_features_differ_by_length_and_question_mark_alone():
    same_length = Turn(Role.CLIENT, Label.CHANGE_TALK, "We ought to leave.")
    assert text_features([ASK, WISH]) == text_features([ASK, same_length])
    assert text_features([ASK, WISH]) != text_features([ASK, WISH_KO])


def test_full_width_question_mark_counts():
    assert has_question_mark("왜요？") and not has_question_mark("그래요.")


def test_text_features_refuse_a_turn_without_text():
    with pytest.raises(ValueError, match=r"turn 2 of the history has no text.*'labels'"):
        text_features([ASK, Turn(Role.CLIENT, Label.NEUTRAL)])


def test_surface_features_find_the_clients_cue():
    place = CLIENT_CUES.index(r"\bwant\b|\bwould like\b|\bwish\b|\bhope\b")
    assert surface_features([ASK, WISH])[place] == 1.0
    assert surface_features([ASK, Turn(Role.CLIENT, Label.NEUTRAL, "No.")])[place] == 0.0


@pytest.mark.parametrize("name", RECIPES)
def test_rows_are_as_wide_as_their_blocks(name, fake_encoder):
    rows = featurize([[], [ASK], [ASK, WISH, ASK, WISH]], RECIPES[name])
    assert rows.shape == (3, sum(map(block_width, RECIPES[name].blocks)))


@pytest.mark.parametrize("blocks", [("words",), (), ("client vector", "labels")])
def test_recipe_refuses_blocks_that_are_unknown_missing_or_out_of_order(blocks):
    with pytest.raises(ValueError, match="allowed are, in this order"):
        Recipe(blocks=blocks)
