"""The JSON object within what a model said that nothing held to JSON alone."""

import json

_DECODER = json.JSONDecoder()


def first_object(text: str) -> str | None:
    """Return the JSON object that begins with a text's first brace, as it is written; None if it is cut off.

    Example:
        >>> first_object('Sure: {"ko": "네."} Anything else?')
        '{"ko": "네."}'
    """
    start = text.find("{")
    if start < 0:
        return None
    try:
        _, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return text[start:end]
