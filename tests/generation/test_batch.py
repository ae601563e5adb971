import json
import re

from generation.batch import write_batch
from generation.driving import Lookup, custom_id, drive_sessions
from generation.request import Completion, Message, Request
from generation.session import Finished, Session

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


def two_steps(name):
    written = yield request(f"{name}-1", "write", own=f"write {name}")
    coded = yield request(f"{name}-1", "code", own=f"code {written.content}")
    return {"id": int(name), "texts": [written.content, coded.content]}


def answer(asked, content):
    return Completion(
        request_hash=asked.hash, session=asked.session, stage=asked.stage, content=content, model="m"
    )


def test_custom_id_fits_every_batch_service_and_names_the_request():
    asked = request("0001-1", "write", 1)
    assert custom_id(asked) == f"0001-1-write-1-{asked.hash[:16]}"
    longest = request("9999999-10", "therapist", 10)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", custom_id(longest))


def test_drive_sessions_stops_at_what_is_unknown_and_tells_what_brought_it_there():
    first = request("0001-1", "write", own="write 0001")
    known = {first.hash: answer(first, "hello")}
    driven = drive_sessions([Session(name, two_steps(name)) for name in ("0001", "0002")], Lookup({}, known))
    stages = [waiting.request.stage for waiting in driven.waiting.values()]
    assert stages == ["code", "write"]
    assert [waiting.used for waiting in driven.waiting.values()] == [(known[first.hash],), ()]
    assert driven.answered == {custom_id(first): known[first.hash]}
    assert driven.ended == []


def test_drive_sessions_keeps_the_ended_apart():
    first = request("0001-1", "write", own="write 0001")
    second = request("0001-1", "code", own="code hello")
    known = {first.hash: answer(first, "hello"), second.hash: answer(second, "coded")}
    driven = drive_sessions([Session("0001", two_steps("0001"))], Lookup(known))
    assert driven.waiting == {}
    assert driven.ended[0].state == Finished({"id": 1, "texts": ["hello", "coded"]})


def test_lookup_takes_the_first_place_that_knows():
    asked = request()
    assert Lookup({}, {asked.hash: answer(asked, "b")}).get(asked.hash).content == "b"
    both = Lookup({asked.hash: answer(asked, "a")}, {asked.hash: answer(asked, "b")})
    assert both.get(asked.hash).content == "a"
    assert both.get("unknown") is None


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
