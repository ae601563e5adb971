"""What the driver and the workers of a run exchange besides entries: shares of the limits, and counts."""

from dataclasses import replace
from typing import Any

from generation.backends.choice import BackendChoice
from generation.backends.meter import Meter

COUNTS = ("n_answered", "prompt_tokens", "completion_tokens", "n_estimated")
CAUSES = ("retries", "failures")


def counts_of(meter: Meter) -> dict[str, Any]:
    """Return what a worker's meter has counted so far."""
    counts: dict[str, Any] = {name: getattr(meter, name) for name in COUNTS}
    return counts | {name: dict(getattr(meter, name)) for name in CAUSES}


def add_counts(meter: Meter, now: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Add to the driver's meter what a worker has counted since it last told."""
    for name in COUNTS:
        setattr(meter, name, getattr(meter, name) + now[name] - (before[name] if before else 0))
    for name in CAUSES:
        getattr(meter, name).update(now[name])
        getattr(meter, name).subtract(before[name] if before else {})


def share_of(choice: BackendChoice, meter: Meter, n_workers: int) -> tuple[BackendChoice, Meter]:
    """Give a worker its equal share of concurrency, rates and caps.

    Args:
        choice: Backend of the whole run.
        meter: Prices and caps of the whole run.
        n_workers: Workers of the run, 1 or more.
    """

    def part(value: float | None) -> float | None:
        return None if value is None else value / n_workers

    share = replace(
        choice,
        concurrency=max(1, choice.concurrency // n_workers),
        requests_per_minute=part(choice.requests_per_minute),
        tokens_per_minute=part(choice.tokens_per_minute),
    )
    max_tokens = None if meter.max_tokens is None else meter.max_tokens // n_workers
    caps = Meter(
        price_in=meter.price_in,
        price_out=meter.price_out,
        max_cost=part(meter.max_cost),
        max_tokens=max_tokens,
    )
    return share, caps
