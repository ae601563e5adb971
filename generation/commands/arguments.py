"""Arguments that commands share: types, each of which reads a text or says what is allowed, and groups."""

import math
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from generation.inputs import PLANS, PROFILES, RECORDED_MANIFEST, SETTINGS, InputsError, Shard


def shard(text: str) -> Shard:
    """Read a shard such as 2/4."""
    try:
        return Shard.parse(text)
    except InputsError as error:
        raise ArgumentTypeError(str(error)) from None


def whole(text: str) -> int:
    """Read a whole number, 0 or more."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} must be a whole number, 0 or more")
    return int(text)


def positive(text: str) -> int:
    """Read a whole number, 1 or more."""
    if whole(text) < 1:
        raise ArgumentTypeError(f"{text!r} must be 1 or more")
    return int(text)


def price(text: str) -> float:
    """Read a number, 0 or more."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ArgumentTypeError(f"{text!r} must be a number, 0 or more")
    return number


def amount(text: str) -> float:
    """Read a number above 0."""
    if not price(text):
        raise ArgumentTypeError(f"{text!r} must be above 0")
    return float(text)


def add_inputs(parser: ArgumentParser) -> None:
    """Offer profiles, plans, settings, store and recording."""
    parser.add_argument(
        "--settings", type=Path, default=SETTINGS, help="settings file (default: the corpus's)"
    )
    parser.add_argument(
        "--profiles", type=Path, default=PROFILES, help="profiles file (default: the shipped one)"
    )
    parser.add_argument("--plans", type=Path, default=PLANS, help="plans file (default: the shipped one)")
    parser.add_argument(
        "--store",
        type=Path,
        default=Path("build/completions.sqlite"),
        help="completions (default: %(default)s)",
    )
    parser.add_argument(
        "--recording",
        type=Path,
        metavar="FOLDER",
        help="recorded completions that count as answered, or `none` (default: the shipped ones; none in a "
        "run with a model and in its estimate)",
    )


def add_out(parser: ArgumentParser) -> None:
    """Offer the folder of a run's results."""
    parser.add_argument(
        "--out", type=Path, default=Path("build"), help="folder of the run's results (default: %(default)s)"
    )


def add_part(parser: ArgumentParser) -> None:
    """Offer to take only some of the profiles."""
    parser.add_argument("--shard", type=shard, metavar="I/N", help="only part I of N of the profiles")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N profiles")


def add_rates(parser: ArgumentParser) -> None:
    """Offer the limits on requests and tokens."""
    parser.add_argument(
        "--concurrency",
        type=positive,
        default=16,
        metavar="N",
        help="most requests at once; fewer for a while where the server refuses some (default: %(default)s)",
    )
    parser.add_argument(
        "--requests-per-minute",
        type=amount,
        metavar="N",
        help="rate of requests to keep (default: none)",
    )
    parser.add_argument(
        "--tokens-per-minute",
        type=amount,
        metavar="N",
        help="rate of tokens to keep, in and out together",
    )


def add_prices(parser: ArgumentParser) -> None:
    """Offer the prices of tokens."""
    parser.add_argument("--price-in", type=price, metavar="USD", help="price of a million tokens sent")
    parser.add_argument("--price-out", type=price, metavar="USD", help="price of a million tokens received")


def add_manifest(parser: ArgumentParser) -> None:
    """Offer the manifest to compare with."""
    parser.add_argument(
        "--manifest",
        type=Path,
        default=RECORDED_MANIFEST,
        help="manifest of the recording (default: the shipped one)",
    )
