from math import exp, isnan

import pytest

from metrics.text.diversity import (
    References,
    distinct_bigram_share,
    distinct_unigram_share,
    ngrams,
    self_bleu_share,
)
from metrics.text.examples import dialogue


def test_distinct_is_taken_over_whole_windows():
    different = " ".join(f"w{number}" for number in range(100))
    same = "a " * 100
    talk = dialogue(f"T General: {different}", f"C: {same}", "T General: left over")
    assert distinct_unigram_share(talk) == 101 / 200
    assert distinct_bigram_share(talk) == 100 / 198  # 99 in the first window, one in the second
    assert isnan(distinct_unigram_share(dialogue("T General: too short")))


def test_bleu_equals_hand_count():
    references = References([tuple("abcdx"), tuple("ab")])
    # of abcde: 4 of 5 letters, 3 of 4 pairs, 2 of 3 triples, 1 of 2 quadruples; a reference has its length
    assert references.bleu(tuple("abcde")) == pytest.approx((4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_bleu_clips_counts_and_punishes_shortness():
    assert References([tuple("abcd")]).bleu(tuple("aaaa")) == 0.0
    assert References([tuple("abcdefgh")]).bleu(tuple("abcd")) == pytest.approx(exp(1 - 8 / 4))


def test_self_bleu_leaves_a_dialogue_out_of_its_own_references():
    alone = dialogue("T General: one two three four")
    assert isnan(self_bleu_share([alone])[0])
    assert self_bleu_share([alone, dialogue("T General: five six seven eight")]) == [0.0, 0.0]
    assert self_bleu_share([alone, alone]) == [1.0, 1.0]


def test_self_bleu_is_undefined_for_a_dialogue_of_short_turns():
    talk = dialogue("T General: one two three four")
    values = self_bleu_share([talk, dialogue("T General: Okay."), talk])
    assert values[0] == values[2] == 1.0
    assert isnan(values[1])


def test_ngrams_of_a_short_text_are_none():
    assert ngrams(("a",), 2) == []
