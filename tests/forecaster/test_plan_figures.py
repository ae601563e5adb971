import json
from math import isnan, log2

import pytest

from forecaster.plan_figures import content_labels, count_bigrams, divergence, figures, reaches, read_target
from forecaster.plan_record import Plan, PlanError, PlannedTurn
from kmi import SUBLABELS, Label

GE, OQ, CQ, SR, CR, GI, AF = (
    Label.GENERAL,
    Label.OPEN_QUESTION,
    Label.CLOSED_QUESTION,
    Label.SIMPLE_REFLECTION,
    Label.COMPLEX_REFLECTION,
    Label.GIVE_INFORMATION,
    Label.AFFIRM,
)
CT, ST, N = Label.CHANGE_TALK, Label.SUSTAIN_TALK, Label.NEUTRAL


def plan(*labels):
    turns = tuple(PlannedTurn(label.role, label, SUBLABELS[label][0], "evoking") for label in labels)
    return Plan(profile_id=1, variant="standard", random_seed=1, turns=turns)


def test_divergence_equals_hand_sum():
    # (1/2, 1/2) against (1, 0): middle (3/4, 1/4).
    first = 0.5 * log2(0.5 / 0.75) + 0.5 * log2(0.5 / 0.25)
    second = log2(1 / 0.75)
    assert divergence({"a": 1, "b": 1}, {"a": 4}) == pytest.approx((first + second) / 2)
    assert divergence({"a": 2}, {"a": 7}) == 0.0
    assert isnan(divergence({}, {"a": 1}))


def test_content_labels_leave_out_the_opening_and_general():
    assert content_labels(plan(OQ, N, SR, CT, GE, N, AF).turns) == [SR, AF]


def test_bigrams_skip_general_and_do_not_cross_plans():
    counts = count_bigrams([plan(OQ, N, SR, CT, GE, N, AF), plan(OQ, N, OQ, N, SR)])
    assert counts == {(SR, AF): 1, (OQ, SR): 1}


def test_figures_equal_hand_counts():
    result = figures([plan(GE, N, OQ, CT, SR, ST, CR, CT, CQ, N, GI, CT, GE)])
    assert result["mean_utterances"] == 13
    assert result["change_talk_share"] == pytest.approx(3 / 6)
    assert result["sustain_talk_share"] == pytest.approx(1 / 6)
    assert result["change_talk_given_open_question"] == 1.0
    assert result["reflection_given_change_talk"] == pytest.approx(1 / 3)
    assert result["reflection_given_sustain_talk"] == 1.0
    assert result["open_question_share_of_questions"] == pytest.approx(1 / 2)
    assert result["information_share"] == pytest.approx(1 / 7)
    assert result["one_information_plans_share"] == 1.0
    assert result["miti_fair_plans_share"] == 1.0
    assert result["miti_good_plans_share"] == 0.0


@pytest.mark.parametrize(
    ("labels", "bounds", "expected"),
    [
        pytest.param((GE, N, SR, N, CR, N, OQ), (2.0, 50.0), True, id="on the bounds"),
        pytest.param((GE, N, SR, N, SR, N, OQ), (2.0, 50.0), False, id="no complex reflection"),
        pytest.param((GE, N, CR, N, OQ, N, CQ), (1.0, 0.0), False, id="two questions, one reflection"),
        pytest.param((OQ, N, CR, N, OQ), (1.0, 0.0), True, id="the opening does not count"),
    ],
)
def test_reaches_compares_ratio_and_percent(labels, bounds, expected):
    assert reaches(plan(*labels).turns, *bounds) is expected


def test_target_is_read_row_by_row(tmp_path):
    path = tmp_path / "target.json"
    content = {"labels": [SR, OQ], "unigram": [3, 4], "bigram_rows_from_columns_to": [[1, 2], [3, 4]]}
    path.write_text(json.dumps(content), encoding="utf-8")
    unigram, bigram = read_target(path)
    assert unigram == {SR: 3, OQ: 4}
    assert bigram == {(SR, SR): 1, (SR, OQ): 2, (OQ, SR): 3, (OQ, OQ): 4}


@pytest.mark.parametrize("content", ["{", "{}", '{"labels": ["Song"], "unigram": [1]}', "[]"])
def test_target_of_another_form_is_refused(tmp_path, content):
    path = tmp_path / "target.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PlanError, match="expected: labels, unigram"):
        read_target(path)
    with pytest.raises(PlanError, match="cannot read"):
        read_target(tmp_path / "none.json")
