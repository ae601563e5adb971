"""Pacing: how many requests may be under way, and when the next may be sent.

Source:
    Jacobson (1988), Congestion avoidance and control: add one a round, halve on a refusal. Rates are kept by
    the generic cell rate algorithm (ITU-T I.371) without a burst, so that no window holds too many.
"""

import asyncio
import time
from collections import deque


class Pace:
    """A rate that is held by sending each amount only when those before it have had their time.

    Args:
        per_minute: Requests or tokens a minute, above 0.

    Example:
        >>> pace = Pace(60)
        >>> [pace.book(1, now=0.0), pace.book(30, now=0.0), pace.book(1, now=0.0)]
        [0.0, 1.0, 31.0]
    """

    def __init__(self, per_minute: float) -> None:
        self._seconds_each = 60 / per_minute
        self._free_at = 0.0

    def book(self, amount: float, now: float) -> float:
        """Take the next place and return the time at which it begins."""
        starts_at = max(now, self._free_at)
        self._free_at = starts_at + amount * self._seconds_each
        return starts_at

    def correct(self, amount: float) -> None:
        """Count more, or with a negative amount less, than was booked."""
        self._free_at += amount * self._seconds_each


class Gate:
    """Slots for requests under way: half as many after a refusal, one more after each round of answers.

    Args:
        most: Most requests under way, 1 or more; as many are let in at first.
        requests_per_minute: Rate of requests; None for no limit.
        tokens_per_minute: Rate of tokens, in and out; None for no limit.

    Attributes:
        limit: Requests that may be under way now, from 1 to `most`.
        lowest: The lowest that `limit` has been.
    """

    def __init__(
        self, most: int, requests_per_minute: float | None = None, tokens_per_minute: float | None = None
    ) -> None:
        self.limit = self.lowest = float(most)
        self._most = most
        self._requests = Pace(requests_per_minute) if requests_per_minute else None
        self._tokens = Pace(tokens_per_minute) if tokens_per_minute else None
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._n_inside = 0
        self._n_entered = 0
        self._n_entered_at_cut = 0
        self._opens_at = 0.0

    async def enter(self, tokens: int) -> int:
        """Wait for a slot and for the rates.

        Args:
            tokens: Tokens that the request will probably take, in and out.

        Returns:
            Number of the entry, for `refuse`. `leave` must be called in the end.
        """
        if self._n_inside >= int(self.limit) or self._waiting:
            await self._wait()
        else:
            self._n_inside += 1
        try:
            await self._keep_rates(tokens)
        except BaseException:
            self.leave()
            raise
        self._n_entered += 1
        return self._n_entered

    def leave(self) -> None:
        """Give a slot back."""
        self._n_inside -= 1
        self._let_in()

    def accept(self, tokens_beyond: int) -> None:
        """Note an answer: more may be under way.

        Args:
            tokens_beyond: Tokens that it took beyond, or with a minus below, those told to `enter`.
        """
        self.limit = min(self._most, self.limit + 1 / self.limit)
        if self._tokens is not None:
            self._tokens.correct(tokens_beyond)
        self._let_in()

    def refuse(self, entry: int, wait_seconds: float) -> None:
        """Note that the server asks for fewer requests: half as many, once for all that were under way.

        Args:
            entry: What `enter` returned.
            wait_seconds: How long nothing may be sent, 0 or more.
        """
        self._opens_at = max(self._opens_at, time.monotonic() + wait_seconds)
        if entry > self._n_entered_at_cut:
            self._n_entered_at_cut = self._n_entered
            self.limit = max(1.0, self.limit / 2)
            self.lowest = min(self.lowest, self.limit)

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def _let_in(self) -> None:
        while self._waiting and self._n_inside < int(self.limit):
            turn = self._waiting.popleft()
            if not turn.done():
                self._n_inside += 1
                turn.set_result(None)

    async def _keep_rates(self, tokens: int) -> None:
        now = starts_at = time.monotonic()
        if self._requests is not None:
            starts_at = self._requests.book(1, now)
        if self._tokens is not None:
            starts_at = max(starts_at, self._tokens.book(tokens, now))
        while (seconds := max(starts_at, self._opens_at) - time.monotonic()) > 0:
            await asyncio.sleep(seconds)
