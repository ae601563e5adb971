from generation.sessions.request import Message, Request
from generation.token_count import estimate_prompt_tokens, estimate_tokens


def test_estimate_counts_hangul_and_other_characters_apart():
    assert estimate_tokens("가" * 100) == 62
    assert estimate_tokens("a" * 100) == 31
    assert estimate_tokens("가" * 100 + "a b" * 100) == 62 + 93


def test_estimate_of_a_prompt_holds_its_messages_and_its_schema():
    request = Request(
        session="0001-1",
        stage="write",
        attempt=1,
        prompt="write_v1",
        messages=(Message(role="system", content="가" * 100), Message(role="user", content="a" * 100)),
        schema={},  # two characters, "{}": 0.62 tokens
        temperature=0.0,
        max_tokens=10,
    )
    assert estimate_prompt_tokens(request) == (4 + 62) + (4 + 31) + 1
