from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from metrics.coding.recorded import recorded_codings

DATA = Path(__file__).parents[3] / "kmi" / "data"
REQUESTS_WITHOUT_REVISION = 2


@pytest.fixture(scope="module")
def codings():
    return list(recorded_codings())


@pytest.fixture(scope="module")
def dialogues():
    return pd.concat(pd.read_parquet(path) for path in sorted(DATA.glob("dialogues-*.parquet")))


def test_recorded_codings_hold_every_utterance_of_every_dialogue(codings, dialogues):
    expected = {str(row.id): len(row.dialogue) for row in dialogues.itertuples()}
    assert Counter(one.group for one in codings) == expected


def test_recorded_codings_agree_where_nothing_was_revised(codings, dialogues):
    unrevised = {
        str(row.id): [turn["label"] for turn in row.dialogue]
        for row in dialogues.itertuples()
        if len(row.provenance["completions"]) == REQUESTS_WITHOUT_REVISION
    }
    assert unrevised
    for name, final in unrevised.items():
        pairs = [(one.given, one.coded) for one in codings if one.group == name]
        assert pairs == [(label, label) for label in final]


def test_recorded_codings_keep_what_the_first_coder_read_otherwise(codings, dialogues):
    coded_once = {
        str(row.id)
        for row in dialogues.itertuples()
        if len(row.provenance["completions"]) == REQUESTS_WITHOUT_REVISION
    }
    differing = {one.group for one in codings if one.given is not one.coded}
    assert differing
    assert not differing & coded_once
