import json

import pytest

from kmi import Label
from metrics.rating.collecting import build_report
from metrics.rating.exports import Export
from metrics.rating.items import CANNOT_TELL, TIE
from metrics.rating.packet import Key, KeyDialogue


def make_key(**changes):
    origins = [("b", "7"), ("a", "1"), ("a", "2"), ("b", "8")]
    fields = {
        "packet": "f" * 64,
        "command": "python -m metrics rate prepare a=PATH b=PATH",
        "sources": ("a", "b"),
        "items": {"empathy": None},
        "dialogues": {
            f"D{number:02d}": KeyDialogue(source=source, id=name, category="Family", language="ko")
            for number, (source, name) in enumerate(origins, start=1)
        },
        "checks": {"D01.1": "General", "D01.3": "Affirm", "D02.1": "General", "D02.2": "Neutral"},
        "pairs": {"P01": ("D01", "D02"), "P02": ("D03", "D04")},
    }
    return Key(**fields | changes)


def export(rater, levels, checks=None, preferences=None):
    ratings = {
        (f"D{number:02d}", "empathy"): level
        for number, level in enumerate(levels, start=1)
        if level is not None
    }
    return Export(rater=rater, ratings=ratings, checks=checks or {}, preferences=preferences or {})


def test_mean_of_a_source_is_over_raters_then_dialogues_whatever_is_missing():
    # a: D02 has 4 and 5 -> 4.5, D03 has 3 -> 3; b: D01 2, D04 not rated
    report = build_report(make_key(), [export("kim", [2, 4, None, None]), export("lee", [None, 5, 3, None])])
    figures = report["items"]["empathy"]["sources"]
    assert figures["a"]["mean"] == 3.75 and figures["a"]["n_dialogues"] == 2
    assert figures["b"]["mean"] == 2.0 and figures["b"]["n_dialogues"] == 1
    assert figures["b"]["interval"] == [None, None]


def test_interval_is_given_from_five_dialogues_on():
    names = {f"D0{n}": KeyDialogue(source="a", id=str(n), category=None, language="ko") for n in range(1, 6)}
    key = make_key(sources=("a",), dialogues=names, checks={}, pairs={})
    report = build_report(key, [export("kim", [3, 3, 3, 3, 3])])
    assert report["items"]["empathy"]["sources"]["a"]["interval"] == [3.0, 3.0]


def test_agreement_equals_hand_count():
    # kim 4 4 2 2, lee 5 5 2 2: kappa 1 - 2 / ((1 + 4 + 9 + 0) * 2 * 2 / 4) = 1 - 2 / 14
    # mean squares: dialogues 12.5 / 3, raters .5, error .5 / 3; ICC(2,k) = 4 / (25 / 6 + (1/2 - 1/6) / 4)
    report = build_report(make_key(), [export("kim", [4, 4, 2, 2]), export("lee", [5, 5, 2, 2])])
    agreement = report["items"]["empathy"]["agreement"]
    assert agreement["weighted_kappas"] == [
        {"raters": ["kim", "lee"], "n": 4, "weighted_kappa": pytest.approx(1 - 2 / 14)}
    ]
    assert agreement["icc_2_k"] == pytest.approx(4 / 4.25)
    assert agreement["n_dialogues_by_all"] == 4
    # values 2 2 2 2 4 4 5 5: ordinal middles 2, 5, 7; found 2 units * 2 * (7 - 5)^2 = 16
    # by chance 2 * (4 * 2 * 9 + 4 * 2 * 25 + 2 * 2 * 4) = 576; alpha = 1 - 7 * 16 / 576
    assert agreement["krippendorff_alpha"] == pytest.approx(1 - 7 * 16 / 576)


def test_icc_rests_on_dialogues_that_every_rater_of_the_item_rated():
    exports = [export("kim", [4, 4, 2, None]), export("lee", [5, 5, 2, 1]), export("idle", [None] * 4)]
    agreement = build_report(make_key(), exports)["items"]["empathy"]["agreement"]
    assert (agreement["n_raters"], agreement["n_dialogues_by_all"]) == (2, 3)


def test_agreement_of_one_rater_is_undefined():
    agreement = build_report(make_key(), [export("kim", [4, 4, 2, 2])])["items"]["empathy"]["agreement"]
    assert agreement["weighted_kappas"] == []
    assert agreement["mean_weighted_kappa"] is agreement["icc_2_k"] is agreement["krippendorff_alpha"] is None


def test_win_rate_counts_a_tie_half_and_a_pair_once():
    # P01: kim a (1), lee tie (.5) -> .75; P02: kim b -> 0; mean .375
    exports = [
        export("kim", [], preferences={"P01": "D02", "P02": "D04"}),
        export("lee", [], preferences={"P01": TIE}),
    ]
    (figures,) = build_report(make_key(), exports)["preferences"]
    assert figures["sources"] == ["a", "b"]
    assert (figures["wins"], figures["ties"], figures["losses"], figures["n_pairs"]) == (1, 1, 1, 2)
    assert figures["win_rate"] == 0.375
    assert figures["interval"][0] < 0.375 < figures["interval"][1]


def test_label_agreement_equals_hand_count_by_speaker_and_source():
    exports = [
        export("kim", [], {"D01.1": "General", "D01.3": "General", "D02.1": "General", "D02.2": "Neutral"}),
        export("lee", [], {"D01.1": "General", "D01.3": "Affirm", "D02.1": CANNOT_TELL}),
    ]
    labels = build_report(make_key(), exports)["labels"]
    therapist = labels["Therapist"]["all"]
    # D01.1 2 of 2, D01.3 1 of 2, D02.1 1 of 1 -> 5 / 6
    assert therapist["agreement_share"] == pytest.approx(5 / 6)
    assert (therapist["n_utterances"], therapist["n_judgments"], therapist["n_cannot_tell"]) == (3, 5, 1)
    # data G G A A G, raters G G G A G: found 4/5, by chance (3 * 4 + 2 * 1) / 25; (20 - 14) / (25 - 14)
    assert therapist["kappa_with_data"] == pytest.approx(6 / 11)
    # G G and G A: found 2, by chance 2 * 3 * 1, n = 4: 1 - 3 * 2 / 6
    assert therapist["alpha_of_raters"] == pytest.approx(0.0)
    assert labels["Therapist"]["sources"]["a"]["agreement_share"] == 1.0
    assert labels["Client"]["all"]["agreement_share"] == 1.0
    assert list(labels["Client"]["sources"]) == ["a"]


def test_report_says_what_is_missing_and_holds_ids_and_ratings():
    report = build_report(make_key(), [export("kim", [4, None, 2, 2], {"D01.1": str(Label.GENERAL)})])
    assert report["raters"] == [
        {"rater": "kim", "ratings": [3, 4], "checks": [1, 4], "preferences": [0, 2], "comments": 0}
    ]
    assert report["dialogues"]["D02"] == {"source": "a", "id": "1", "ratings": {"kim": {"empathy": None}}}
    json.dumps(report, allow_nan=False)
