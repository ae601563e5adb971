import pytest

from generation.backends.whole_object import first_object


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('```json\n{"ko": "네.", "n": [1]}\n```', '{"ko": "네.", "n": [1]}', id="code fence"),
        pytest.param('{"a": {"b": 1}} {"c": 2}', '{"a": {"b": 1}}', id="the first of two"),
        pytest.param('{"a": {}, "b', None, id="cut off after an inner object"),
        pytest.param("[1, 2] 네.", None, id="none"),
    ],
)
def test_first_object_is_taken_as_it_is_written(text, expected):
    assert first_object(text) == expected
