from math import exp, isnan, log

import pytest

from kmi import THERAPIST_LABELS, Label
from metrics.distributions import label_entropy, strategy_balance

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param([OQ, CT, OQ, None, OQ], 0.0, id="one label"),
        # four labels equally often: 2 bits of log2(8) = 3
        pytest.param([OQ, CT, SR, NE, AF, ST, GE], 2 / 3, id="four labels"),
        # 1/2 · 1 bit + 2 · 1/4 · 2 bits = 1.5 bits of 3
        pytest.param([OQ, OQ, SR, AF], 0.5, id="unequal"),
        pytest.param(list(THERAPIST_LABELS), 1.0, id="all eight"),
    ],
)
def test_label_entropy_equals_hand_sum(labels, expected):
    assert label_entropy(labels) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # 10 reflections, 5 questions, 4 input, 1 other of 20: the target itself
        pytest.param([SR] * 5 + [CR] * 5 + [OQ] * 4 + [CQ] + [GI] * 3 + [AD] + [AF], 1.0, id="the target"),
        # questions only: KL = 1 · ln(1/.25), exp(−KL) = .25
        pytest.param([OQ, CT, CQ], 0.25, id="questions only"),
        # Affirm and General are other: exp(−ln(1/.05)) = .05
        pytest.param([AF, GE], 0.05, id="other only"),
        # half reflections, half input: KL = .5 ln(.5/.5) + .5 ln(.5/.2)
        pytest.param([CR, AD], exp(-0.5 * log(2.5)), id="two groups"),
    ],
)
def test_strategy_balance_equals_hand_sum(labels, expected):
    assert strategy_balance(labels) == pytest.approx(expected)


@pytest.mark.parametrize("metric", [label_entropy, strategy_balance])
def test_distribution_is_undefined_without_a_therapist_turn(metric):
    assert isnan(metric([CT, None]))
