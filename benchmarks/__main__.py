"""Command line of the benchmarks: ``python -m benchmarks`` measures, prints and judges."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.bar import Bar, table
from benchmarks.cluster import cluster
from benchmarks.cost import tokens
from benchmarks.forecaster_bench import forecaster
from benchmarks.loading import loading
from benchmarks.metrics_bench import metrics
from benchmarks.safety import faults, kills
from benchmarks.speed import capacity, growth, memory, saturation
from benchmarks.workload import BenchError
from generation.files import write_json

BENCHMARKS = {
    "tokens": tokens,
    "saturation": saturation,
    "capacity": capacity,
    "memory": memory,
    "growth": growth,
    "faults": faults,
    "kills": kills,
    "cluster": cluster,
    "forecaster": forecaster,
    "metrics": metrics,
    "loading": loading,
}


def main() -> int:
    """Measure, print the table and write it as JSON.

    Returns:
        Exit code: 0 if every bar holds, 1 if one falls short or could not be measured.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the engine, the forecaster, the metrics and loading.",
    )
    parser.add_argument("--only", choices=BENCHMARKS, nargs="+", help="only these benchmarks")
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench.json"), help="JSON file (default: %(default)s)"
    )
    options = parser.parse_args()
    bars: list[Bar] = []
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only or BENCHMARKS:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            try:
                bars += BENCHMARKS[name](Path(folder) / name)
            except BenchError as error:
                failures.append(f"{name}: {error}")
    print(table(bars))
    for failure in failures:
        print(f"error: {failure}", file=sys.stderr)
    short = [bar for bar in bars if bar.holds is False]
    write_json(options.out, {"bars": [bar.as_record() for bar in bars], "failures": failures})
    print(f"{len(bars)} values in {options.out}; {len(short)} bars fall short")
    return 1 if short or failures else 0


if __name__ == "__main__":
    sys.exit(main())
