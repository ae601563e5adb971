import json
from math import isnan, log2

import numpy as np
import pytest

from kmi import Label
from metrics.divergence import (
    LabelCounts,
    count_label_pairs,
    jensen_shannon_divergence,
    label_divergence,
    label_pair_divergence,
    read_label_counts,
)

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


def test_pairs_skip_other_labels_and_stay_inside_a_dialogue():
    # kept: SR OQ OQ | SR; General and client turns are dropped first, so SR -> OQ and OQ -> OQ are pairs
    counts = count_label_pairs([[SR, CT, GE, None, OQ, NE, OQ], [SR]], (SR, OQ))
    assert counts.unigrams.tolist() == [2, 2]
    assert counts.bigrams.tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("counts", "reference", "expected"),
    [
        pytest.param([1, 3], [2, 6], 0.0, id="same shares"),
        pytest.param([4, 0], [0, 9], 1.0, id="nothing in common"),
        # p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4):
        # (1 · log2(4/3) + 1/2 · log2(2/3) + 1/2 · log2(2)) / 2
        pytest.param([7, 0], [1, 1], (log2(4 / 3) + 0.5 * log2(2 / 3) + 0.5) / 2, id="half in common"),
    ],
)
def test_divergence_equals_hand_sum_both_ways(counts, reference, expected):
    p, q = np.array(counts), np.array(reference)
    assert jensen_shannon_divergence(p, q) == pytest.approx(expected)
    assert jensen_shannon_divergence(q, p) == pytest.approx(expected)


def test_corpus_metrics_read_labels_and_pairs():
    # same labels (two SR, two OQ), no pair in common (SR SR, OQ OQ against SR OQ, OQ SR)
    runs = count_label_pairs([[SR, SR], [OQ, OQ]], (SR, OQ))
    alternating = count_label_pairs([[SR, OQ], [OQ, SR]], (SR, OQ))
    assert label_divergence(runs, alternating) == 0.0
    assert label_pair_divergence(runs, alternating) == 1.0


def test_divergence_is_undefined_without_counts():
    nothing = count_label_pairs([[GE]], (SR, OQ))
    one = count_label_pairs([[SR]], (SR, OQ))
    assert isnan(label_divergence(nothing, one))
    assert isnan(label_pair_divergence(one, one))


def test_label_counts_refuse_a_wrong_shape():
    with pytest.raises(ValueError, match=r"bigrams: expected counts of shape \(1, 1\)"):
        LabelCounts((SR,), np.array([1]), np.array([1]))


def test_read_label_counts_reads_what_was_written(tmp_path):
    path = tmp_path / "counts.json"
    path.write_text(
        json.dumps({"labels": [SR, OQ], "unigram": [2, 1], "bigram_rows_from_columns_to": [[0, 1], [0, 0]]})
    )
    counts = read_label_counts(path)
    assert counts.labels == (SR, OQ)
    assert counts.bigrams.tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("{", "Expecting property name", id="broken JSON"),
        pytest.param("[]", "list indices", id="no object"),
        pytest.param('{"labels": ["Simple Reflection"]}', "field 'unigram' is missing", id="missing field"),
        pytest.param('{"labels": ["Smile"]}', "'Smile' is not a valid Label", id="unknown label"),
        pytest.param(
            '{"labels": ["Advise"], "unigram": [1, 2], "bigram_rows_from_columns_to": [[1]]}',
            "unigrams: expected counts of shape",
            id="counts do not fit",
        ),
    ],
)
def test_read_label_counts_says_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "counts.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as caught:
        read_label_counts(path)
    assert "counts.json" in str(caught.value)


def test_read_label_counts_names_a_missing_file(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere\.json: cannot be read \(No such file"):
        read_label_counts(tmp_path / "nowhere.json")
