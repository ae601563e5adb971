"""The commands of `python -m forecaster` and their arguments; each returns an exit code."""

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from forecaster.corpus import Session, read_annomi
from forecaster.evaluate_command import add_evaluate, require_learning
from forecaster.feature_model import weights_path
from forecaster.fetch import ANNOMI_URL, DEFAULT_PATH, fetch
from forecaster.ngram import WEIGHTS_PATH
from forecaster.plan_command import add_plan
from forecaster.predict_command import add_predict
from forecaster.recipes import RECIPES
from forecaster.training import Fitting, train


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 on success, 1 after an error of the input or a failed check, 2 after a wrong argument, 130 after
        Ctrl-C.
    """
    arguments = build_parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except (ValueError, OSError) as error:
        print(f"forecaster: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("forecaster: interrupted; files that were not finished were not written", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="python -m forecaster", description="Forecast labels and lay out sessions."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_fetch(commands)
    _add_train(commands)
    add_evaluate(commands)
    add_plan(commands)
    add_predict(commands)
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
    command = commands.add_parser(
        "train", help="Train the n-grams and the planner's bigram weights, or the models over features."
    )
    command.add_argument(
        "--models",
        nargs="+",
        choices=list(RECIPES),
        metavar="MODEL",
        help=f"Train these instead of the n-grams: {', '.join(RECIPES)} (needs the extra `learn`).",
    )
    command.add_argument(
        "--annomi", type=Path, default=DEFAULT_PATH, help="AnnoMI-full.csv (default: %(default)s)."
    )
    command.add_argument(
        "--out", type=Path, default=WEIGHTS_PATH, help="Weights file of the n-grams (default: %(default)s)."
    )
    command.add_argument(
        "--folder", type=Path, default=WEIGHTS_PATH.parent, help="Folder for --models (default: %(default)s)."
    )
    command.add_argument("--target", type=Path, help="Label counts (JSON) to fit to instead of AnnoMI's own.")
    command.add_argument(
        "--rounds", type=int, default=16, help="Rounds of fitting; 0 fits nothing (default: 16)."
    )
    command.add_argument("--plans", type=int, default=600, help="Plans sampled a round (default: 600).")
    command.set_defaults(run=_train)


def _fetch(arguments: argparse.Namespace) -> None:
    fetched = fetch(arguments.out, url=arguments.url)
    print(f"{'downloaded' if fetched else 'already there, verified'}: {arguments.out}")


def _train(arguments: argparse.Namespace) -> None:
    sessions = read_annomi(arguments.annomi)
    if arguments.models:
        _train_models(sessions, arguments)
        return
    fitting = Fitting(arguments.rounds, arguments.plans, arguments.target)
    with tqdm(total=fitting.n_rounds, desc="fitting", unit="round", disable=not fitting.n_rounds) as bar:

        def report(_: int, distance: float) -> None:
            bar.set_postfix_str(f"{distance:.4f} bits")
            bar.update()

        about = train(sessions, arguments.out, fitting, report)
    print(f"{arguments.out}: {json.dumps(about, ensure_ascii=False)}")


def _train_models(sessions: list[Session], arguments: argparse.Namespace) -> None:
    require_learning()
    from forecaster.model_training import train_model

    for name in tqdm(arguments.models, desc="training", unit="model", disable=not sys.stderr.isatty()):
        path = arguments.folder / weights_path(name).name
        about = train_model(sessions, name, path)
        print(f"{path}: {json.dumps(about, ensure_ascii=False)}")
