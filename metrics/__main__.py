"""Command line of the metrics: `score`, `calibrate`, `code`, `judge` and `rate`.

Heavy modules are imported by the command that runs, so that `--help` starts at once.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from metrics.asking.parsers import add_commands
from metrics.rating.commands import add_rate_commands


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="python -m metrics", description="Measure how good labeled dialogues are as MI."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score", help="score labeled dialogues", description="Score labeled dialogues."
    )
    score.add_argument(
        "path", metavar="PATH", help="Parquet, JSON or JSONL file, folder, dataset repository or Hub id."
    )
    score.add_argument("--config", help="Config to read from a dataset (default: the first that has labels).")
    score.add_argument("--split", help="Score this split alone.")
    score.add_argument(
        "--reference", type=Path, metavar="FILE", help="Label counts for the divergences (default: AnnoMI)."
    )
    score.add_argument(
        "--random-seed", type=int, default=20250101, metavar="N", help="Start of the bootstrap's draws."
    )
    score.add_argument(
        "--n-resamples", type=int, default=2000, metavar="N", help="Number of bootstrap resamples."
    )
    score.add_argument(
        "--skip-refused", action="store_true", help="Score the rest when dialogues are refused."
    )
    score.add_argument("--out", type=Path, metavar="FILE", help="Write the report there as JSON.")
    score.add_argument("--json", action="store_true", help="Print the report as JSON in place of the tables.")
    calibrate = commands.add_parser(
        "calibrate",
        help="train the classifier of quality and measure text references",
        description="Train the classifier of quality on AnnoMI, and measure the text references again.",
    )
    calibrate.add_argument("--annomi", type=Path, required=True, metavar="FILE", help="AnnoMI-full.csv.")
    calibrate.add_argument(
        "--original", type=Path, metavar="FILE", help="Dialogues of the original KMI, to measure too."
    )
    calibrate.set_defaults(run=_calibrate)
    add_rate_commands(commands)
    add_commands(commands)
    return parser


def _calibrate(parsed: argparse.Namespace) -> int:
    from metrics.calibrating.commands import calibrate

    return calibrate(parsed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words of the command line; ``None`` takes the process's own.

    Returns:
        Exit code: 0 done, 1 bad input; argparse itself exits with 2.
    """
    parsed = build_parser().parse_args(arguments)
    try:
        if "run" in parsed:
            return parsed.run(parsed)
        from metrics.score import score

        print(score(parsed))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
