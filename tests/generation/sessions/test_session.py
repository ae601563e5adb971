from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Message, Request
from generation.sessions.session import Finished, RejectedError, Rejection, Session, attempts


def request(attempt):
    return Request(
        session=f"0001-{attempt}",
        stage="write",
        attempt=1,
        prompt="write_v1",
        messages=(Message(role="user", content="write"),),
        schema={},
        temperature=0.0,
        max_tokens=10,
    )


def steps(attempt):
    first = yield request(attempt)
    if first.content == "bad":
        raise RejectedError(Reason.KOREAN, "text is bad")
    second = yield request(attempt)
    return {"text": first.content + second.content}


def answer(session, content):
    asked = session.state
    return session.advance(
        Completion(
            request_hash=asked.hash, session=asked.session, stage=asked.stage, content=content, model="m"
        )
    )


def test_a_rejected_attempt_is_followed_by_another_whose_first_request_tells_why():
    session = Session("0001", attempts(3, steps))
    assert session.complaints == ()
    answer(session, "bad")
    assert (session.state.session, session.complaints) == ("0001-2", ("korean: text is bad",))
    assert session.state.hash == request(2).hash
    answer(session, "a")
    assert session.complaints == ()
    assert answer(session, "b") == Finished({"text": "ab"})


def test_the_last_attempt_that_is_rejected_ends_the_session():
    session = Session("0001", attempts(2, steps))
    answer(session, "bad")
    assert answer(session, "bad") == Rejection("0001", Reason.KOREAN, "text is bad")
    assert session.complaints == ("korean: text is bad",)
