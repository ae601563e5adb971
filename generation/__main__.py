"""Command line of the generation engine: ``python -m generation --help``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from generation.commands import batch_service, batches, corpus, runs
from generation.inputs import PLANS, PROFILES, RECORDED_MANIFEST, SETTINGS, InputsError, Shard
from generation.sessions.request import STAGES

BACKENDS = ("replay", "openai", "transformers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        Exit code: 0 done, 1 something is wrong with the data or the run, 2 the command line can't be used,
        130 stopped from the keyboard.
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
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(subparsers)
    _add_export(subparsers)
    _add_import(subparsers)
    batch_service.add_parsers(subparsers, _add_inputs)
    _add_views(subparsers)
    _add_corpus(subparsers)
    return parser


def _add_run(subparsers: argparse._SubParsersAction) -> None:
    run = _command(subparsers, "run", runs.run, "drive every session to its end and write the dialogues")
    _add_inputs(run)
    _add_out(run)
    run.add_argument(
        "--backend",
        choices=BACKENDS,
        default="replay",
        help="where completions come from (default: %(default)s)",
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
        "--concurrency",
        type=_positive,
        default=16,
        metavar="N",
        help="requests at once (default: %(default)s)",
    )
    run.add_argument("--shard", type=_shard, metavar="I/N", help="only part I of N of the profiles")
    run.add_argument("--limit", type=_positive, metavar="N", help="only the first N profiles")


def _add_export(subparsers: argparse._SubParsersAction) -> None:
    export = _command(
        subparsers,
        "export",
        batches.export,
        "write what sessions wait for as a batch file and a brief",
    )
    _add_inputs(export)
    export.add_argument("--out", type=Path, required=True, help="folder for requests.jsonl and brief.md")
    export.add_argument("--stage", choices=STAGES, help="only requests of this stage")
    export.add_argument("--shard", type=_shard, metavar="I/N", help="only part I of N of the profiles")
    export.add_argument("--limit", type=_positive, metavar="N", help="at most N requests")
    export.add_argument(
        "--model", default="unnamed", help="name of the model in the request bodies (default: %(default)s)"
    )


def _add_import(subparsers: argparse._SubParsersAction) -> None:
    take_in = _command(subparsers, "import", batches.take_in, "take in the answers to a batch file")
    _add_inputs(take_in)
    take_in.add_argument("file", type=Path, help="answers, JSONL, in the OpenAI Batch shape or a minimal one")
    take_in.add_argument(
        "--model", help="model or model family that answered (default: what each line names)"
    )
    take_in.add_argument(
        "--worker",
        type=_whole,
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
    status = _command(subparsers, "status", runs.status, "say how far the sessions have come")
    _add_inputs(status)
    show = _command(subparsers, "show", runs.show, "print a finished dialogue with its labels")
    show.add_argument("id", type=_positive, help="id of the dialogue, which is that of its profile")
    _add_out(show)


def _add_corpus(subparsers: argparse._SubParsersAction) -> None:
    record = _command(
        subparsers,
        "record",
        corpus.record,
        "add what ended sessions used to the recording that ships",
    )
    _add_inputs(record)
    _add_manifest(record)
    build = _command(subparsers, "build", corpus.build, "write the dataset's files from finished dialogues")
    _add_out(build)
    build.add_argument(
        "--data",
        type=Path,
        default=Path("kmi/data"),
        help="folder of the parquet files (default: %(default)s)",
    )
    verify = _command(subparsers, "verify", corpus.verify, "compare a run's manifest with the recorded one")
    _add_out(verify)
    _add_manifest(verify)


def _command(
    subparsers: argparse._SubParsersAction, name: str, function, text: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(command=function)
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
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
        "run with a model)",
    )


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path("build"), help="folder of the run's results (default: %(default)s)"
    )


def _add_manifest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--manifest",
        type=Path,
        default=RECORDED_MANIFEST,
        help="manifest of the recording (default: the shipped one)",
    )


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except InputsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number, 0 or more")
    return int(text)


def _positive(text: str) -> int:
    if _whole(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} must be 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
