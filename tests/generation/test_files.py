import json

import pytest

from generation.files import write_json, write_lines, write_text


def test_lines_are_written_with_korean_as_it_is(tmp_path):
    path = tmp_path / "folder" / "rows.jsonl"
    write_lines(path, [{"a": "가"}, {"a": "나"}])
    assert path.read_bytes() == '{"a": "가"}\n{"a": "나"}\n'.encode()


def test_json_is_replaced_whole(tmp_path):
    path = tmp_path / "value.json"
    write_json(path, {"long": "x" * 1000})
    write_json(path, {"short": 1})
    assert json.loads(path.read_text()) == {"short": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["value.json"]


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "value"
    path.mkdir()
    with pytest.raises(OSError):
        write_text(path, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["value"]
