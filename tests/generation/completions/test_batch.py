import json

from generation.completions.batch import write_batch
from generation.completions.driving import custom_id
from generation.sessions.request import Message, Request

SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def request(session="0001-1", stage="write", attempt=1, own="own part"):
    return Request(
        session=session,
        stage=stage,
        attempt=attempt,
        prompt=f"{stage}_v1",
        messages=(
            Message(role="system", content=f"shared instructions of {stage}"),
            Message(role="user", content=own),
        ),
        schema=SCHEMA,
        temperature=0.8,
        max_tokens=100,
    )


def test_request_lines_have_the_batch_shape(tmp_path):
    asked = request(own="한국어")
    write_batch(tmp_path / "out", [asked], "some-model")
    (line,) = (tmp_path / "out" / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    assert "한국어" in line
    assert json.loads(line) == {
        "custom_id": custom_id(asked),
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {
            "model": "some-model",
            "messages": [
                {"role": "system", "content": "shared instructions of write"},
                {"role": "user", "content": "한국어"},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "write_v1", "strict": True, "schema": SCHEMA},
            },
            "temperature": 0.8,
            "max_tokens": 100,
        },
    }


def test_brief_says_shared_text_once_a_prompt_and_own_parts_after_it(tmp_path):
    requests = [request("0001-1", own="part A"), request("0001-1", "code"), request("0002-1", own="part B")]
    write_batch(tmp_path, requests, "m")
    brief = (tmp_path / "brief.md").read_text(encoding="utf-8")
    assert brief.count("shared instructions of write") == 1
    assert brief.count("shared instructions of code") == 1
    assert brief.count('"required"') == 2
    for asked, own in zip(requests, ("part A", "own part", "part B"), strict=True):
        assert brief.count(own) == 1
        assert f"# Request {custom_id(asked)}\n\n{own}\n" in brief


def test_export_replaces_the_files_of_an_earlier_one(tmp_path):
    write_batch(tmp_path, [request()], "m")
    write_batch(tmp_path, [], "m")
    assert (tmp_path / "requests.jsonl").read_text() == ""
    assert "# 0 requests" in (tmp_path / "brief.md").read_text()


def test_brief_shows_the_earlier_answer_and_what_was_said_to_it(tmp_path):
    asked = request(attempt=2)
    again = Request(
        session=asked.session,
        stage=asked.stage,
        attempt=2,
        prompt=asked.prompt,
        messages=(
            *asked.messages,
            Message(role="assistant", content="old text"),
            Message(role="user", content="mend it"),
        ),
        schema=SCHEMA,
        temperature=0.8,
        max_tokens=100,
    )
    write_batch(tmp_path, [again], "m")
    brief = (tmp_path / "brief.md").read_text(encoding="utf-8")
    assert "# Earlier answer\n\nold text\n" in brief
    assert "# What was said to the earlier answer\n\nmend it\n" in brief
