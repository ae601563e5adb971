"""Command line of the generation engine: ``python -m generation --help``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from generation import batch_commands
from generation.inputs import InputsError, Shard
from generation.request import STAGES

HERE = Path(__file__).parent
PROFILES = HERE / "profiles" / "profiles.jsonl"
RECORDING = HERE / "recording"
SETTINGS = HERE / "settings" / "corpus.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        Exit code: 0 done, 1 something is wrong with the data or the run, 2 the command line can't be used.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; every answer that arrived is kept, run again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generation", description="Make MI dialogues from profiles."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_batch(commands)
    return parser


def _add_batch(commands: argparse._SubParsersAction) -> None:
    export = commands.add_parser(
        "export", help="write what sessions wait for as a batch file and a readable brief"
    )
    _add_inputs(export)
    export.add_argument("--out", type=Path, required=True, help="folder for requests.jsonl and brief.md")
    export.add_argument("--stage", choices=STAGES, help="only requests of this stage, such as write or code")
    export.add_argument("--shard", type=_shard, metavar="I/N", help="only part I of N of the profiles")
    export.add_argument("--limit", type=_count, metavar="N", help="at most N requests")
    export.add_argument("--model", default="unnamed", help="name of the model in the request bodies")
    export.set_defaults(command=batch_commands.export)

    answers = commands.add_parser("import", help="take in the answers to a batch file")
    _add_inputs(answers)
    answers.add_argument("file", type=Path, help="answers, JSONL, in the OpenAI Batch shape or a minimal one")
    answers.add_argument(
        "--model", help="model or model family that answered (default: what each line names)"
    )
    answers.add_argument(
        "--worker",
        type=_count,
        default=0,
        metavar="N",
        help="number of the reader or writer, 0 for a plain model",
    )
    answers.add_argument(
        "--check", action="store_true", help="say line by line what is wrong and store nothing"
    )
    answers.add_argument(
        "--skip-invalid", action="store_true", help="store the other answers where lines are invalid"
    )
    answers.set_defaults(command=batch_commands.take_in)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--settings", type=Path, default=SETTINGS, help="settings file (default: the shipped corpus's)"
    )
    parser.add_argument(
        "--profiles", type=Path, default=PROFILES, help="profiles file (default: the shipped one)"
    )
    parser.add_argument(
        "--plans", type=Path, default=RECORDING / "plans.jsonl", help="plans file (default: the shipped)"
    )
    parser.add_argument(
        "--store",
        type=Path,
        default=Path("build/completions.sqlite"),
        help="completion store (default: %(default)s)",
    )
    parser.add_argument(
        "--recording",
        type=Path,
        default=RECORDING / "completions",
        help="recorded completions that count as answered, or `none` (default: the shipped ones)",
    )


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except InputsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number, 0 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
