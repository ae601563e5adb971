"""Batch files: the requests that sessions wait for, in the OpenAI Batch format, and a readable brief of them.

Source:
    OpenAI, Batch API guide, "Prepare your batch file"; vLLM, ``run-batch``, reads the same lines.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generation.completions.driving import custom_id
from generation.sessions.request import Message, Request

CHECK_COMMAND = "python -m generation import FILE --model NAME --worker N --check"
LATER_HEADINGS = {"assistant": "Earlier answer", "user": "What was said to the earlier answer"}


def response_format(request: Request) -> dict[str, Any]:
    """Return the structured-output parameter of a request in the OpenAI format."""
    return {
        "type": "json_schema",
        "json_schema": {"name": request.prompt, "strict": True, "schema": request.schema},
    }


def chat_body(request: Request, model: str) -> dict[str, Any]:
    """Return the body of a chat completion request in the OpenAI format."""
    return {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "response_format": response_format(request),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
    }


def write_batch(
    folder: Path, requests: list[Request], model: str, check_command: str = CHECK_COMMAND
) -> None:
    """Write ``requests.jsonl`` and ``brief.md``.

    Args:
        folder: Where to write; made if missing. Files of an earlier export are replaced.
        requests: The requests.
        model: Name of the model for the bodies.
        check_command: Command by which whoever answers can check the file of answers, for the brief.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "requests.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for request in requests:
            line = {
                "custom_id": custom_id(request),
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": chat_body(request, model),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    (folder / "brief.md").write_text(
        "\n".join(_brief(requests, check_command)) + "\n", encoding="utf-8", newline="\n"
    )


def _brief(requests: list[Request], check_command: str) -> Iterator[str]:
    groups: dict[tuple[str, tuple[Message, ...], str], list[Request]] = {}
    for request in requests:
        shared = tuple(message for message in request.messages if message.role == "system")
        schema = json.dumps(request.schema, ensure_ascii=False, indent=1)
        groups.setdefault((request.prompt, shared, schema), []).append(request)
    yield f"# {len(requests)} requests\n"
    yield "Answer with one line of JSON for each request, in a file of lines of this shape:\n"
    yield '    {"custom_id": "<id of the request>", "content": {<answer>}}\n'
    yield "The answer is one JSON object that satisfies the schema of its prompt. To check the file:\n"
    yield f"    {check_command}\n"
    for (prompt, shared, schema), members in groups.items():
        yield f"\n# Prompt {prompt}: {len(members)} requests\n"
        for message in shared:
            yield f"# Instructions for every request of {prompt}\n\n{message.content}\n"
        yield f"# Schema of every answer to {prompt}\n\n```json\n{schema}\n```\n"
        for request in members:
            yield f"\n# Request {custom_id(request)}\n"
            first, *later = [message for message in request.messages if message.role != "system"]
            yield f"{first.content}\n"
            for message in later:
                yield f"# {LATER_HEADINGS[message.role]}\n\n{message.content}\n"
