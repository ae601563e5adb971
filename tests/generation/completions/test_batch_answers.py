import json

import pytest

from generation.completions.batch_answers import AnswerError, complaints_about, match_answers, read_answers
from generation.completions.driving import Lookup, custom_id, drive_sessions
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Message, Request
from generation.sessions.session import RejectedError, Session

SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def request(session, stage, attempt=1, complaints=()):
    return Request(
        session=session,
        stage=stage,
        attempt=attempt,
        prompt=f"{stage}_v1",
        messages=(Message(role="user", content=f"{stage} {session}"),),
        schema=SCHEMA,
        temperature=0.8,
        max_tokens=100,
        complaints=complaints,
    )


def write_then_code(name, attempts=2):
    """Writes, accepts what holds the word 'good', asks twice, then codes."""
    for attempt in range(1, attempts + 1):
        complaints = () if attempt == 1 else ("text is not good",)
        written = yield request(f"{name}-1", "write", attempt, complaints)
        if "good" in written.content:
            break
    else:
        raise RejectedError(Reason.KOREAN, "text is never good")
    yield request(f"{name}-1", "code")
    return {"id": int(name)}


def drive(*names, known=None, **options):
    sessions = [Session(name, write_then_code(name, **options)) for name in names]
    return drive_sessions(sessions, Lookup(known or {}))


def completion(asked, content='{"text": "good"}', worker=0):
    return Completion(
        request_hash=asked.hash,
        session=asked.session,
        stage=asked.stage,
        content=content,
        model="m",
        worker=worker,
    )


def minimal(asked, content):
    return json.dumps({"custom_id": custom_id(asked), "content": content}, ensure_ascii=False)


def match(path, driven, model="claude", worker=0):
    answers, problems = read_answers(path)
    assert problems == []
    return match_answers(answers, driven, model, worker)


FIRST = request("0001-1", "write")


def test_minimal_answers_take_an_object_or_text(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(
        minimal(FIRST, {"text": "좋아 good"}) + "\n\n" + json.dumps({"custom_id": "x", "content": "t"})
    )
    answers, problems = read_answers(path)
    assert problems == []
    assert [(item.line, item.content) for item in answers] == [(1, '{"text": "좋아 good"}'), (3, "t")]


def test_batch_answers_bring_model_and_tokens(tmp_path):
    path = tmp_path / "answers.jsonl"
    body = {
        "model": "served-model",
        "choices": [{"message": {"content": '{"text": "good"}'}}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7},
    }
    record = {
        "id": "b",
        "custom_id": custom_id(FIRST),
        "response": {"status_code": 200, "body": body},
        "error": None,
    }
    path.write_text(json.dumps(record) + "\n")
    (matched,), problems, n_known = match(path, drive("0001"), model=None)
    assert (problems, n_known) == ([], 0)
    assert matched.completion == Completion(
        request_hash=FIRST.hash,
        session="0001-1",
        stage="write",
        content='{"text": "good"}',
        model="served-model",
        prompt_tokens=11,
        completion_tokens=7,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('{"custom_id": "a", "content": "t"}', "answers a again, after line 1", id="duplicate"),
        pytest.param('{"content": "t"}', "has no text custom_id", id="no id"),
        pytest.param("[1]", "has no text custom_id", id="no object"),
        pytest.param('{"custom_id": "b"', "is cut off or not JSON", id="cut off"),
        pytest.param('{"custom_id": "b"\n', "is not JSON", id="no JSON"),
        pytest.param('{"custom_id": "b"}', "b: holds no answer but an error", id="nothing"),
        pytest.param(
            '{"custom_id": "b", "response": {"status_code": 400, "body": {"error": "too long"}}}',
            "b: holds no answer but an error: .*too long",
            id="failed at the service",
        ),
        pytest.param(
            '{"custom_id": "b", "response": null, "error": {"message": "expired"}}',
            "b: holds no answer but an error: .*expired",
            id="expired",
        ),
        pytest.param(
            '{"custom_id": "b", "response": {"status_code": 200, "body": {"choices": []}}}',
            r"b: has no response\.body\.choices\[0\]\.message",
            id="no choice",
        ),
        pytest.param(
            '{"custom_id": "b", "response": "text"}', "b: holds no answer but an error", id="text response"
        ),
    ],
)
def test_read_answers_names_the_line_and_what_is_wrong(tmp_path, line, message):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"custom_id": "a", "content": "t"}\n' + line)
    answers, (problem,) = read_answers(path)
    assert [item.custom_id for item in answers] == ["a"]
    assert problem.line == 2
    pytest.raises(AnswerError, _raise, problem.text).match(message)


def _raise(text):
    raise AnswerError(text)


def test_read_answers_of_a_missing_file_is_one_clear_error(tmp_path):
    with pytest.raises(AnswerError, match="can't be read: No such file"):
        read_answers(tmp_path / "none.jsonl")


def test_bytes_that_are_no_text_are_a_problem_of_their_line(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b'{"custom_id": "\xff\xfe", "content": "t"}\n')
    assert read_answers(path)[1][0].line == 1


def test_an_answer_that_no_session_waits_for_is_a_problem(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(request("0009-1", "write"), {"text": "good"}))
    matched, (problem,), _ = match(path, drive("0001"))
    assert matched == []
    assert "no session waits for this request" in problem.text


def test_an_answer_known_already_is_counted_and_another_one_refused(tmp_path):
    driven = drive("0001", known={FIRST.hash: completion(FIRST)})
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(FIRST, {"text": "good"}))
    assert match(path, driven) == ([], [], 1)
    path.write_text(minimal(FIRST, {"text": "other good"}))
    matched, (problem,), n_known = match(path, driven)
    assert (matched, n_known) == ([], 0)
    assert "answered already, with other content" in problem.text


def test_an_answer_without_a_model_name_is_a_problem(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(FIRST, {"text": "good"}))
    assert "give it with --model" in match(path, drive("0001"), model=None)[1][0].text


def test_no_worker_serves_two_stages_of_one_session(tmp_path):
    driven = drive("0001", known={FIRST.hash: completion(FIRST, worker=1)})
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(request("0001-1", "code"), {"text": "codes"}))
    _, (problem,), _ = match(path, driven, worker=1)
    assert "worker 1 served stage write of session 0001-1 and may not serve stage code" in problem.text
    matched, problems, _ = match(path, driven, worker=2)
    assert (len(matched), problems) == (1, [])


def test_a_worker_may_answer_the_same_stage_again_and_a_plain_model_every_stage(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(request("0001-1", "write", 2), {"text": "good"}))
    driven = drive("0001", known={FIRST.hash: completion(FIRST, '{"text": "bad"}', worker=1)})
    assert match(path, driven, worker=1)[1] == []
    path.write_text(minimal(request("0001-1", "code"), {"text": "codes"}))
    driven = drive("0001", known={FIRST.hash: completion(FIRST, worker=0)})
    assert match(path, driven, worker=0)[1] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param({"text": "good"}, [], id="accepted"),
        pytest.param("{text", ["content is not JSON: Expecting property name"], id="no JSON"),
        pytest.param({"text": 5}, ["content.text: 5 is not of type 'string'"], id="schema"),
        pytest.param({}, ["content: 'text' is a required property"], id="missing"),
        pytest.param({"text": "bad"}, ["text is not good"], id="check of the session"),
    ],
)
def test_complaints_come_from_json_schema_and_session(tmp_path, content, expected):
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(FIRST, content))
    (matched,), _, _ = match(path, drive("0001"))
    complaints = complaints_about(matched)
    assert len(complaints) == len(expected)
    assert all(found.startswith(start) for found, start in zip(complaints, expected, strict=True))


def test_a_rejected_session_is_a_complaint(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(minimal(FIRST, {"text": "bad"}))
    (matched,), _, _ = match(path, drive("0001", attempts=1))
    assert complaints_about(matched) == ["korean: text is never good"]
