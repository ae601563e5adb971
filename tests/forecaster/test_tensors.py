import json

import numpy as np
import pytest

from forecaster.tensors import TensorsError, read_tensors, write_tensors


def test_arrays_and_metadata_come_back(tmp_path):
    path = tmp_path / "a.safetensors"
    arrays = {"x": np.array([[1.5, 2.5]], "<f4"), "n": np.array([1, -2, 3], "<i2")}
    write_tensors(arrays, {"about": "말"}, path)
    back, metadata = read_tensors(path)
    assert metadata == {"about": "말"}
    assert all(np.array_equal(back[name], arrays[name]) for name in arrays)


def test_file_follows_the_format_of_safetensors(tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors({"x": np.array([1, 2], "<i4")}, {}, path)
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert header["x"] == {"dtype": "I32", "shape": [2], "data_offsets": [0, 8]}
    assert content[8 + length :] == b"\x01\0\0\0\x02\0\0\0"


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 40, (2).to_bytes(8, "little") + b"[]", (99).to_bytes(8, "little") + b"{}"]
)
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(TensorsError, match="safetensors"):
        read_tensors(path)


def test_cut_file_is_refused(tmp_path):
    path = tmp_path / "a.safetensors"
    write_tensors({"x": np.zeros(9, "<f4")}, {}, path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(TensorsError, match="offsets"):
        read_tensors(path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(TensorsError, match="cannot read"):
        read_tensors(tmp_path / "none")
