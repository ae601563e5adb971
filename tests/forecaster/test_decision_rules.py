import random
from collections import Counter

import pytest

from forecaster.corpus import Turn
from forecaster.decision_rules import compare_rules, most_probable, paper_over_top, roll_out, sample_label
from forecaster.feature_model import load_forecaster
from forecaster.ngram import load_ngram
from kmi import THERAPIST_LABELS, Label, Role

OQ, SR, AD = Label.OPEN_QUESTION, Label.SIMPLE_REFLECTION, Label.ADVISE
FORECAST = dict.fromkeys(THERAPIST_LABELS, 0.0) | {SR: 0.5, AD: 0.3, OQ: 0.2}
HEARD = [Turn(Role.THERAPIST, OQ), Turn(Role.CLIENT, Label.NEUTRAL)]


def test_argmax_takes_the_most_probable():
    assert most_probable(FORECAST, HEARD, random.Random(1), False) is SR


def test_paper_takes_advice_among_the_first_two():
    assert paper_over_top(FORECAST, HEARD, random.Random(1), False) is AD


def test_sampling_follows_the_shares():
    rng = random.Random(1)
    counts = Counter(sample_label(FORECAST, HEARD, rng, False) for _ in range(4000))
    assert set(counts) == {SR, AD, OQ}
    assert counts[SR] / 4000 == pytest.approx(0.5, abs=0.03)


def test_roll_out_alternates_and_has_the_asked_length():
    turns = roll_out(most_probable, load_forecaster("labels"), load_ngram(Role.CLIENT), 5, random.Random(1))
    assert [turn.role for turn in turns] == [Role.THERAPIST, Role.CLIENT] * 5


def test_sampling_stays_nearer_to_a_flat_target_than_argmax():
    content = [label for label in THERAPIST_LABELS if label is not Label.GENERAL]
    target = Counter(content), Counter((a, b) for a in content for b in content)
    args = load_forecaster("labels"), load_ngram(Role.CLIENT), [8] * 20, target, 1
    result = compare_rules(*args)
    assert result["sampled"]["bigram"] < result["argmax"]["bigram"]
    assert result == compare_rules(*args)
