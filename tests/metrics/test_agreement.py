import numpy as np
import pytest

from metrics.agreement import agreement_intervals, cohen_kappa


@pytest.mark.parametrize(
    ("first", "second", "weighting", "expected"),
    [
        # Agreement 3/4; by chance 2/4 * 2/4 + 2/4 * 1/4 = 3/8; (3/4 - 3/8) / (5/8)
        pytest.param("aabb", "aabc", "nominal", 0.6, id="nominal"),
        # Shares of 1, 2, 3 are 1/4, 1/4, 1/2 and 1/2, 1/4, 1/4. Distance 2 once in 4, so 1/2; by chance
        # (1, 2) 1/16 + (1, 3) 2/16 + (2, 1) 2/16 + (2, 3) 1/16 + (3, 1) 8/16 + (3, 2) 2/16 = 1
        pytest.param([1, 2, 3, 3], [1, 2, 3, 1], "linear", 0.5, id="linear"),
        # Squares: 4 once in 4, so 1; by chance (1 + 4 + 2 + 1 + 16 + 2) / 16 = 1.625
        pytest.param([1, 2, 3, 3], [1, 2, 3, 1], "quadratic", 1 - 1 / 1.625, id="quadratic"),
        pytest.param("ab", "ba", "nominal", -1.0, id="worse than chance"),
        # 2 of 4 agree, as many as by chance: (2 * 2 + 2 * 2) / 16
        pytest.param("aabb", "abab", "nominal", 0.0, id="chance agreement is 0"),
        # found: 1; by chance: (0 + 1 + 1 + 1 + 0 + 0 + 4 + 1 + 1) / 3 = 3
        pytest.param([1, 2, 3], [1, 2, 2], "quadratic", 2 / 3, id="another quadratic"),
    ],
)
def test_kappa_equals_hand_count(first, second, weighting, expected):
    assert cohen_kappa(first, second, weighting) == pytest.approx(expected)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("aa", "aa")], ids=["no pairs", "one category"])
def test_kappa_without_expected_disagreement_is_undefined(first, second):
    assert np.isnan(cohen_kappa(first, second))


def test_kappa_refuses_different_lengths_and_unknown_weightings():
    with pytest.raises(ValueError, match="1 and 2 categories"):
        cohen_kappa("a", "ab")
    with pytest.raises(ValueError, match="'cubic' is not one of nominal, linear, quadratic"):
        cohen_kappa("a", "a", "cubic")


def test_intervals_hold_the_figures_and_widen_with_fewer_dialogues():
    first, second = "aabbaabb" * 10, "aabbabab" * 10  # 6 of 8 agree in each repetition; kappa .5
    rng = np.random.default_rng
    many = agreement_intervals(first, second, [n // 4 for n in range(80)], rng(1))
    few = agreement_intervals(first, second, [n // 40 for n in range(80)], rng(1))
    assert many[0][0] < 0.5 < many[0][1] and many[1][0] < 0.75 < many[1][1]
    assert few == ((0.5, 0.5), (0.75, 0.75))  # both dialogues are alike, so every resample is


def test_intervals_without_pairs_are_undefined():
    assert np.isnan(agreement_intervals("", "", [], np.random.default_rng(1))).all()
