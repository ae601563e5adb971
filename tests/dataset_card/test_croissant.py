"""Croissant's own library reads the description, and through it every row."""

import json
from typing import Any

import mlcroissant
import pytest

from dataset_card.__main__ import main
from dataset_card.croissant import CONTEXT
from generation.dataset import dataset_rows
from kmi import CONFIGS, DATA_VERSION, SPLITS, Label

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of its libraries


@pytest.fixture
def described(small_project):
    """The description of the small dataset, as written by the command."""
    path = small_project / "kmi" / "croissant.json"
    assert main(["croissant", "--data", str(path.parent)]) == 0
    return path


def _plain(value: Any) -> Any:
    """Undo what mlcroissant adds: the record set before each name, bytes for texts, arrays for lists."""
    if isinstance(value, dict):
        return {name.rsplit("/", 1)[-1]: _plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return [_plain(item) for item in value] if isinstance(value, list) else value


def test_description_is_valid_and_lacks_a_date_alone(described):
    issues = mlcroissant.Dataset(str(described)).metadata.ctx.issues
    assert list(issues.errors) == []
    assert list(issues.warnings) == [
        '[Metadata(kmi)] Property "https://schema.org/datePublished" is recommended, but does not exist.'
    ]


@pytest.mark.parametrize("config", CONFIGS)
def test_records_are_the_rows_of_the_files(described, small_dialogues, config):
    rows = dataset_rows(small_dialogues)
    dataset = mlcroissant.Dataset(str(described))
    for split in SPLITS:
        assert _plain(list(dataset.records(f"{config}-{split}"))) == rows[config, split]


def test_changed_file_does_not_pass_for_the_described_one(described):
    path = described.parent / "data" / "messages-test.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(mlcroissant.GenerationError) as error:
        list(mlcroissant.Dataset(str(described)).records("messages-test"))
    assert str(error.value.__cause__).startswith(f"Hash of downloaded file {path}")


def test_description_tells_version_columns_and_names_of_class_ids(described):
    content = json.loads(described.read_text(encoding="utf-8"))
    assert content["version"] == DATA_VERSION
    assert content["@context"] == json.loads(CONTEXT.read_text(encoding="utf-8"))
    fields = {field["@id"]: field for record_set in content["recordSet"] for field in record_set["field"]}
    assert f"7 {Label.GENERAL}" in fields["utterances-train/label"]["description"]
    assert fields["dialogues-test/risk"]["description"].startswith("kind of risk")


def test_shipped_description_is_that_of_the_shipped_files(pytestconfig):
    from dataset_card.croissant import render_croissant

    folder = pytestconfig.rootpath / "kmi"
    assert (folder / "croissant.json").read_text(encoding="utf-8") == render_croissant(folder)
