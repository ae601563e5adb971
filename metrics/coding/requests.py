"""Coding request: generation's blind coder, asked about any transcript."""

from functools import partial

from generation.prompts import load_prompt
from generation.sessions.reading import read_codes
from generation.sessions.rendering import blind_transcript
from metrics.asking.question import N_NAME, Question
from metrics.transcripts import Transcript

DEFAULT_PROMPT = "plan_code_v2"
UNKNOWN_TARGET = "축어록에서 짐작합니다."
TOKENS_PER_TURN, TOKENS_TO_BEGIN = 24, 200


def coding_question(transcript: Transcript, prompt_name: str = DEFAULT_PROMPT) -> Question:
    """Ask for one label a turn, as sessions of mode `plan` do; labels of the transcript are not shown.

    Args:
        transcript: What is coded.
        prompt_name: Coder's prompt below `generation/prompts`.

    Returns:
        Question whose answer is a list of labels, shape (n_turns,).
    """
    prompt = load_prompt(prompt_name)
    text = blind_transcript(transcript.turns)
    return Question(
        name=transcript.digest[:N_NAME],
        stage="code",
        prompt=prompt,
        values={"target_behavior": transcript.target_behavior or UNKNOWN_TARGET, "transcript": text},
        max_tokens=TOKENS_TO_BEGIN + TOKENS_PER_TURN * len(transcript.turns),
        read=partial(read_codes, schema=prompt.schema, turns=transcript.turns),
    )
