"""Command ``estimate``: says what a run will probably take."""

from argparse import Namespace

from generation.backends.meter import Meter
from generation.completions.driving import Lookup
from generation.completions.recording import read_known
from generation.completions.store import CompletionStore
from generation.estimate import estimate_run
from generation.inputs import load_inputs
from generation.progress import duration


def estimate(options: Namespace) -> int:
    """Print requests, tokens, money and time that a run with the same options will probably take."""
    inputs = load_inputs(options.profiles, options.plans, options.settings, options.shard, options.limit)
    known = read_known(options.recording) if options.recording else {}
    with CompletionStore(options.store, read_only=True) as store:
        expected = estimate_run(inputs, Lookup(known, store))
    stages = ", ".join(f"{stage} {n:,}" for stage, n in expected.requests.items()) or "none"
    print(
        f"an estimate for {expected.n_sessions:,} sessions: the prompts of {expected.n_sampled:,} of them, "
        "answers of usual length;"
    )
    print("answers that a check sends back are not counted, and tokens differ by a third between tokenizers")
    print(f"requests: {expected.n_requests:,} ({stages})")
    print(f"tokens: {expected.prompt_tokens:,} in, {expected.completion_tokens:,} out")
    prices = Meter(price_in=options.price_in, price_out=options.price_out)
    cost = prices.cost_of(expected.prompt_tokens, expected.completion_tokens)
    print(
        f"cost: ${cost:,.2f}, without any discount for cached prompts"
        if cost is not None
        else "cost: give --price-in and --price-out"
    )
    seconds = expected.seconds(
        options.concurrency,
        options.tokens_per_second,
        options.requests_per_minute,
        options.tokens_per_minute,
    )
    print(
        f"time: {duration(seconds)} with {options.concurrency} requests at once, "
        f"{options.tokens_per_second:g} tokens a second each"
    )
    return 0
