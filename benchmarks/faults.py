"""Faults of the mock endpoint: which requests meet which, drawn from their text and from nothing else."""

import hashlib
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What can go wrong with one request."""

    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    DROP = "drop"
    BROKEN_BODY = "broken_body"
    TRUNCATE = "truncate"
    BROKEN_ANSWER = "broken_answer"
    WRONG_LABEL = "wrong_label"


IN_CONTENT = (Fault.BROKEN_ANSWER, Fault.WRONG_LABEL)
"""Faults of what the model says; they stay when the same request is sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultShares:
    """Share of the requests, 0 to 1, that meets each fault; together at most 1.

    Attributes:
        rate_limit: Answered with 429.
        server_error: Answered with 500.
        drop: The connection is closed without an answer.
        broken_body: The body of the answer is cut off.
        truncate: The model's text is cut off, `finish_reason` is `length`.
        broken_answer: The model's text is no JSON.
        wrong_label: The model names a label that doesn't exist.
    """

    rate_limit: float = 0.0
    server_error: float = 0.0
    drop: float = 0.0
    broken_body: float = 0.0
    truncate: float = 0.0
    broken_answer: float = 0.0
    wrong_label: float = 0.0

    def __post_init__(self) -> None:
        shares = [getattr(self, field.name) for field in fields(self)]
        if min(shares) < 0 or sum(shares) > 1:
            raise ValueError(f"{self}: each share must be 0 or more, and all together at most 1")

    def draw(self, body: bytes, n_times: int) -> Fault | None:
        """Return the fault that a request meets; the same one whenever it is asked the same time.

        Args:
            body: The request as sent.
            n_times: How many times it was sent, this time included.
        """
        lasting, passing = _share(body), _share(body + n_times.to_bytes(4, "big"))
        for kinds, place in ((IN_CONTENT, lasting), (tuple(set(Fault) - set(IN_CONTENT)), passing)):
            for fault in sorted(kinds):
                place -= getattr(self, fault.value)
                if place < 0:
                    return fault
        return None


def spoil_label(content: str) -> str:
    """Put a label or sublabel that doesn't exist into an answer."""
    answer: dict[str, Any] = json.loads(content)
    if "label" in answer:
        answer["label"] = "Resistance"
    elif key := next((key for key in ("sublabel", "change_talk") if key in answer), None):
        answer[key] = "Mirroring"
    elif items := answer.get("codes") or answer.get("revisions"):
        items[0]["label"] = "Resistance"
    else:
        answer["changes"] = [{"n": 1, "label": "Resistance", "sublabel": "Mirroring", "reason": "none"}]
    return json.dumps(answer, ensure_ascii=False)


def _share(data: bytes) -> float:
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") / 2**64
