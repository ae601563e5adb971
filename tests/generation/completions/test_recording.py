import gzip
import json

import pytest

from generation.completions.recording import RecordingError, read_recording, write_recording
from generation.sessions.request import Completion


def completion(request_hash, content="{}", session="0001-1", stage="write"):
    return Completion(request_hash=request_hash, session=session, stage=stage, content=content, model="m")


def test_recording_reads_back_what_was_written_in_several_files(tmp_path):
    first, second = completion("a", "가"), completion("b", "나", stage="code")
    write_recording(tmp_path / "0001.jsonl.gz", [first])
    write_recording(tmp_path / "0002.jsonl.gz", [second])
    assert read_recording(tmp_path) == {"a": first, "b": second}


def test_recording_has_the_same_bytes_whatever_the_order(tmp_path):
    members = [completion("c", stage="code"), completion("a"), completion("b", session="0002-1")]
    write_recording(tmp_path / "x" / "0001.jsonl.gz", members)
    write_recording(tmp_path / "y" / "other.jsonl.gz", reversed(members))
    data = (tmp_path / "x" / "0001.jsonl.gz").read_bytes()
    assert data == (tmp_path / "y" / "other.jsonl.gz").read_bytes()
    hashes = [json.loads(line)["request_hash"] for line in gzip.decompress(data).splitlines()]
    assert hashes == ["a", "c", "b"]


def test_a_recorded_file_is_never_rewritten(tmp_path):
    path = tmp_path / "0001.jsonl.gz"
    write_recording(path, [completion("a")])
    with pytest.raises(RecordingError, match="exists, and recorded completions are never rewritten"):
        write_recording(path, [completion("b")])
    assert list(read_recording(tmp_path)) == ["a"]


def test_reading_refuses_two_answers_to_one_request_and_names_the_line(tmp_path):
    write_recording(tmp_path / "0001.jsonl.gz", [completion("a", "one")])
    write_recording(tmp_path / "0002.jsonl.gz", [completion("0"), completion("a", "two")])
    with pytest.raises(RecordingError, match=r"0002\.jsonl\.gz, line 2: another answer to request a"):
        read_recording(tmp_path)


def test_reading_passes_over_the_same_completion_twice(tmp_path):
    write_recording(tmp_path / "0001.jsonl.gz", [completion("a")])
    write_recording(tmp_path / "0002.jsonl.gz", [completion("a")])
    assert len(read_recording(tmp_path)) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("{", r"line 2: not a completion", id="no JSON"),
        pytest.param("[]", r"line 2: not a completion: the line holds no JSON object", id="no object"),
        pytest.param('{"request_hash": "b"}', r"line 2: .*session is missing", id="field missing"),
        pytest.param(
            json.dumps({"request_hash": "b", "session": "s", "stage": "paint", "content": "", "model": "m"}),
            r"line 2: .*stage is missing or wrong",
            id="unknown stage",
        ),
    ],
)
def test_reading_names_the_line_that_is_no_completion(tmp_path, line, message):
    write_recording(tmp_path / "0001.jsonl.gz", [completion("a")])
    good = gzip.decompress((tmp_path / "0001.jsonl.gz").read_bytes()).decode()
    (tmp_path / "0001.jsonl.gz").write_bytes(gzip.compress(f"{good}{line}\n".encode()))
    with pytest.raises(RecordingError, match=message):
        read_recording(tmp_path)


def test_reading_says_that_a_file_cut_short_is_damaged(tmp_path):
    write_recording(tmp_path / "0001.jsonl.gz", [completion(f"{n:064d}", str(n) * 50) for n in range(100)])
    path = tmp_path / "0001.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(RecordingError, match=r"0001\.jsonl\.gz is damaged"):
        read_recording(tmp_path)


def test_reading_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(RecordingError, match="is no folder"):
        read_recording(tmp_path / "none")
