from dataclasses import replace

import pytest

from generation.sessions.checks import Complaint
from generation.sessions.reading import UnusableError
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion
from generation.sessions.session import Finished, Rejection
from metrics.asking.question import CHECK_RETRIES, Question
from metrics.judging.rubric import load_rubric


def read(content):
    if content != "good":
        raise UnusableError([Complaint(0, Reason.QUOTE, f"{content!r} is bad")])
    return 5


@pytest.fixture
def question():
    values = {"transcript_a": "1. 상담자: 네.", "transcript_b": "1. 상담자: 아니요."}
    prompt = load_rubric("compare_v1")
    return Question(
        name="0123456789abcdef", stage="compare", prompt=prompt, values=values, max_tokens=9, read=read
    )


def say(session, content):
    request = session.state
    return session.advance(
        Completion(
            request_hash=request.hash,
            session=request.session,
            stage=request.stage,
            content=content,
            model="m",
        )
    )


def test_question_ends_with_the_value_and_who_gave_it(question):
    assert say(question.open(), "good") == Finished({"value": 5, "model": "m"})


def test_question_gives_a_refused_answer_back_with_its_reason(question):
    session = question.open()
    again = say(session, "bad")
    assert again.attempt == 2
    assert "'bad' is bad" in again.messages[-1].content
    assert say(session, "good") == Finished({"value": 5, "model": "m"})


def test_question_is_given_up_after_the_retries(question):
    session = question.open()
    for _ in range(CHECK_RETRIES + 1):
        say(session, "bad")
    assert isinstance(session.state, Rejection)
    assert session.state.reason is Reason.QUOTE


def test_question_hash_follows_everything_that_is_asked(question):
    first = question.open().state.hash
    assert question.open().state.hash == first
    other = replace(question, values=question.values | {"transcript_a": "1. 상담자: 음."})
    assert other.open().state.hash != first
