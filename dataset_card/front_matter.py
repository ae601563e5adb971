"""Front matter: the YAML block at the head of the card that the Hub and `datasets` read."""

from typing import Any

import pyarrow as pa
import yaml
from datasets import ClassLabel, Features

from dataset_card.corpus import Corpus
from kmi import CONFIGS, DATA_VERSION, features

PRETTY_NAME = "KMI: Korean Motivational Interviewing Dialogues"
SIZE_CATEGORIES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
TAGS = (
    "motivational-interviewing",
    "counseling",
    "psychotherapy",
    "mental-health",
    "dialogue",
    "behavior-coding",
    "synthetic",
    "korean",
)


def front_matter(corpus: Corpus) -> str:
    """Write the block, without the lines of dashes around it.

    Args:
        corpus: The data.

    Returns:
        YAML that `datasets` 3.6, 4 and 5 read to the features of the contract.
    """
    metadata = {
        "pretty_name": PRETTY_NAME,
        "language": ["ko", "en"],
        "license": "cc-by-4.0",
        "multilinguality": ["translation"],
        "size_categories": [size_category(len(corpus.all_dialogues))],
        "task_categories": ["text-generation", "text-classification"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "tags": list(TAGS),
        "version": DATA_VERSION,
        "configs": [_config(corpus, config) for config in CONFIGS],
        "dataset_info": [_dataset_info(corpus, config) for config in CONFIGS],
    }
    return yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1000).rstrip("\n")


def size_category(n_dialogues: int) -> str:
    """Name the Hub's class of sizes.

    Example:
        >>> size_category(999), size_category(1000)
        ('n<1K', '1K<n<10K')
    """
    return next((name for limit, name in SIZE_CATEGORIES if n_dialogues < limit), "n>1M")


def yaml_features(columns: Features) -> list[dict[str, Any]]:
    """Write features in the nested `list:` form, which every version of `datasets` from 3.6 on reads.

    Example:
        >>> from datasets import Value
        >>> yaml_features(Features({"texts": [Value("string")]}))
        [{'name': 'texts', 'list': 'string'}]
        >>> yaml_features(Features({"label": ClassLabel(names=["a", "b"])}))
        [{'name': 'label', 'dtype': {'class_label': {'names': {'0': 'a', '1': 'b'}}}}]
    """
    types = {field.name: field.type for field in columns.arrow_schema}
    return [
        {"name": name, **(_class_label(kind) if isinstance(kind, ClassLabel) else _yaml_type(types[name]))}
        for name, kind in columns.items()
    ]


def _class_label(kind: ClassLabel) -> dict[str, Any]:
    return {
        "dtype": {"class_label": {"names": {str(number): name for number, name in enumerate(kind.names)}}}
    }


def _yaml_type(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(kind):
        return {"struct": [{"name": field.name, **_yaml_type(field.type)} for field in kind]}
    if pa.types.is_list(kind):
        (item,) = _yaml_type(kind.value_type).values()
        return {"list": item}
    return {"dtype": str(kind)}


def _config(corpus: Corpus, config: str) -> dict[str, Any]:
    files = [{"split": part.split, "path": part.path} for part in corpus.parts_of(config)]
    default = {"default": True} if config == CONFIGS[0] else {}
    return {"config_name": config, **default, "data_files": files}


def _dataset_info(corpus: Corpus, config: str) -> dict[str, Any]:
    parts = corpus.parts_of(config)
    return {
        "config_name": config,
        "features": yaml_features(features(config)),
        "splits": [
            {"name": part.split, "num_bytes": part.n_bytes, "num_examples": part.n_rows} for part in parts
        ],
        "download_size": sum(part.n_file_bytes for part in parts),
        "dataset_size": sum(part.n_bytes for part in parts),
    }
