"""Command line of the dataset card: `python -m dataset_card render`.

What renders is imported by the command that runs, so that `--help` starts at once.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="python -m dataset_card", description="Write the card of the dataset."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    text = "Render the card from the data and its metrics report."
    render = commands.add_parser("render", help=text[0].lower() + text[1:-1], description=text)
    render.add_argument(
        "--data",
        type=Path,
        default=Path("kmi"),
        metavar="FOLDER",
        help="Dataset repository with the folder data (default: %(default)s).",
    )
    render.add_argument(
        "--report",
        type=Path,
        default=Path("build/metrics/report.json"),
        metavar="FILE",
        help="Metrics report of the same data (default: %(default)s).",
    )
    render.add_argument(
        "--out", type=Path, metavar="FILE", help="Card to write (default: README.md in the folder of --data)."
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words of the command line; ``None`` takes the process's own.

    Returns:
        Exit code: 0 done, 1 bad input; argparse itself exits with 2.
    """
    options = build_parser().parse_args(arguments)
    from dataset_card.render import render_card, write_card

    out = options.out or options.data / "README.md"
    try:
        write_card(render_card(options.data, options.report), out)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"card written to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
