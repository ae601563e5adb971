import json
import time
from collections import Counter

import numpy as np
import pytest

from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Risk, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.evaluation import ScoreSettings
from metrics.readers import Reading, Refusal, read_dialogues
from metrics.registry import METRICS
from metrics.report import (
    NOT_CODED,
    REFERENCE_COUNTS,
    REFERENCE_FIGURES,
    build_report,
    dump_report,
    group_members,
)

QUICK = ScoreSettings(n_resamples=50)


def dialogue(number, *labels, **columns):
    turns = tuple(Utterance(role=Role.CLIENT if a is None else a.role, label=a) for a in labels)
    return Dialogue(id=str(number), utterances=turns, **columns)


def random_dialogues(n, n_turns=24):
    rng = np.random.default_rng(5)
    return tuple(
        dialogue(
            number,
            *(
                label
                for pair in zip(
                    rng.choice(THERAPIST_LABELS, n_turns // 2),
                    rng.choice(CLIENT_LABELS, n_turns // 2),
                    strict=True,
                )
                for label in map(Label, pair)
            ),
            split=("train", "validation", "test")[number % 3],
            risk=Risk.NONE if number % 10 else Risk.ALCOHOL_DRUGS,
        )
        for number in range(n)
    )


def test_report_counts_dialogues_utterances_labels_and_groups():
    dialogues = (
        dialogue(
            1,
            Label.GENERAL,
            Label.CHANGE_TALK,
            Label.AFFIRM,
            split="train",
            category="Family",
            risk=Risk.NONE,
        ),
        dialogue(2, Label.GENERAL, None, split="test", category="Family", risk=Risk.VIOLENCE_ABUSE),
    )
    report = build_report(Reading(dialogues, (Refusal("row 3", "why"),)), source="x", settings=QUICK)
    counts = report["counts"]
    assert (counts["dialogues"], counts["utterances"]) == (2, 5)
    assert counts["utterances_by_role"] == {"Therapist": 3, "Client": 2}
    assert counts["dialogues_by_split"] == {"train": 1, "test": 1}
    assert counts["dialogues_by_category"] == {"Family": 2}
    assert counts["dialogues_by_risk"] == {"none": 1, "violence_abuse": 1}
    assert counts["labels"][NOT_CODED] == 1
    assert list(report["groups"]) == ["all", "train", "test", "standard", "risk"]
    assert report["client_coding"]["name"] == "change_talk"
    assert report["refused"] == [{"where": "row 3", "reason": "why"}]
    # General is 2 of the 3 therapist turns, change talk 1 of the 2 client turns
    assert report["groups"]["all"]["labels"]["General"] == {"count": 2, "share": 0.6667}
    assert report["groups"]["all"]["labels"]["Change Talk"] == {"count": 1, "share": 0.5}


def test_group_without_risk_column_is_neither_standard_nor_risk():
    assert group_members([dialogue(1, Label.GENERAL), dialogue(2, Label.AFFIRM, split="dev")]) == {
        "all": [0, 1],
        "dev": [1],
    }


def test_report_is_the_same_bytes_twice_and_has_no_clock():
    reading = Reading(random_dialogues(60), ())
    first = dump_report(build_report(reading, source="x", settings=QUICK))
    assert first == dump_report(build_report(reading, source="x", settings=QUICK))
    other = ScoreSettings(n_resamples=50, random_seed=1)
    assert first != dump_report(build_report(reading, source="x", settings=other))


def test_group_interval_does_not_depend_on_other_groups():
    dialogues = random_dialogues(60)
    whole = build_report(Reading(dialogues, ()), source="x", settings=QUICK)
    test_only = Reading(tuple(d for d in dialogues if d.split == "test"), ())
    apart = build_report(test_only, source="x", settings=QUICK)
    assert whole["groups"]["test"] == apart["groups"]["all"]


def test_report_numbers_are_rounded_and_undefined_ones_null():
    report = build_report(Reading((dialogue(1, Label.GENERAL, None),), ()), source="x", settings=QUICK)
    assert report["groups"]["all"]["metrics"]["reflection_share"] == {
        "mean": None,
        "interval": None,
        "pooled": None,
        "n_defined": 0,
    }
    assert json.loads(dump_report(report)) == report


def test_report_without_a_dialogue_is_an_error():
    with pytest.raises(ValueError, match=r"x: no dialogue to score \(1 refused\)"):
        build_report(Reading((), (Refusal("row 1", "why"),)), source="x")


def test_reference_figures_name_metrics_corpora_and_sources_that_exist():
    reference = json.loads(REFERENCE_FIGURES.read_text(encoding="utf-8"))
    assert set(reference["metrics"]) <= {metric.name for metric in METRICS}
    assert all(corpus["attribution"] for corpus in reference["corpora"].values())
    for figures in reference["metrics"].values():
        for corpus, figure in figures.items():
            if corpus != "auc_high_over_low":
                assert corpus in reference["corpora"]
                assert figure["from"] in reference["sources"]


def test_reference_counts_are_attributed():
    assert "Wu et al. (2022)" in json.loads(REFERENCE_COUNTS.read_text(encoding="utf-8"))["attribution"]


def test_thousand_dialogues_take_little_time():
    reading = Reading(random_dialogues(1000), ())
    start = time.perf_counter()
    build_report(reading, source="x", settings=ScoreSettings(n_resamples=1))
    assert time.perf_counter() - start < 1.0


def test_sample_of_the_original_agrees_with_an_independent_count(original_path):
    report = build_report(read_dialogues(str(original_path)), source="sample", settings=QUICK)
    found = {name: entry["mean"] for name, entry in report["groups"]["all"]["metrics"].items()}
    shares, complex_shares, open_shares, change_shares, evoked = [], [], [], [], []
    for record in json.loads(original_path.read_text(encoding="utf-8")):
        turns = record["dialogue"]
        n = Counter(turn["label"] for turn in turns[1:])
        n_reflections = n["Simple Reflection"] + n["Complex Reflection"]
        n_questions = n["Open Question"] + n["Closed Question"]
        if n_reflections + n_questions:
            shares.append(n_reflections / (n_reflections + n_questions))
        if n_reflections:
            complex_shares.append(100 * n["Complex Reflection"] / n_reflections)
        if n_questions:
            open_shares.append(100 * n["Open Question"] / n_questions)
        change_shares.append(n["Change Talk"] / sum(turn["role"] == "Client" for turn in turns))
        after = [b["label"] for a, b in zip(turns, turns[1:], strict=False) if a["label"] == "Open Question"]
        evoked.append(after.count("Change Talk") / len(after))
    by_hand = {
        "reflection_share": shares,
        "percent_complex_reflections": complex_shares,
        "percent_open_questions": open_shares,
        "change_talk_turn_share": change_shares,
        "change_talk_after_open_question_probability": evoked,
    }
    for name, values in by_hand.items():
        assert found[name] == pytest.approx(sum(values) / len(values), abs=1e-4)
    # measured before on all 285: R/(R+Q) .53, %CR 71, %OQ 95, CT/C .22, P(CT|OQ) .12
    assert found["reflection_share"] == pytest.approx(0.53, abs=0.02)
    assert found["percent_complex_reflections"] == pytest.approx(71, abs=2)
    assert found["percent_open_questions"] == pytest.approx(95, abs=2)
    assert found["change_talk_turn_share"] == pytest.approx(0.22, abs=0.02)
    assert found["change_talk_after_open_question_probability"] == pytest.approx(0.12, abs=0.02)
    # divergence of label pairs of this very sample, measured before: .242
    assert report["groups"]["all"]["metrics"]["label_pair_divergence"]["pooled"] == pytest.approx(
        0.242, abs=0.001
    )
