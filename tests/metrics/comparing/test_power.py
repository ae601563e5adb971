import numpy as np
import pytest

from metrics.comparing.power import dialogues_per_arm
from metrics.dialogues import client_coding_of
from metrics.evaluation import metric_values

STATED = {
    "reflection_share": 127,
    "percent_complex_reflections": 202,
    "change_talk_after_open_question_probability": 43,
    "reflection_after_change_talk_probability": 82,
}
"""Dialogues per arm for .10, measured before on 285 outputs of the KMI generator."""


def test_number_equals_the_textbook():
    # d = .5: 2 · (1.95996 + .84162)² / .25 = 62.8; Cohen's table 2.3.5, by the t distribution, has 64
    assert dialogues_per_arm(0.5, (1.0, 1.0)) == 63
    assert dialogues_per_arm(-0.5, (1.0, 1.0)) == 63
    assert dialogues_per_arm(0.5, (2.0, 0.0)) == 63


def test_no_difference_needs_no_number_and_a_sure_one_two():
    assert dialogues_per_arm(0.0, (1.0, 1.0)) is None
    assert dialogues_per_arm(1.0, (0.0, 0.0)) == 2


@pytest.mark.parametrize("metric", STATED)
def test_numbers_stated_for_a_tenth_come_from_the_spread_of_the_original(original, metric):
    values = np.array(metric_values(original, client_coding_of(original))[metric], float)
    unit = 100 if metric.startswith("percent") else 1
    variance = float(np.nanvar(values / unit, ddof=1))
    # 193 of the 285 dialogues are at hand, and the spread of a sample is not that of all
    assert dialogues_per_arm(0.10, (variance, variance)) == pytest.approx(STATED[metric], rel=0.13)
