"""The card says what the builder gives: on the small dataset, and on the shipped one where it is built."""

import shutil
from pathlib import Path

import pytest
import yaml
from datasets import load_dataset_builder
from huggingface_hub import DatasetCard

import kmi
from dataset_card.__main__ import main
from dataset_card.corpus import read_corpus
from dataset_card.front_matter import front_matter
from kmi import CONFIGS

SHIPPED = Path(__file__).parents[2] / "kmi"


@pytest.fixture(params=["small", "shipped"] if (SHIPPED / "data").is_dir() else ["small"])
def repository(request, tmp_path, small_project, small_report) -> Path:
    """A dataset repository with data and card, beside the module that builds it."""
    if request.param == "shipped":
        root = tmp_path / "shipped"
        shutil.copytree(SHIPPED, root / "kmi")
        return root / "kmi"
    assert main(["render", "--data", str(small_project / "kmi"), "--report", str(small_report)]) == 0
    return small_project / "kmi"


@pytest.mark.parametrize("config", CONFIGS)
def test_card_and_builder_give_the_same_features_and_splits(repository, tmp_path, config):
    from_card = load_dataset_builder(str(repository), config, cache_dir=str(tmp_path / "card"))
    built = kmi.Kmi(config_name=config, base_path=str(repository.parent), cache_dir=str(tmp_path / "built"))
    built.download_and_prepare()
    assert from_card.info.features == built.info.features == kmi.features(config)
    assert {name: split.num_examples for name, split in from_card.info.splits.items()} == {
        name: split.num_examples for name, split in built.info.splits.items()
    }


@pytest.mark.parametrize("config", CONFIGS)
def test_folder_and_builder_give_the_same_rows(repository, tmp_path, config):
    from_card = load_dataset_builder(str(repository), config, cache_dir=str(tmp_path / "card"))
    built = kmi.Kmi(config_name=config, base_path=str(repository.parent), cache_dir=str(tmp_path / "built"))
    for builder in (from_card, built):
        builder.download_and_prepare()
    expected = {split: rows.to_list() for split, rows in built.as_dataset().items()}
    assert {split: rows.to_list() for split, rows in from_card.as_dataset().items()} == expected


def test_front_matter_of_the_card_is_that_of_the_data(repository):
    text = (repository / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"---\n{front_matter(read_corpus(repository))}\n---\n")


def test_front_matter_reads_as_a_card_of_the_hub(repository):
    data = DatasetCard.load(repository / "README.md").data
    assert (data.license, data.language) == ("cc-by-4.0", ["ko", "en"])
    assert data.task_categories == ["text-generation", "text-classification"]
    assert data.annotations_creators == data.language_creators == ["machine-generated"]
    assert [config["config_name"] for config in data.configs] == list(CONFIGS)
    assert [config.get("default") for config in data.configs] == [True, None, None]


def test_front_matter_names_every_data_file_and_its_size(repository):
    metadata = yaml.safe_load(front_matter(read_corpus(repository)))
    for config, info in zip(metadata["configs"], metadata["dataset_info"], strict=True):
        paths = [repository / file["path"] for file in config["data_files"]]
        assert info["download_size"] == sum(path.stat().st_size for path in paths)
        assert info["dataset_size"] == sum(split["num_bytes"] for split in info["splits"])
    named = {file["path"] for config in metadata["configs"] for file in config["data_files"]}
    assert named == {f"data/{path.name}" for path in (repository / "data").iterdir()}
