import json

import pytest

from kmi import Label, Role
from metrics.dialogues import ClientCoding, Dialogue, Utterance
from metrics.evaluation import ScoreSettings
from metrics.readers import Reading
from metrics.registry import TEXT_METRICS
from metrics.report import TEXT_REFERENCE_FIGURES, build_report, dump_report
from metrics.tables import render_report
from metrics.text import korean
from metrics.text.analysis import Language
from metrics.text_report import score_texts

QUICK = ScoreSettings(n_resamples=20)
KOREAN, ENGLISH = Language


def talk(number, *texts, split="train", **columns):
    """Therapist and client in turn; texts in Korean and English."""
    turns = [
        Utterance(
            role=Role.CLIENT if place % 2 else Role.THERAPIST,
            label=Label.CHANGE_TALK if place % 2 else Label.OPEN_QUESTION,
            text_ko=ko,
            text_en=en,
        )
        for place, (ko, en) in enumerate(texts)
    ]
    return Dialogue(id=str(number), utterances=tuple(turns), split=split, **columns)


BOTH = (("오늘은 어떠세요?", "How are you?"), ("네, 좋아요.", "Yes, fine."))
OTHER = (("무슨 일이세요?", "What happened?"), ("아니요, 별로요.", "No, nothing."))


def test_languages_are_scored_where_they_are_found():
    dialogues = [talk(1, *BOTH), talk(2, ("How?", None)), talk(3, (None, "How?"), (None, "Well."))]
    korean_scores, english_scores = score_texts(dialogues, ClientCoding.FULL)
    assert korean_scores.places == (0, 1)
    assert english_scores.places == (0, 2)
    assert "gunyo_ending_share" in korean_scores.values
    assert "gunyo_ending_share" not in english_scores.values


def test_collection_without_texts_has_no_text_metrics():
    labels_only = Dialogue(
        id="1", utterances=(Utterance(role=Role.THERAPIST, label=Label.GENERAL),), split="train"
    )
    report = build_report(Reading((labels_only,), ()), source="x", settings=QUICK)
    assert report["texts"] == {}
    assert report["groups"]["all"]["texts"] == {}
    assert report["groups"]["all"]["change_talk_curve"] is None


def test_report_holds_text_metrics_of_each_group_and_language():
    dialogues = (talk(1, *BOTH), talk(2, *OTHER, split="test"))
    report = build_report(Reading(dialogues, ()), source="x", settings=QUICK)
    groups = report["groups"]
    # one of two client turns begins with yes: the one in train
    assert groups["all"]["texts"]["ko"]["agreeing_start_share"]["mean"] == 0.5
    assert groups["train"]["texts"]["en"]["agreeing_start_share"]["mean"] == 1.0
    assert groups["test"]["texts"]["en"]["agreeing_start_share"]["mean"] == 0.0
    assert groups["all"]["change_talk_curve"]["thirds"] == [1.0, None, None]
    assert report["texts"]["ko"]["analyzer"].startswith("kiwipiepy 0.")
    assert json.loads(dump_report(report)) == report
    lines = render_report(report).splitlines()
    headers = [n for n, line in enumerate(lines) if line.split() == ["metric", "all", "train", "test"]]
    assert [lines[n + 2].split()[:2] for n in headers] == [["high", "quality"]] * 2


def test_report_without_the_analyzer_says_so_and_keeps_the_rest(monkeypatch):
    monkeypatch.setattr(korean, "is_installed", lambda: False)
    report = build_report(Reading((talk(1, *BOTH),), ()), source="x", settings=QUICK)
    assert report["texts"]["ko"]["note"] == "kiwipiepy is not installed; run `pip install kiwipiepy`"
    assert report["groups"]["all"]["texts"]["ko"] == {}
    assert report["groups"]["all"]["texts"]["en"]["agreeing_start_share"]["mean"] == 1.0
    text = render_report(report)
    assert "text metrics, Korean: left out; kiwipiepy is not installed" in text
    assert "text metrics, English, 1 dialogues" in text


def test_quality_is_undefined_where_client_language_is_not_coded():
    (scores,) = score_texts([talk(1, ("오늘은 어떠세요?", None))], ClientCoding.NONE)
    assert scores.estimates([0], QUICK)["high_quality_share"].n_defined == 0


def test_reference_names_metrics_that_exist():
    corpora = json.loads(TEXT_REFERENCE_FIGURES.read_text(encoding="utf-8"))["corpora"]
    assert set(corpora) == {"original_kmi", "annomi_high", "annomi_low"}
    for corpus in corpora.values():
        assert set(corpus["metrics"]) <= {metric.name for metric in TEXT_METRICS}


MEASURED_BEFORE = {  # on 285 early outputs of the KMI generator, of which the sample is 193
    "simple_reflection_overlap_share": ("pooled", 0.77),
    "agreeing_start_share": ("pooled", 0.46),
    "gunyo_ending_share": ("pooled", 0.38),
    "therapist_length_variation_ratio": ("pooled", 0.28),
    "client_length_variation_ratio": ("pooled", 0.39),
    "short_client_turn_share": ("pooled", 0.002),
    "common_opening_share": ("mean", 0.54),
    "exact_duplicate_share": ("pooled", 0.013),
    "closing_share": ("mean", 0.01),
    "stock_word_turn_share": ("pooled", 0.033),
    "praise_formula_turn_share": ("pooled", 0.09),
}


@pytest.fixture(scope="module")
def original_estimates(original):
    (scores,) = (s for s in score_texts(original, ClientCoding.CHANGE_TALK) if s.language is KOREAN)
    return scores.estimates(range(len(original)), QUICK)


@pytest.mark.parametrize("name", MEASURED_BEFORE)
def test_text_metric_of_the_original_is_as_measured_before(name, original_estimates):
    kind, expected = MEASURED_BEFORE[name]
    assert getattr(original_estimates[name], kind) == pytest.approx(expected, abs=0.025)
