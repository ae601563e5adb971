from math import isnan

from metrics.text.duplicates import (
    common_texts,
    exact_duplicate_share,
    near_duplicate_dialogue_share,
    near_duplicate_share,
)
from metrics.text.examples import dialogue

QUESTION = "What would you like to change about smoking?"
ANSWER = "I would like to smoke less."


def test_first_of_equal_utterances_is_no_repetition():
    first = dialogue(f"T Open Question: {QUESTION}", f"C: {ANSWER}", "T General: Thanks.")
    second = dialogue(f"T Open Question: {QUESTION}", "C: Nothing at all, I am fine.")
    assert exact_duplicate_share([first, second]) == [0.0, 0.5]
    assert common_texts([first, second]) == [(QUESTION, 2)]


def test_utterances_up_to_fifteen_characters_do_not_count():
    short = dialogue("T General: 123456789012345")
    assert all(isnan(value) for value in exact_duplicate_share([short, short]))
    assert all(isnan(value) for value in near_duplicate_share([short, short]))


def test_near_duplicates_count_wherever_they_stand():
    first = dialogue(f"T Open Question: {QUESTION}", f"C: {ANSWER}")
    second = dialogue(f"T Open Question: {QUESTION[:-1]}, then?", "C: Nothing at all, I am fine.")
    assert near_duplicate_share([first, second]) == [0.5, 0.5]


def test_near_duplicate_dialogue_shares_most_of_its_talk():
    first = dialogue(f"T Open Question: {QUESTION}", f"C: {ANSWER}")
    second = dialogue(f"T Open Question: {QUESTION}", f"C: {ANSWER} Really.")
    third = dialogue("T General: Welcome to the session.", "C: It was raining on my way.")
    assert near_duplicate_dialogue_share([first, second, third]) == [1.0, 1.0, 0.0]
