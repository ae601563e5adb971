import numpy as np
import pytest

from metrics.judging.bradley_terry import bradley_terry, strength_intervals, win_probability

THREE_TO_ONE = [(0, 1, 1.0)] * 3 + [(0, 1, 0.0)]


def test_two_systems_get_their_share_of_wins():
    strengths = bradley_terry(THREE_TO_ONE, 2, prior_wins=0.0)
    assert strengths == pytest.approx([np.log(3) / 2, -np.log(3) / 2])  # odds 3 to 1, mean 0
    assert win_probability(strengths[0] - strengths[1]) == pytest.approx(0.75)


def test_ties_count_half_and_the_prior_draws_to_even():
    strengths = bradley_terry([(0, 1, 1.0), (0, 1, 0.5)], 2)  # 1.5 + .5 wins to .5 + .5
    assert np.exp(strengths[0] - strengths[1]) == pytest.approx(2.0)


def test_a_chain_of_three_multiplies_the_odds():
    # 0 beats 1 two to one, 1 beats 2 two to one, 0 and 2 never meet: the odds of 0 over 2 are 4 to 1
    games = [(0, 1, 1.0)] * 2 + [(1, 0, 1.0)] + [(1, 2, 1.0)] * 2 + [(2, 1, 1.0)]
    strengths = bradley_terry(games, 3, prior_wins=0.0)
    assert np.exp(strengths[0] - strengths[2]) == pytest.approx(4.0, abs=1e-6)


def test_unbounded_strength_and_no_comparison_are_refused():
    with pytest.raises(ValueError, match="never won or never lost"):
        bradley_terry([(0, 1, 1.0)], 2, prior_wins=0.0)
    with pytest.raises(ValueError, match="no comparison"):
        bradley_terry([], 2)


def test_intervals_hold_the_estimate_and_mirror_each_other():
    games = THREE_TO_ONE * 10
    strengths = bradley_terry(games, 2)
    intervals = strength_intervals(games, 2, np.random.default_rng(1), n_resamples=200)
    low, high = intervals[0, 1]
    assert 0 < low < strengths[0] - strengths[1] < high
    assert intervals[1, 0] == pytest.approx([-high, -low])
