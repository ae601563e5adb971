import json

import pytest

from generation.backends.chat_answer import read_chat_answer


def body(**changes):
    message = {"role": "assistant", "content": "안녕하세요"}
    answer = {"model": "m", "choices": [{"message": message, "finish_reason": "stop"}]}
    return json.dumps(answer | changes).encode()


def test_read_chat_answer_takes_text_model_and_counts():
    answer = read_chat_answer(body(usage={"prompt_tokens": 7, "completion_tokens": 3}))
    assert (answer.content, answer.model, answer.is_truncated) == ("안녕하세요", "m", False)
    assert answer.tokens(99) == (7, 3)


def test_tokens_are_estimated_where_the_server_does_not_count():
    assert read_chat_answer(body()).tokens(99) == (99, 3)  # five syllables at 0.62
    assert read_chat_answer(body(usage={"prompt_tokens": True, "completion_tokens": -1})).tokens(99) == (
        99,
        3,
    )


def test_a_refusal_is_the_content_and_a_cut_off_answer_is_truncated():
    message = {"content": None, "refusal": "I can't"}
    answer = read_chat_answer(body(choices=[{"message": message, "finish_reason": "length"}]))
    assert (answer.content, answer.is_truncated) == ("I can't", True)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", body()[:40], b"[1]", b'"text"', b'{"choices": []}', b'{"choices": [{}]}', b"\xff\xfe"]
    + [b'{"choices": [{"message": "hi"}]}', b'{"choices": [{"message": null}]}'],
)
def test_a_body_of_another_shape_is_none(data):
    assert read_chat_answer(data) is None
