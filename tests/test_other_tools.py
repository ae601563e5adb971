"""Tools that know nothing of this project read the files as they stand."""

from typing import Any

import duckdb
import pandas
import polars
import pyarrow.dataset
import pytest

from generation.dataset import dataset_rows
from kmi import CONFIGS, SPLITS, Label, features


@pytest.fixture
def rows(small_dialogues) -> dict:
    """What every tool must read, by config and split."""
    return dataset_rows(small_dialogues)


@pytest.fixture
def data(small_project):
    """The folder of the files."""
    return small_project / "kmi" / "data"


def _plain(value: Any) -> Any:
    """Turn the arrays that pandas has for lists, and its missing values, into plain Python."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if value is None or value != value else value


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("config", CONFIGS)
def test_every_tool_reads_the_same_rows(data, rows, config, split):
    path, expected = str(data / f"{config}-{split}.parquet"), rows[config, split]
    assert pyarrow.dataset.dataset(path).to_table().to_pylist() == expected
    assert polars.read_parquet(path).to_dicts() == expected
    assert _plain(pandas.read_parquet(path).to_dict("records")) == expected
    connection = duckdb.connect()
    assert connection.sql(f"select * from '{path}'").to_arrow_table().to_pylist() == expected


def test_duckdb_counts_labels_inside_dialogues_as_the_sql_console_would(data):
    found = duckdb.connect().sql(f"""
        select turn.label, count(*) from (select unnest(dialogue) as turn from '{data}/dialogues-*.parquet')
        where turn.role = 'Client' group by 1 order by 1
    """)
    # The odd two of four dialogues close with a client turn of change talk.
    assert found.fetchall() == [("Change Talk", 6), ("Sustain Talk", 4)]


def test_class_ids_get_their_names_in_polars_as_the_card_gives_them(data):
    names = features("utterances")["label"].names
    labels = polars.read_parquet(f"{data}/utterances-*.parquet")["label"].map_elements(
        names.__getitem__, return_dtype=polars.String
    )
    assert labels.value_counts().sort("label").rows() == [
        (Label.AFFIRM, 4),
        (Label.CHANGE_TALK, 6),
        (Label.COMPLEX_REFLECTION, 4),
        (Label.GENERAL, 4),
        (Label.SUSTAIN_TALK, 4),
    ]
