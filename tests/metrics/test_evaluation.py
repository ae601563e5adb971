from math import isnan

import numpy as np
import pytest

from kmi import Label, Role
from metrics.dialogues import ClientCoding, Dialogue, Utterance
from metrics.divergence import count_label_pairs
from metrics.evaluation import ScoreSettings, estimate_group, metric_values
from metrics.ratios import drop_opening

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label
REFERENCE = count_label_pairs([[SR, OQ]], (SR, OQ))


def dialogue(*labels):
    return Dialogue(
        id="x",
        utterances=tuple(Utterance(role=Role.CLIENT if a is None else a.role, label=a) for a in labels),
    )


def test_drop_opening_leaves_out_the_first_therapist_turn_alone():
    assert drop_opening([CT, OQ, CT, OQ]) == [CT, CT, OQ]
    assert drop_opening([None]) == [None]


def test_values_leave_the_opening_out_of_counts_and_keep_it_in_transitions():
    values = metric_values([dialogue(OQ, CT, SR, NE, OQ, ST)], ClientCoding.FULL)
    # opening left out: SR / OQ = 1/1; with it: 1/2
    assert values["reflection_to_question_ratio"] == [1.0]
    # opening kept: OQ -> CT, OQ -> ST = 1/2; without it: 0/1
    assert values["change_talk_after_open_question_probability"] == [0.5]


@pytest.mark.parametrize(
    ("coding", "change_talk", "sustain_talk"),
    [
        (ClientCoding.NONE, True, True),
        (ClientCoding.CHANGE_TALK, False, True),
        (ClientCoding.FULL, False, False),
    ],
)
def test_values_that_the_coding_cannot_give_are_undefined(coding, change_talk, sustain_talk):
    values = metric_values([dialogue(GE, CT, OQ, ST)], coding)
    assert isnan(values["change_talk_turn_share"][0]) is change_talk
    assert isnan(values["percent_change_talk"][0]) is sustain_talk
    assert values["reflection_share"] == [0.0]


def test_estimate_averages_dialogues_and_pools_counts():
    dialogues = [dialogue(GE, OQ, SR, SR), dialogue(GE, OQ, OQ, SR), dialogue(GE, AF)]
    estimates = estimate_group(
        dialogues, metric_values(dialogues, ClientCoding.NONE), REFERENCE, ScoreSettings(n_resamples=10)
    )
    ratio = estimates["reflection_to_question_ratio"]
    # R:Q is 2/1, 1/2 and undefined: mean (2 + .5) / 2, pooled (2 + 1) / (1 + 2)
    assert (ratio.mean, ratio.pooled, ratio.n_defined) == (1.25, 1.0, 2)
    assert np.isnan([ratio.low, ratio.high]).all()
    # pooled entropy over OQ 3, SR 3, AF 1 of 7
    shares = np.array([3, 3, 1]) / 7
    assert estimates["label_entropy"].pooled == pytest.approx(-(shares * np.log2(shares)).sum() / 3)


def test_estimate_of_a_corpus_metric_is_pooled_alone():
    # both dialogues give the pair SR -> OQ and nothing else, as the reference does
    dialogues = [dialogue(GE, SR, OQ), dialogue(OQ, SR, OQ)]
    estimates = estimate_group(
        dialogues, metric_values(dialogues, ClientCoding.NONE), REFERENCE, ScoreSettings(n_resamples=10)
    )
    assert estimates["label_pair_divergence"].pooled == 0.0
    assert isnan(estimates["label_pair_divergence"].mean)


@pytest.mark.parametrize(
    "wrong",
    [{"n_resamples": 0}, {"random_seed": -1}, {"confidence": 1.0}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_settings_without_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match="is not allowed"):
        ScoreSettings(**wrong)
