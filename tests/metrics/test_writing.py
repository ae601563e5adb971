import pytest

from metrics.writing import write_whole


def test_file_is_written_whole_with_its_folder(tmp_path):
    path = tmp_path / "new" / "report.json"
    write_whole(path, "첫째")
    write_whole(path, "둘째")
    assert path.read_text(encoding="utf-8") == "둘째"
    assert [file.name for file in path.parent.iterdir()] == ["report.json"]


def test_failure_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "report.json"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half \ud800")
    assert path.read_text(encoding="utf-8") == "old"
