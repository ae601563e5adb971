"""Command line of the generation engine: ``python -m generation --help``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from generation.backends.choice import KINDS
from generation.commands import arguments, batch_service, batches, corpus, estimates, profiles, runs
from generation.commands.run import run as run_sessions
from generation.sessions.request import STAGES


def main(command_line: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        command_line: The command line without the program's name; None takes the process's own.

    Returns:
        Exit code: 0 done, 1 something is wrong with the data or the run, 2 the command line can't be used,
        3 stopped at a cap, 130 stopped from the keyboard.
    """
    options = build_parser().parse_args(command_line)
    try:
        return options.command(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; every answer that arrived is kept, run again to go on", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="python -m generation", description="Make MI dialogues from profiles."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(subparsers)
    _add_estimate(subparsers)
    _add_export(subparsers)
    _add_import(subparsers)
    batch_service.add_parsers(subparsers)
    _add_views(subparsers)
    _add_corpus(subparsers)
    profiles.add_parsers(subparsers)
    return parser


def _add_run(subparsers: argparse._SubParsersAction) -> None:
    run = _command(subparsers, "run", run_sessions, "drive every session to its end and write the dialogues")
    arguments.add_inputs(run)
    arguments.add_out(run)
    _add_backend(run)
    arguments.add_part(run)
    arguments.add_rates(run)
    arguments.add_prices(run)
    run.add_argument(
        "--max-cost",
        type=arguments.amount,
        metavar="USD",
        help="stop, keeping everything, before more is spent",
    )
    run.add_argument(
        "--max-tokens",
        type=arguments.positive,
        metavar="N",
        help="stop before more tokens are spent, in and out",
    )


def _add_backend(run: argparse.ArgumentParser) -> None:
    run.add_argument(
        "--backend",
        choices=KINDS,
        default="replay",
        help="where completions come from: the recording, --store alone, an endpoint, or a model held here "
        "(default: %(default)s)",
    )
    run.add_argument(
        "--base-url",
        help="root of an OpenAI-compatible API (default: OpenAI's); its key is in OPENAI_API_KEY",
    )
    run.add_argument(
        "--model", help="name of the model at the endpoint, or a local model's Hub name or folder"
    )
    run.add_argument(
        "--device", default="auto", help="where a local model runs: cpu, cuda, cuda:1, mps (default: auto)"
    )
    run.add_argument(
        "--dtype",
        choices=("auto", "float32", "bfloat16", "float16"),
        default="auto",
        help="number format of a local model (default: that of its weights)",
    )
    run.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="drive sessions in this process, or on the workers of a Ray cluster (default: %(default)s)",
    )
    run.add_argument(
        "--workers",
        type=arguments.positive,
        default=2,
        metavar="N",
        help="workers of engine ray, one core each (default: %(default)s)",
    )


def _add_estimate(subparsers: argparse._SubParsersAction) -> None:
    estimate = _command(
        subparsers, "estimate", estimates.estimate, "say what a run with a model will probably take"
    )
    arguments.add_inputs(estimate)
    arguments.add_part(estimate)
    arguments.add_rates(estimate)
    arguments.add_prices(estimate)
    estimate.add_argument(
        "--tokens-per-second",
        type=arguments.amount,
        default=50.0,
        metavar="N",
        help="speed at which one answer is written (default: %(default)g)",
    )


def _add_export(subparsers: argparse._SubParsersAction) -> None:
    export = _command(
        subparsers,
        "export",
        batches.export,
        "write what sessions wait for as a batch file and a brief",
    )
    arguments.add_inputs(export)
    export.add_argument("--out", type=Path, required=True, help="folder for requests.jsonl and brief.md")
    export.add_argument("--stage", choices=STAGES, help="only requests of this stage")
    export.add_argument(
        "--shard", type=arguments.shard, metavar="I/N", help="only part I of N of the profiles"
    )
    export.add_argument("--limit", type=arguments.positive, metavar="N", help="at most N requests")
    export.add_argument(
        "--model", default="unnamed", help="name of the model in the request bodies (default: %(default)s)"
    )


def _add_import(subparsers: argparse._SubParsersAction) -> None:
    take_in = _command(subparsers, "import", batches.take_in, "take in the answers to a batch file")
    arguments.add_inputs(take_in)
    take_in.add_argument("file", type=Path, help="answers, JSONL, in the OpenAI Batch shape or a minimal one")
    take_in.add_argument(
        "--model", help="model or model family that answered (default: what each line names)"
    )
    take_in.add_argument(
        "--worker",
        type=arguments.whole,
        default=0,
        metavar="N",
        help="number of the reader or writer, 0 for a plain model",
    )
    take_in.add_argument(
        "--check", action="store_true", help="say line by line what is wrong and store nothing"
    )
    take_in.add_argument(
        "--skip-invalid", action="store_true", help="leave invalid lines out and store the others"
    )


def _add_views(subparsers: argparse._SubParsersAction) -> None:
    status = _command(subparsers, "status", runs.status, "say how far a run or the sessions have come")
    status.add_argument(
        "run", type=Path, nargs="?", help="folder of a run, which may be going on (default: read the store)"
    )
    arguments.add_inputs(status)
    show = _command(subparsers, "show", runs.show, "print a finished dialogue with its labels")
    show.add_argument("id", type=arguments.positive, help="id of the dialogue, which is that of its profile")
    arguments.add_out(show)


def _add_corpus(subparsers: argparse._SubParsersAction) -> None:
    record = _command(
        subparsers,
        "record",
        corpus.record,
        "add what ended sessions used to the recording that ships",
    )
    arguments.add_inputs(record)
    arguments.add_manifest(record)
    build = _command(subparsers, "build", corpus.build, "write the dataset's files from finished dialogues")
    arguments.add_out(build)
    build.add_argument(
        "--data",
        type=Path,
        default=Path("kmi/data"),
        help="folder of the parquet files (default: %(default)s)",
    )
    verify = _command(subparsers, "verify", corpus.verify, "compare a run's manifest with the recorded one")
    arguments.add_out(verify)
    arguments.add_manifest(verify)


def _command(
    subparsers: argparse._SubParsersAction, name: str, function, text: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(command=function)
    return parser


if __name__ == "__main__":
    sys.exit(main())
