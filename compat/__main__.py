"""Command line of the compatibility matrix: `python -m compat`."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from compat.environments import CompatError, build_wheel, make_environment
from compat.matrix import expected_results, table, try_way
from compat.probe import WAYS

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.6.0", "4.0.0", "4.*", "5.*")


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every way in every version and print the matrix.

    Args:
        arguments: Words of the command line; ``None`` takes the process's own.

    Returns:
        Exit code: 0 all as they must be, 1 a way fails or an environment cannot be made.
    """
    parser = argparse.ArgumentParser(prog="python -m compat", description="Load the dataset in every way.")
    parser.add_argument(
        "--versions",
        nargs="+",
        default=VERSIONS,
        metavar="V",
        help="Versions of datasets; 4.* is the newest 4 that pip offers (default: 3.6.0 4.0.0 4.* 5.*).",
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "build" / "compat", help="Where environments are kept."
    )
    options = parser.parse_args(arguments)
    out, expected, outcomes = options.out.resolve(), expected_results(ROOT), []
    try:
        wheel = build_wheel(ROOT, out)
        for version in options.versions:
            folder = out / f"datasets-{version.replace('*', 'newest')}"
            environment = make_environment(folder, f"datasets=={version}", wheel)
            shutil.rmtree(folder / "huggingface", ignore_errors=True)
            print(f"datasets {environment.version}: trying {len(WAYS)} ways", file=sys.stderr)
            outcomes += [try_way(way, environment, ROOT, expected[way]) for way in WAYS]
    except CompatError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(table(outcomes))
    return int(any(outcome.fault for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
