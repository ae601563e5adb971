"""The metrics report is read only where it belongs to the data."""

import json

import pytest

from dataset_card.corpus import CardError, read_corpus
from dataset_card.report import MetricRow, metric_rows, read_report


@pytest.fixture
def read(small_project, small_report):
    """Read the small report after a change to it."""

    def read_changed(change=lambda report: None):
        report = json.loads(small_report.read_text(encoding="utf-8"))
        change(report)
        small_report.write_text(json.dumps(report), encoding="utf-8")
        folder = small_project / "kmi"
        return read_report(small_report, read_corpus(folder), folder)

    return read_changed


def test_report_of_the_same_data_is_read(read):
    assert read()["counts"]["dialogues"] == 4


def test_missing_report_names_the_command_that_makes_it(small_project, tmp_path):
    folder, path = small_project / "kmi", tmp_path / "none.json"
    with pytest.raises(
        CardError, match=f"no metrics report at {path}; run `python -m metrics score {folder} --out"
    ):
        read_report(path, read_corpus(folder), folder)


@pytest.mark.parametrize("text", ["{", "[]", '"text"'], ids=["cut short", "a list", "a text"])
def test_damaged_report_is_refused(small_project, small_report, text):
    small_report.write_text(text)
    folder = small_project / "kmi"
    with pytest.raises(CardError, match=r"report.json.*; run `python -m metrics score"):
        read_report(small_report, read_corpus(folder), folder)


def test_report_of_another_layout_is_refused(read):
    with pytest.raises(CardError, match="has report_version 99, not 1; run"):
        read(lambda report: report.update(report_version=99))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda counts: counts.update(utterances=21), "utterances 21, the data 22", id="utterances"
        ),
        pytest.param(
            lambda counts: counts["dialogues_by_split"].update(train=3), "dialogues by split", id="dialogues"
        ),
        pytest.param(lambda counts: counts["labels"].update({"Affirm": 5}), "labels", id="labels"),
        pytest.param(lambda counts: counts.clear(), "dialogues by split None", id="no counts"),
    ],
)
def test_report_of_other_data_is_called_old(read, change, message):
    with pytest.raises(CardError, match=f"is old: it has .*{message}"):
        read(lambda report: change(report["counts"]))


def test_metric_rows_write_values_by_unit_and_dashes_for_what_is_not_known():
    described = {"title": "%CR", "summary": "Give the percentage.", "unit": "percent", "direction": "higher"}
    divergence = {"title": "JSD", "summary": "How far.", "unit": "bits", "direction": "lower"}
    report = {
        "metrics": {"percent": described, "divergence": divergence},
        "groups": {
            "all": {
                "metrics": {
                    "percent": {"mean": 51.26, "interval": [40.0, 62.54], "pooled": 50.0},
                    "divergence": {"mean": None, "interval": None, "pooled": 0.126},
                }
            }
        },
        "reference": {
            "corpora": {"high": {}, "low": {}},
            "metrics": {"percent": {"high": {"mean": 51, "interval": None}}},
        },
    }
    assert list(metric_rows(report)) == [
        MetricRow("%CR", "the percentage.", "percent", "higher", "51.3 [40.0, 62.5]", ("51.0", "–")),
        MetricRow("JSD", "How far.", "bits", "lower", "0.13", ("–", "–")),
    ]
