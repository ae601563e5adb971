import re

from generation.completions.driving import Lookup, custom_id, drive_sessions
from generation.sessions.request import Completion, Message, Request
from generation.sessions.session import Finished, Session

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
