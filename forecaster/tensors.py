"""Reads and writes named arrays in the safetensors format with numpy alone: no pickle, no dependency.

Source:
    github.com/huggingface/safetensors, Format: eight bytes with the header's length (little endian), the
    header (JSON: name -> dtype, shape, offsets; strings under `__metadata__`), then the arrays.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

DTYPES = {"F32": "<f4", "F16": "<f2", "I32": "<i4", "I16": "<i2", "I8": "|i1"}
NAMES = {np.dtype(dtype): name for name, dtype in DTYPES.items()}
MAX_HEADER_BYTES = 1 << 20


class TensorsError(ValueError):
    """A file is not in the safetensors format, or uses what is not read here."""


def write_tensors(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str], path: Path) -> None:
    """Write the arrays, whole or not at all; the same content gives the same bytes."""
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    offset = 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    text = json.dumps(header, ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(a.tobytes() for a in arrays.values()))
    part.replace(path)


def read_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read the arrays and the metadata of a file.

    Raises:
        TensorsError: If the file is missing, cut short, or of another format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TensorsError(f"cannot read the weights {path}: {error.strerror}") from error
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > min(MAX_HEADER_BYTES, len(content) - 8):
        raise TensorsError(
            f"{path} is no safetensors file or is cut short; take the shipped file, or train anew"
        )
    try:
        header = json.loads(content[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        body = content[8 + length :]
        arrays = {name: _array(entry, body) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TensorsError(
            f"{path} is no safetensors file that is read here ({error!r}); allowed dtypes: "
            f"{', '.join(DTYPES)}"
        ) from error
    return arrays, metadata


def _array(entry: Mapping, body: bytes) -> np.ndarray:
    start, end = entry["data_offsets"]
    if not 0 <= start <= end <= len(body):
        raise ValueError(f"offsets {start} to {end} of {len(body)} bytes")
    return np.frombuffer(body[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
