"""Chat completion as an endpoint sends it: what of its body is used."""

import json
from dataclasses import dataclass

from generation.token_count import estimate_tokens


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What the body of a chat completion says.

    Attributes:
        content: Text of the answer, or of the model's refusal.
        model: Name of the model; None if the body doesn't tell.
        prompt_tokens: Tokens of the request; None if the server doesn't count.
        completion_tokens: Tokens of the answer; None likewise.
        is_truncated: Whether the answer ends at the largest number of tokens.
    """

    content: str
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    is_truncated: bool

    def tokens(self, estimated_prompt_tokens: int) -> tuple[int, int]:
        """Return tokens in and out, estimated where the server doesn't count."""
        prompt = estimated_prompt_tokens if self.prompt_tokens is None else self.prompt_tokens
        own = self.completion_tokens
        return prompt, estimate_tokens(self.content) if own is None else own


def read_chat_answer(body: bytes) -> ChatAnswer | None:
    """Read the body of a chat completion; None for anything of another shape.

    Example:
        >>> read_chat_answer(b'{"choices": [{"message": {"content": "hi"}}]}').content
        'hi'
        >>> read_chat_answer(b'{"choices": [{"mess') is None
        True
    """
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message = choice["message"]
        content, refusal, model = message.get("content"), message.get("refusal"), answer.get("model")
        usage = answer.get("usage") or {}
        counts = [usage.get(key) for key in ("prompt_tokens", "completion_tokens")]
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    text = next((text for text in (content, refusal) if isinstance(text, str)), "")
    prompt_tokens, completion_tokens = (n if type(n) is int and n >= 0 else None for n in counts)
    return ChatAnswer(
        content=text,
        model=model if isinstance(model, str) and model else None,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        is_truncated=choice.get("finish_reason") == "length",
    )
