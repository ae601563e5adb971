"""What counts as a way that works, and what is worked out from the files."""

import json

import pytest

from compat.matrix import Outcome, expected_results, judge, table
from compat.probe import SHIPPED_CONFIGS, rows_hash
from generation.dataset import dataset_rows
from kmi import CONFIGS, SPLITS

NO_SCRIPTS = "Dataset scripts are no longer supported, but found kmi.py"


def test_probe_names_the_configs_of_the_contract():
    assert SHIPPED_CONFIGS == CONFIGS


def test_expected_hash_is_that_of_the_rows(small_project, small_dialogues):
    rows = dataset_rows(small_dialogues)
    named = {f"{config}/{split}": rows[config, split] for config in CONFIGS for split in SPLITS}
    expected = expected_results(small_project)
    assert expected["folder"] == expected["import, streaming"] == rows_hash(named)
    assert expected["wheel"] == ["kmi", "kmi.py"]


def test_hash_tells_rows_texts_and_splits_apart():
    rows = {"a/train": [{"x": "가"}, {"x": "나"}], "a/test": []}
    others = [
        {"a/train": [{"x": "나"}, {"x": "가"}], "a/test": []},
        {"a/train": [{"x": "가"}], "a/test": [{"x": "나"}]},
        {"a/train": [{"x": "가"}, {"x": "나"}]},
    ]
    assert len({json.dumps(rows_hash(one)) for one in (rows, *others)}) == 4


@pytest.mark.parametrize(
    ("version", "found", "is_right"),
    [
        pytest.param("3.6.0", "ab", True, id="3 runs the script"),
        pytest.param("3.6.0", NO_SCRIPTS, False, id="3 must run it"),
        pytest.param("4.0.0", NO_SCRIPTS, True, id="4 says that it runs none"),
        pytest.param("5.2.0", "ab", False, id="5 must say so"),
    ],
)
def test_script_runs_in_3_and_is_refused_in_words_after(version, found, is_right):
    assert (judge("script", version, found, "ab").fault == "") is is_right


def test_table_shows_faults_below():
    outcomes = [
        Outcome("folder", "3.6.0"),
        Outcome("script", "3.6.0"),
        Outcome("folder", "5.2.0", "gave 1"),
        Outcome("script", "5.2.0", note="no scripts"),
    ]
    assert table(outcomes).splitlines() == [
        "way     3.6.0  5.2.0",
        "folder  yes    NO",
        "script  yes    no scripts",
        "5.2.0, folder: gave 1",
    ]
