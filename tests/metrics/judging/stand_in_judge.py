"""Answers of a judge that likes one word: made from the request alone."""

import json
import re

SPOKEN = re.compile(r"^\d+\. (?:상담자|내담자): (.+)$", re.MULTILINE)
GOOD_WORD = "understand"


def rate(schema, messages):
    """Rate 5 where the therapist understands, else 2, quoting the first turn."""
    text = messages[1]["content"]
    score = 5 if GOOD_WORD in text else 2
    quote = SPOKEN.search(text)[1]
    return json.dumps({i: {"quote": quote, "reason": "r", "score": score} for i in schema["properties"]})


def prefer(schema, messages):
    """Prefer the transcript in which the therapist understands; tie where both do."""
    first, second = messages[1]["content"].split("# 축어록 B")
    quotes = [SPOKEN.search(text)[1] for text in (first, second)]
    votes = [GOOD_WORD in text for text in (first, second)]
    better = "tie" if votes[0] == votes[1] else "A" if votes[0] else "B"
    return json.dumps({"quote_a": quotes[0], "quote_b": quotes[1], "reason": "r", "better": better})
