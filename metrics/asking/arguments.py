"""Options that every command shares that asks a model."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from generation.backends.choice import KINDS

BACKENDS = (*KINDS, "batch")


def at_least(smallest: int):
    """Return the type of an option that takes a whole number from `smallest` on."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < smallest:
            raise ArgumentTypeError(f"{text!r} must be a whole number, {smallest} or more")
        return int(text)

    return read


def add_backend(parser: ArgumentParser, *, required: bool = True) -> None:
    """Offer where answers come from, where they are kept, and the limits on asking.

    Args:
        parser: Parser of a command.
        required: Whether the command needs a language model.
    """
    asking = parser.add_argument_group("asking a language model")
    asking.add_argument(
        "--backend",
        choices=BACKENDS,
        required=required,
        help="An endpoint, a model held here, files that others answer (batch), what --store knows alone, or "
        "a recording.",
    )
    asking.add_argument("--model", help="Name of the model; of who answered, with --answers.")
    asking.add_argument("--base-url", help="Root of an OpenAI-compatible API; its key is in OPENAI_API_KEY.")
    asking.add_argument(
        "--store",
        type=Path,
        default=Path("build/metrics/completions.sqlite"),
        help="Answers; a store for each model (default: %(default)s).",
    )
    asking.add_argument("--recording", type=Path, metavar="FOLDER", help="Recorded answers, known.")
    asking.add_argument("--record", type=Path, metavar="FILE", help="Write the answers used, *.jsonl.gz.")
    asking.add_argument("--batch", type=Path, metavar="FOLDER", help="Where backend batch writes requests.")
    asking.add_argument("--answers", type=Path, metavar="FILE", help="Answers to take in, for backend batch.")
    asking.add_argument("--check", action="store_true", help="Only check --answers, line by line.")
    asking.add_argument("--worker", type=at_least(0), default=0, metavar="N", help="Number of who answered.")
    asking.add_argument("--skip-invalid", action="store_true", help="Leave invalid lines of --answers out.")
    asking.add_argument(
        "--concurrency", type=at_least(1), default=16, metavar="N", help="Most requests at once."
    )
    asking.add_argument("--requests-per-minute", type=at_least(1), metavar="N", help="Rate to keep.")
    asking.add_argument("--tokens-per-minute", type=at_least(1), metavar="N", help="Rate to keep.")
    asking.add_argument("--max-tokens", type=at_least(1), metavar="N", help="Stop before more are spent.")
    asking.add_argument("--device", default="auto", help="Where a local model runs (default: auto).")
    asking.add_argument(
        "--dtype", choices=("auto", "float32", "bfloat16", "float16"), default="auto", help="Its numbers."
    )
