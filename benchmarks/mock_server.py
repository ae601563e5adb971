"""Mock endpoint that speaks the OpenAI chat API: latency, jitter, capacity and faults are its options.

It answers every prompt of this project with valid JSON, the same request with the same text. `GET /stats`
tells what it was asked. Run it as a process of its own: ``python -m benchmarks.mock_server --latency 1``.
"""

import argparse
import asyncio
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from benchmarks.faults import Fault, FaultShares, spoil_label
from generation.stand_in import stand_in_answer
from generation.token_count import estimate_tokens

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests", 500: "Server Error"}


@dataclass(slots=True, kw_only=True)
class Mock:
    """What the server does, and what it was asked.

    Attributes:
        latency_seconds: Time to answer.
        jitter_seconds: Largest deviation from it, up or down.
        capacity: Requests that it takes at once; more are answered with 429. None for no limit.
        retry_after_seconds: What a 429 asks to wait; None for nothing.
        refuses_max_tokens: Whether it wants `max_completion_tokens`, as newer models do.
        shares: Faults.
        counts: Requests, requests asked again, and faults by name.
        under_way: Requests that wait for their answer.
        most_under_way: The most that ever did.
    """

    latency_seconds: float = 0.0
    jitter_seconds: float = 0.0
    capacity: int | None = None
    retry_after_seconds: float | None = None
    refuses_max_tokens: bool = False
    shares: FaultShares = field(default_factory=FaultShares)
    counts: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    most_under_way: int = 0
    _n_times: Counter[bytes] = field(default_factory=Counter)

    def stats(self) -> dict[str, Any]:
        """Return what the server was asked."""
        return {
            **self.counts,
            "different": len(self._n_times),
            "under_way": self.under_way,
            "most_under_way": self.most_under_way,
        }

    def delay(self, body: bytes) -> float:
        """Return the time to answer a request, in seconds."""
        spread = hashlib.sha256(body).digest()[0] / 127.5 - 1
        return max(0.0, self.latency_seconds + self.jitter_seconds * spread)

    def answer(self, body: bytes) -> tuple[int, bytes] | None:
        """Return status and body of the answer to a request; None to drop the connection."""
        key = hashlib.sha256(body).digest()
        self.counts["requests"] += 1
        self._n_times[key] += 1
        self.counts["asked_again"] += self._n_times[key] > 1
        fault = self.shares.draw(body, self._n_times[key])
        if self.capacity is not None and self.under_way > self.capacity:
            self.counts["over_capacity"] += 1
            return _error(429, "too many requests at once")
        request = json.loads(body)
        if self.refuses_max_tokens and "max_tokens" in request:
            self.counts["parameter"] += 1
            return _error(400, "'max_tokens' is not supported with this model. Use 'max_completion_tokens'.")
        if fault is not None:
            self.counts[fault.value] += 1
        if fault is Fault.DROP:
            return None
        if fault is Fault.RATE_LIMIT:
            return _error(429, "slow down")
        if fault is Fault.SERVER_ERROR:
            return _error(500, "something went wrong")
        answered = _completion(request, fault)
        return 200, answered[: len(answered) // 2] if fault is Fault.BROKEN_BODY else answered


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection that stays open; requests come one after another."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end])
        _, _, length = head.lower().partition(b"content-length:")
        size = end + 4 + int(length.split(b"\r\n")[0] or 0)
        if len(self._buffer) < size:
            return
        body = bytes(self._buffer[end + 4 : size])
        del self._buffer[:size]
        if head.startswith(b"POST"):
            self._answer_later(body)
        else:
            self._send(200, json.dumps(self._mock.stats() if b" /stats " in head else {"data": []}).encode())

    def _answer_later(self, body: bytes) -> None:
        mock = self._mock
        mock.under_way += 1
        mock.most_under_way = max(mock.most_under_way, mock.under_way)
        answer = mock.answer(body)
        delay = 0.0 if answer is not None and answer[0] != 200 else mock.delay(body)
        asyncio.get_running_loop().call_later(delay, self._answer, answer)

    def _answer(self, answer: tuple[int, bytes] | None) -> None:
        self._mock.under_way -= 1
        if answer is None:
            self._transport.abort()
        else:
            self._send(*answer)

    def _send(self, status: int, body: bytes) -> None:
        if self._transport.is_closing():
            return
        head = f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: application/json\r\n"
        if status == 429 and self._mock.retry_after_seconds is not None:
            head += f"retry-after: {self._mock.retry_after_seconds:g}\r\n"
        self._transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)


async def serve(mock: Mock, port: int = 0) -> asyncio.Server:
    """Start to serve on localhost; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(mock), "127.0.0.1", port, backlog=4096)


def _completion(request: dict[str, Any], fault: Fault | None) -> bytes:
    content = stand_in_answer(request["response_format"]["json_schema"]["schema"], request["messages"])
    if fault is Fault.WRONG_LABEL:
        content = spoil_label(content)
    elif fault in (Fault.TRUNCATE, Fault.BROKEN_ANSWER):
        content = content[: len(content) // 2]
    message = {"role": "assistant", "content": content}
    reason = "length" if fault is Fault.TRUNCATE else "stop"
    prompt = sum(estimate_tokens(message["content"]) for message in request["messages"])
    answer = {
        "object": "chat.completion",
        "model": request["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": estimate_tokens(content)},
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _error(status: int, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"error": {"message": message}}).encode()


async def _serve_for_ever(options: argparse.Namespace) -> None:
    shares = FaultShares(**{field.name: getattr(options, field.name) for field in fields(FaultShares)})
    mock = Mock(
        latency_seconds=options.latency,
        jitter_seconds=options.jitter,
        capacity=options.capacity,
        retry_after_seconds=options.retry_after,
        refuses_max_tokens=options.refuses_max_tokens,
        shares=shares,
    )
    server = await serve(mock, options.port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until killed; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mock_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port (default: a free one)")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds to answer (default: %(default)s)")
    parser.add_argument("--jitter", type=float, default=0.0, help="largest deviation from it, in seconds")
    parser.add_argument("--capacity", type=int, help="requests at once; more are answered with 429")
    parser.add_argument("--retry-after", type=float, help="seconds that a 429 asks to wait")
    parser.add_argument("--refuses-max-tokens", action="store_true", help="want max_completion_tokens")
    for fault in fields(FaultShares):
        name = f"--{fault.name.replace('_', '-')}"
        parser.add_argument(name, type=float, default=0.0, metavar="SHARE", help="share of the requests")
    asyncio.run(_serve_for_ever(parser.parse_args()))


if __name__ == "__main__":
    main()
