"""Answers: read a file of answers to a batch, match them with what sessions wait for, try them out.

Lines have the shape that OpenAI Batch and ``vllm run-batch`` write, or a minimal one for people and other
programs: ``{"custom_id": …, "content": {…} or "text"}``.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from generation.completions.driving import Driven, Waiting
from generation.sessions.request import Completion, Request

SHAPES = '{"custom_id": …, "content": …} or {"custom_id": …, "response": {"status_code": 200, "body": …}}'


class AnswerError(ValueError):
    """Raised for a line that holds no answer, or an answer that fits no waiting request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of an answer file.

    Attributes:
        line: Number of the line, from 1.
        custom_id: Id of the request as the batch file gave it.
        content: Text of the answer, as the model gave it.
        model: Model that the line names, if it does.
        prompt_tokens: Tokens of the request, if the line says.
        completion_tokens: Tokens of the answer, if the line says.
    """

    line: int
    custom_id: str
    content: str
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of an answer file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Matched:
    """An answer beside the session that waits for it."""

    answer: Answer
    waiting: Waiting
    completion: Completion


def read_answers(path: Path) -> tuple[list[Answer], list[Problem]]:
    """Read an answer file.

    Args:
        path: JSONL file; empty lines are passed over.

    Returns:
        Answers, and the lines that hold none.

    Raises:
        AnswerError: If the file does not exist or can't be read.
    """
    answers, problems, lines_of = [], [], {}
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.strip():
                    continue
                try:
                    answer = _answer(number, raw)
                    if answer.custom_id in lines_of:
                        raise AnswerError(
                            f"answers {answer.custom_id} again, after line {lines_of[answer.custom_id]}"
                        )
                except AnswerError as error:
                    problems.append(Problem(number, str(error)))
                else:
                    lines_of[answer.custom_id] = number
                    answers.append(answer)
    except OSError as error:
        raise AnswerError(f"answer file {path} can't be read: {error.strerror}") from None
    return answers, problems


def match_answers(
    answers: list[Answer], driven: Driven, model: str | None, worker: int
) -> tuple[list[Matched], list[Problem], int]:
    """Find the waiting request of each answer.

    Args:
        answers: Answers of one file.
        driven: The sessions.
        model: Model or family that gave the answers; None takes what each line names.
        worker: Who gave the answers, 1 or more; 0 for a model that sees each request alone.

    Returns:
        Matched answers, problems, and how many answers were known already with the same content.
    """
    matched, problems, n_known = [], [], 0
    for answer in answers:
        try:
            if _is_known(answer, driven):
                n_known += 1
                continue
            matched.append(_match(answer, driven, model, worker))
        except AnswerError as error:
            problems.append(Problem(answer.line, f"{answer.custom_id}: {error}"))
    return matched, problems, n_known


def complaints_about(matched: Matched) -> list[str]:
    """Try an answer on the very session that waits for it; the session moves on.

    Args:
        matched: The answer and its session.

    Returns:
        What is wrong with it, by JSON, by schema, and by the checks of the session; empty if it is accepted.
    """
    request, session = matched.waiting.request, matched.waiting.session
    try:
        content = json.loads(matched.completion.content)
    except json.JSONDecodeError as error:
        return [f"content is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"]
    validator = Draft202012Validator(request.schema)
    found = [
        f"content{error.json_path[1:]}: {error.message[:200]}" for error in validator.iter_errors(content)
    ]
    if found:
        return found
    state = session.advance(matched.completion)
    complaints = list(session.complaints)
    if isinstance(state, Request) and state.session != request.session:
        complaints.append(f"session {request.session} is rejected and begins anew as {state.session}")
    elif isinstance(state, Request) and not complaints and _place(state) == _place(request):
        complaints.append("the session asks again")
    return complaints


def _place(request: Request) -> tuple[str, int]:
    return request.stage, request.index


def _answer(line: int, raw: bytes) -> Answer:
    try:
        record = json.loads(raw.decode("utf-8"))
    except ValueError as error:
        if not raw.endswith(b"\n"):
            raise AnswerError(f"is cut off or not JSON ({error}); is the file whole?") from None
        raise AnswerError(f"is not JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("custom_id"), str):
        raise AnswerError(f"has no text custom_id; a line is {SHAPES}")
    if "content" in record:
        return Answer(line=line, custom_id=record["custom_id"], content=_text(record["content"]))
    return _batch_answer(line, record)


def _batch_answer(line: int, record: dict[str, Any]) -> Answer:
    response = record.get("response")
    if record.get("error") or not isinstance(response, dict) or response.get("status_code", 200) != 200:
        detail = (
            record.get("error") or (response or {}).get("body")
            if isinstance(response, dict | None)
            else response
        )
        raise AnswerError(
            f"{record['custom_id']}: holds no answer but an error: "
            f"{json.dumps(detail, ensure_ascii=False)[:200]}; "
            "leave it out with --skip-invalid, and export again to ask again"
        )
    body = response.get("body")
    try:
        message = body["choices"][0]["message"]
        content = message.get("content")
        usage = body.get("usage") or {}
        return Answer(
            line=line,
            custom_id=record["custom_id"],
            content=content if isinstance(content, str) else message.get("refusal") or "",
            model=body.get("model"),
            prompt_tokens=usage.get("prompt_tokens"),
            completion_tokens=usage.get("completion_tokens"),
        )
    except (TypeError, KeyError, IndexError, AttributeError):
        raise AnswerError(
            f"{record['custom_id']}: has no response.body.choices[0].message; a line is {SHAPES}"
        ) from None


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _is_known(answer: Answer, driven: Driven) -> bool:
    known = driven.answered.get(answer.custom_id)
    if known is not None and known.content != answer.content:
        raise AnswerError("is answered already, with other content; a completion is never overwritten")
    return known is not None


def _match(answer: Answer, driven: Driven, model: str | None, worker: int) -> Matched:
    waiting = driven.waiting.get(answer.custom_id)
    if waiting is None:
        raise AnswerError(
            "no session waits for this request; export again (did settings, prompts or profiles change?)"
        )
    name = model or answer.model
    if not isinstance(name, str) or not name:
        raise AnswerError("the line names no model; give it with --model")
    request = waiting.request
    served = sorted({c.stage for c in waiting.used if c.session == request.session and c.worker == worker})
    if worker and served and served != [request.stage]:
        others = ", ".join(stage for stage in served if stage != request.stage)
        raise AnswerError(
            f"worker {worker} served stage {others} of session {request.session} and may not serve stage "
            f"{request.stage} too; have another worker answer it"
        )
    completion = Completion(
        request_hash=request.hash,
        session=request.session,
        stage=request.stage,
        content=answer.content,
        model=name,
        worker=worker,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
    )
    return Matched(answer, waiting, completion)
