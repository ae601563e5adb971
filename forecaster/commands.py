"""The commands of `python -m forecaster` and their arguments; each returns an exit code."""

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from forecaster.corpus import VARIANTS, read_annomi
from forecaster.evaluate import evaluate_ngram, with_authors_labels
from forecaster.fetch import ANNOMI_URL, DEFAULT_PATH, fetch
from forecaster.ngram import WEIGHTS_PATH
from forecaster.plan_figures import figures, read_target
from forecaster.plan_record import write_plans
from forecaster.planning import Planner
from forecaster.profile_conditions import read_conditions
from forecaster.rake import sample_plans
from forecaster.training import Fitting, train

DEFAULT_RANDOM_SEED = 20250101


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 on success, 1 after an error of the input, 2 after a wrong argument, 130 after Ctrl-C.
    """
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except (ValueError, OSError) as error:
        print(f"forecaster: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("forecaster: interrupted; files that were not finished were not written", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m forecaster", description="Forecast labels and lay out sessions."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_fetch(commands)
    _add_train(commands)
    _add_evaluate(commands)
    _add_plan(commands)
    return parser


def _add_fetch(commands) -> None:
    command = commands.add_parser(
        "fetch", help="Download AnnoMI-full.csv from its pinned commit and verify it."
    )
    command.add_argument(
        "--out", type=Path, default=DEFAULT_PATH, help="Where to put the file (default: %(default)s)."
    )
    command.add_argument(
        "--url", default=ANNOMI_URL, help="Where to get the file from, for a mirror of your own."
    )
    command.set_defaults(run=_fetch)


def _add_train(commands) -> None:
    command = commands.add_parser("train", help="Train the n-grams and fit the planner's bigram weights.")
    command.add_argument(
        "--annomi", type=Path, default=DEFAULT_PATH, help="AnnoMI-full.csv (default: %(default)s)."
    )
    command.add_argument(
        "--out", type=Path, default=WEIGHTS_PATH, help="Weights file to write (default: %(default)s)."
    )
    command.add_argument("--target", type=Path, help="Label counts (JSON) to fit to instead of AnnoMI's own.")
    command.add_argument(
        "--rounds", type=int, default=16, help="Rounds of fitting; 0 fits nothing (default: 16)."
    )
    command.add_argument("--plans", type=int, default=600, help="Plans sampled a round (default: 600).")
    command.set_defaults(run=_train)


def _add_evaluate(commands) -> None:
    command = commands.add_parser("evaluate", help="Evaluate by grouped 5-fold cross-validation on AnnoMI.")
    command.add_argument(
        "--annomi", type=Path, default=DEFAULT_PATH, help="AnnoMI-full.csv (default: %(default)s)."
    )
    command.add_argument(
        "--labels", type=Path, help="The KMI authors' labels (JSON) as the target instead of ours."
    )
    command.add_argument(
        "--variant", choices=VARIANTS, default="full", help="Variant of the corpus (default: full)."
    )
    command.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
    command.set_defaults(run=_evaluate)


def _add_plan(commands) -> None:
    command = commands.add_parser(
        "plan", help="Lay out sessions for profiles, or sample plans and print figures."
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--profiles", type=Path, help="Profiles (JSONL): one plan for each.")
    source.add_argument(
        "--n", type=int, help="Number of plans to sample over the mix of conditions in rules.toml."
    )
    command.add_argument("--out", type=Path, help="File for the plans (JSONL); needed with --profiles.")
    command.add_argument(
        "--random-seed", type=int, default=DEFAULT_RANDOM_SEED, help="Same number, same plans."
    )
    command.add_argument("--compare", type=Path, help="Label counts (JSON) to print the divergence to.")
    command.add_argument("--json", action="store_true", help="Print the figures as JSON instead of a table.")
    command.set_defaults(run=_plan)


def _fetch(arguments: argparse.Namespace) -> None:
    fetched = fetch(arguments.out, url=arguments.url)
    print(f"{'downloaded' if fetched else 'already there, verified'}: {arguments.out}")


def _train(arguments: argparse.Namespace) -> None:
    sessions = read_annomi(arguments.annomi)
    fitting = Fitting(arguments.rounds, arguments.plans, arguments.target)
    with tqdm(total=fitting.n_rounds, desc="fitting", unit="round", disable=not fitting.n_rounds) as bar:

        def report(_: int, distance: float) -> None:
            bar.set_postfix_str(f"{distance:.4f} bits")
            bar.update()

        about = train(sessions, arguments.out, fitting, report)
    print(f"{arguments.out}: {json.dumps(about, ensure_ascii=False)}")


def _evaluate(arguments: argparse.Namespace) -> None:
    sessions = [session for session in read_annomi(arguments.annomi) if session.quality == "high"]
    if arguments.labels:
        sessions = with_authors_labels(sessions, arguments.labels)
    row = evaluate_ngram(sessions, variant=arguments.variant)
    if arguments.json:
        print(json.dumps({"models": [row]}))
    else:
        print(
            "\n".join(
                f"{name:16} {value if isinstance(value, str | int) else f'{value:.4f}'}"
                for name, value in row.items()
            )
        )


def _plan(arguments: argparse.Namespace) -> None:
    planner = Planner.load()
    if arguments.profiles:
        if arguments.out is None:
            raise ValueError("plan --profiles needs --out, the file for the plans")
        conditions = list(read_conditions(arguments.profiles))
        progress = tqdm(conditions, desc="planning", unit="plan", disable=not sys.stderr.isatty())
        plans = [
            planner.plan(profile_id, condition, arguments.random_seed) for profile_id, condition in progress
        ]
    else:
        if arguments.n < 1:
            raise ValueError(f"plan --n {arguments.n}: give 1 or more")
        plans = sample_plans(planner, arguments.n, arguments.random_seed)
    if arguments.out:
        write_plans(plans, arguments.out)
        print(f"{len(plans)} plans: {arguments.out}")
    if arguments.n or arguments.compare or arguments.json:
        result = figures(plans, read_target(arguments.compare) if arguments.compare else None)
        text = (
            json.dumps(result) if arguments.json else "\n".join(f"{k:45} {v:.4g}" for k, v in result.items())
        )
        print(text)
