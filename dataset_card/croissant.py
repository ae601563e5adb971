"""Croissant: the files and columns of the dataset as JSON-LD, for tools that read ML datasets by description.

Source:
    MLCommons (2024), Croissant format specification 1.0; `croissant_context.json` is its context.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from datasets import ClassLabel

from dataset_card.columns import COLUMN_TEXTS
from dataset_card.corpus import Corpus, Part, read_corpus
from dataset_card.front_matter import PRETTY_NAME, TAGS
from kmi import CONFIGS, DATA_VERSION, features

CONTEXT = Path(__file__).with_name("croissant_context.json")
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"
FILE_NAME = "croissant.json"
PARQUET = "application/x-parquet"
CITATION = (
    f"The KMI developers. {PRETTY_NAME}. Version {DATA_VERSION}. Synthetic dialogues after "
    "Kim et al. (2025). KMI: A Dataset of Korean Motivational Interviewing Dialogues for Psychotherapy. "
    "NAACL. arXiv 2502.05651."
)


def render_croissant(folder: Path) -> str:
    """Describe the dataset in a folder.

    Args:
        folder: The dataset repository, such as ``kmi``; paths in the text are relative to it.

    Returns:
        JSON-LD; the same text for the same files.

    Raises:
        CardError: If a file is missing, damaged or has other columns than the contract.
    """
    corpus = read_corpus(folder)
    described = {
        "@context": json.loads(CONTEXT.read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "name": "kmi",
        "alternateName": PRETTY_NAME,
        "description": _description(corpus),
        "conformsTo": CONFORMS_TO,
        "license": LICENSE_URL,
        "version": DATA_VERSION,
        "inLanguage": ["ko", "en"],
        "keywords": list(TAGS),
        "creator": {"@type": "sc:Organization", "name": "The KMI developers"},
        "citeAs": CITATION,
        "isLiveDataset": False,
        "distribution": [_file(folder, part) for part in corpus.parts],
        "recordSet": [_record_set(part) for part in corpus.parts],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def record_set_name(part: Part) -> str:
    """Name the record set of a file.

    Example:
        >>> record_set_name(Part(config="messages", split="test", n_rows=4, n_bytes=9, n_file_bytes=9))
        'messages-test'
    """
    return f"{part.config}-{part.split}"


def _description(corpus: Corpus) -> str:
    n_dialogues, n_utterances = len(corpus.all_dialogues), sum(corpus.lengths)
    return (
        f"{n_dialogues} synthetic Korean counseling dialogues in the style of Motivational Interviewing with "
        f"English translations, {n_utterances} utterances, each with a behavior code. Configs: "
        f"{', '.join(CONFIGS)}. Not for clinical use."
    )


def _file(folder: Path, part: Part) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": part.path,
        "name": Path(part.path).name,
        "contentUrl": part.path,
        "contentSize": f"{part.n_file_bytes} B",
        "encodingFormat": PARQUET,
        "sha256": hashlib.sha256((folder / part.path).read_bytes()).hexdigest(),
    }


def _record_set(part: Part) -> dict[str, Any]:
    name = record_set_name(part)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{part.n_rows} rows of the config {part.config}, split {part.split}.",
        "field": [_column(part, name, column) for column in features(part.config).arrow_schema],
    }


def _column(part: Part, owner: str, column: pa.Field) -> dict[str, Any]:
    source = {"fileObject": {"@id": part.path}, "extract": {"column": column.name}}
    kind, text = features(part.config)[column.name], COLUMN_TEXTS.get(column.name, column.name)
    if isinstance(kind, ClassLabel):
        text += ": " + ", ".join(f"{number} {name}" for number, name in enumerate(kind.names))
    return _field(owner, column, source) | {"description": text}


def _field(owner: str, column: pa.Field, source: dict[str, Any]) -> dict[str, Any]:
    """Describe a column, or a field inside one, which a JSON path finds in the column's value."""
    name, kind = f"{owner}/{column.name}", column.type
    repeated = {"repeated": True} if pa.types.is_list(kind) else {}
    kind = kind.value_type if repeated else kind
    described = {"@type": "cr:Field", "@id": name, "name": name, **repeated}
    if not pa.types.is_struct(kind):
        return described | {"dataType": _data_type(kind), "source": source}
    inner = [_field(name, field, source | {"transform": {"jsonPath": field.name}}) for field in kind]
    return described | {"subField": inner}


def _data_type(kind: pa.DataType) -> str:
    return "sc:Integer" if pa.types.is_integer(kind) else "sc:Text"
