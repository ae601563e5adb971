"""Meter: what the requests of a run come to, and the caps at which it stops asking."""

from collections import Counter
from dataclasses import dataclass, field

from generation.backends.interface import CapReachedError

MILLION = 1_000_000


class MeterError(ValueError):
    """Raised for prices or caps that can't be used."""


@dataclass(slots=True, kw_only=True)
class Meter:
    """Counts of the requests of one run.

    Attributes:
        price_in: US dollars for a million tokens of requests; None if unknown.
        price_out: US dollars for a million tokens of answers; None if unknown.
        max_cost: US dollars that the run may spend; None without a cap.
        max_tokens: Tokens, in and out together, that the run may spend; None without a cap.
        n_under_way: Requests sent and not answered yet.
        n_answered: Requests that got their completion.
        retries: Requests sent again, by cause; see `generation.backends.failures.Cause`.
        failures: Requests given up, by cause.
        prompt_tokens: Tokens sent, those of answers that were thrown away included.
        completion_tokens: Tokens received, likewise.
        n_estimated: Answers whose server counted no tokens, so that they are estimated here.
    """

    price_in: float | None = None
    price_out: float | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    n_under_way: int = 0
    n_answered: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    n_estimated: int = 0
    _n_counted: int = 0

    def __post_init__(self) -> None:
        for name in ("price_in", "price_out", "max_cost", "max_tokens"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise MeterError(f"{name} is {value}; it must be 0 or more")
        if self.max_cost is not None and None in (self.price_in, self.price_out):
            raise MeterError("a cap on the cost needs the prices of a million tokens, in and out")

    @property
    def tokens(self) -> int:
        """Tokens so far, in and out."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def cost(self) -> float | None:
        """US dollars so far; None without prices."""
        return self.cost_of(self.prompt_tokens, self.completion_tokens)

    def cost_of(self, prompt_tokens: float, completion_tokens: float) -> float | None:
        """Return what so many tokens cost in US dollars; None without prices.

        Example:
            >>> Meter(price_in=2.0, price_out=10.0).cost_of(500_000, 100_000)
            2.0
        """
        if self.price_in is None or self.price_out is None:
            return None
        return (prompt_tokens * self.price_in + completion_tokens * self.price_out) / MILLION

    def start(self, prompt_tokens: int) -> None:
        """Count a request that is about to be sent.

        Args:
            prompt_tokens: Estimate of the tokens that it sends.

        Raises:
            CapReachedError: If this request and those under way would spend more than a cap allows, at the
                mean so far or, where it is higher, at this request's estimate.
        """
        n = self.n_under_way + 1
        share = n / self._n_counted if self._n_counted else 0
        expected = (max(self.prompt_tokens * share, prompt_tokens * n), self.completion_tokens * share)
        if self.max_tokens is not None and self.tokens + sum(expected) > self.max_tokens:
            raise _reached(f"{self.max_tokens:,} tokens", f"{self.tokens:,} tokens", "--max-tokens")
        if self.max_cost is not None and self.cost + self.cost_of(*expected) > self.max_cost:
            raise _reached(f"${self.max_cost:,.2f}", f"${self.cost:,.2f}", "--max-cost")
        self.n_under_way = n

    def end(self) -> None:
        """Count a request off that was started."""
        self.n_under_way -= 1

    def spend(self, prompt_tokens: int, completion_tokens: int, *, is_estimate: bool = False) -> None:
        """Count the tokens of an answer, whether or not it can be used."""
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        self.n_estimated += is_estimate
        self._n_counted += 1


def _reached(cap: str, spent: str, option: str) -> CapReachedError:
    return CapReachedError(
        f"the cap of {cap} is reached ({spent} spent); what was answered is kept; to go on, run the same "
        f"command again, which spends as much once more, or give another {option}"
    )
