import json

import pytest

from metrics.comparing.comparison import build_comparison
from metrics.comparing.tables import render_comparison
from metrics.comparing.testing import N_PERMUTATIONS
from metrics.evaluation import ScoreSettings
from metrics.readers import Table, parse_tables
from metrics.registry import METRICS
from metrics.report import dump_report
from metrics.scores import compute_scores

QUICK = ScoreSettings(n_resamples=50)
REFLECTS = ("General", "Neutral", "Simple Reflection", "Change Talk", "Complex Reflection", "Change Talk")
ASKS = ("General", "Neutral", "Open Question", "Neutral", "Closed Question", "Sustain Talk")


def scores(name, *kinds, text="We talked about smoking again."):
    def turn(label, number):
        role = "Client" if label in ("Neutral", "Change Talk", "Sustain Talk") else "Therapist"
        return {"role": role, "label": label, "utterance_en": f"{text} {number}"}

    rows = [
        (f"{name}, row {i}", {"dialogue": [turn(label, 10 * i + j) for j, label in enumerate(labels)]})
        for i, labels in enumerate(kinds)
    ]
    return compute_scores(parse_tables([Table(name, None, rows)]), name)


@pytest.fixture(scope="module")
def comparison():
    return build_comparison(
        scores("asking", *[ASKS] * 8), scores("reflecting", *[REFLECTS] * 8), settings=QUICK
    )


def test_comparison_says_which_source_has_more(comparison):
    row = comparison["metrics"]["reflection_share"]
    assert (row["first"]["mean"], row["second"]["mean"], row["difference"]) == (0.0, 1.0, 1.0)
    assert row["effect"]["value"] == 1.0
    assert comparison["first"]["source"] == "asking"


def test_every_test_is_corrected_for_all_tests(comparison):
    tested = {
        name: row
        for rows in (comparison["metrics"], *comparison["texts"].values())
        for name, row in rows.items()
        if row["p_value"] is not None
    }
    assert len(tested) == comparison["settings"]["n_tests"]
    # 8 against 8 wholly apart: 2 of the 12,870 deals are as far, near the least of the permutations
    row = tested["reflection_share"]
    assert row["p_value"] <= 10 / N_PERMUTATIONS
    assert row["p_value_holm"] == pytest.approx(row["p_value"] * len(tested), abs=0.01)


def test_what_compares_dialogues_is_not_tested_and_divergences_have_no_interval(comparison):
    assert comparison["texts"]["en"]["self_bleu_share"]["p_value_holm"] is None
    assert comparison["texts"]["en"]["self_bleu_share"]["interval"] is not None
    divergence = comparison["metrics"]["label_divergence"]
    assert (divergence["interval"], divergence["effect"], divergence["p_value_holm"]) == (None, None, None)
    assert divergence["difference"] != 0


def test_comparison_is_json_with_metrics_in_the_order_of_the_registry(comparison):
    assert list(json.loads(dump_report(comparison))["metrics"]) == [metric.name for metric in METRICS]


def test_sources_without_a_common_language_are_compared_by_labels_alone():
    korean = scores("ko", *[ASKS] * 6, text="")
    korean_only = build_comparison(scores("en", *[ASKS] * 6), korean, settings=QUICK)
    assert korean_only["texts"].keys() <= {"en"}


def test_tables_show_sources_differences_effects_and_notes(comparison):
    text = render_comparison(comparison)
    assert text.startswith("first: asking, 8 dialogues, 48 utterances")
    line = next(line for line in text.splitlines() if line.startswith("R/(R+Q)"))
    assert "0.00 (8)" in line and "1.00 (8)" in line and "+1.00" in line
    assert all(note in text for note in comparison["notes"])
