"""Rubric: the request for one transcript's ratings, and the reading of the answer."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from generation.prompts import Prompt, load_prompt
from generation.sessions.checks import Complaint
from generation.sessions.reading import UnusableError, read_answer
from generation.sessions.reasons import Reason
from generation.sessions.rendering import blind_transcript
from metrics.asking.question import N_NAME, Question
from metrics.transcripts import Transcript

PROMPTS = Path(__file__).with_name("prompts")
DEFAULT_PROMPT = "judge_v1"
MAX_TOKENS = 4000
UNKNOWN_TARGET = "축어록에서 짐작합니다."
MIN_QUOTED = 2
"""Letters or digits that a quotation holds at least."""

Ratings = dict[str, dict[str, Any]]


def load_rubric(name: str = DEFAULT_PROMPT) -> Prompt:
    """Read a prompt of the judge; its schema names the items."""
    return load_prompt(name, PROMPTS)


def items_of(prompt: Prompt) -> tuple[str, ...]:
    """Return the items of a rubric, in the order of its schema."""
    return tuple(prompt.schema["properties"])


def judge_question(transcript: Transcript, prompt: Prompt) -> Question:
    """Ask for the ratings of one transcript; its labels are not shown.

    Args:
        transcript: What is rated.
        prompt: Rubric, from `load_rubric`.
    """
    text = blind_transcript(transcript.turns)
    return Question(
        name=transcript.digest[:N_NAME],
        stage="judge",
        prompt=prompt,
        values={"target_behavior": transcript.target_behavior or UNKNOWN_TARGET, "transcript": text},
        max_tokens=MAX_TOKENS,
        read=partial(read_ratings, prompt=prompt, transcript=transcript),
    )


def read_ratings(content: str, prompt: Prompt, transcript: Transcript) -> Ratings:
    """Read an answer: each item's `quote`, `reason` and `score`, 1 to 5 or None where the rubric allows it.

    Raises:
        UnusableError: If the answer breaks the schema, or a rated item's quotation is not in the transcript.
    """
    answer = read_answer(content, prompt.schema)
    require_quotes(
        {item: rating["quote"] for item, rating in answer.items() if rating["score"] is not None}, transcript
    )
    return {item: answer[item] for item in items_of(prompt)}


def require_quotes(quotes: dict[str, str], transcript: Transcript) -> None:
    """Refuse quotations that are not in the transcript; punctuation and spaces may differ.

    Args:
        quotes: Quotations by the name of their place in the answer; "…" joins parts that stand apart.
        transcript: Where they must be found.

    Raises:
        UnusableError: Naming each place whose quotation is empty or not found.
    """
    text = _letters(" ".join(turn.ko for turn in transcript.turns))
    complaints = []
    for place, quote in quotes.items():
        parts = [_letters(part) for part in re.split(r"…|\.\.\.", quote)]
        if len("".join(parts)) < MIN_QUOTED or not all(part in text for part in parts):
            detail = f"{place}: 인용 {quote[:40]!r}이(가) 축어록에 없습니다. 글자 그대로 옮기세요."
            complaints.append(Complaint(0, Reason.QUOTE, detail))
    if complaints:
        raise UnusableError(complaints)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
