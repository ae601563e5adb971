"""The command `evaluate`: every model by grouped cross-validation, as a table, JSON and a picture."""

import argparse
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from tqdm import tqdm

from forecaster.agreement import argmax_agreement
from forecaster.corpus import VARIANTS, Session, read_annomi
from forecaster.encoder import is_installed
from forecaster.evaluate import N_FOLDS, with_authors_labels
from forecaster.evaluation_report import render_table
from forecaster.feature_model import load_forecaster
from forecaster.fetch import DEFAULT_PATH
from forecaster.history_reader import read_parallel
from forecaster.recipes import RECIPES

MODELS = ("n-gram", *RECIPES)


class LearningMissingError(ValueError):
    """A package of the extra `learn` is not installed."""


def require_learning(package: str = "sklearn") -> None:
    """Raise a clear error if a package of the extra `learn` is missing.

    Raises:
        LearningMissingError: If it is.
    """
    if find_spec(package) is None:
        raise LearningMissingError(
            f"training and evaluation need {package}, which is not installed; run `pip install '.[learn]'`"
        )


def add_evaluate(commands) -> None:
    """Add the command and its arguments."""
    command = commands.add_parser("evaluate", help="Evaluate by grouped 5-fold cross-validation on AnnoMI.")
    command.add_argument(
        "--annomi", type=Path, default=DEFAULT_PATH, help="AnnoMI-full.csv (default: %(default)s)."
    )
    command.add_argument(
        "--labels", type=Path, help="The KMI authors' labels (JSON) as the target instead of ours."
    )
    command.add_argument(
        "--models",
        nargs="+",
        choices=MODELS,
        metavar="MODEL",
        help=f"Models to evaluate: {', '.join(MODELS)} (default: all that the installed packages allow).",
    )
    command.add_argument(
        "--variant",
        choices=(*VARIANTS, "both"),
        default="both",
        help="Variant of the corpus: full, dialogue (backchannels dropped), or both (the default).",
    )
    command.add_argument(
        "--picture", type=Path, help="Draw the confusion matrices into this file (png, svg)."
    )
    command.add_argument(
        "--parallel", type=Path, help="KMI release's JSON: measure the agreement of Korean with English text."
    )
    command.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
    command.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> None:
    """Run the command."""
    require_learning()
    if arguments.picture:
        require_learning("matplotlib")
    sessions = read_annomi(arguments.annomi)
    if arguments.labels:
        high = [session for session in sessions if session.quality == "high"]
        relabeled = with_authors_labels(high, arguments.labels)
        sessions = [*relabeled, *(session for session in sessions if session.quality != "high")]
    names = arguments.models or _possible_models()
    variants = VARIANTS if arguments.variant == "both" else (arguments.variant,)
    rows = _evaluate(sessions, names, variants)
    result: dict[str, object] = {"models": rows}
    if arguments.parallel:
        result["korean_english_agreement"] = _agreement(names, arguments.parallel)
    if arguments.picture:
        from forecaster.confusion_picture import draw_confusion

        draw_confusion([row for row in rows if row["variant"] == variants[0]], arguments.picture)
    if arguments.json:
        print(json.dumps(result))
        return
    print(render_table(rows))
    for name, share in result.get("korean_english_agreement", {}).items():
        print(f"same argmax from Korean and from English text, {name}: {share:.4f}")


def _possible_models() -> list[str]:
    possible = [
        name for name in MODELS if name == "n-gram" or is_installed() or not RECIPES[name].needs_encoder
    ]
    left_out = [name for name in MODELS if name not in possible]
    if left_out:
        print(
            f"forecaster: without {', '.join(left_out)}, which need `pip install '.[encoder]'`",
            file=sys.stderr,
        )
    return possible


def _evaluate(sessions: list[Session], names: list[str], variants: tuple[str, ...]) -> list[dict]:
    from forecaster.cross_validation import evaluate_models

    fits = sum(1 if name == "n-gram" else N_FOLDS * RECIPES[name].n_random_seeds for name in names)
    rows = []
    with tqdm(total=fits * len(variants), unit="fit", disable=not sys.stderr.isatty()) as bar:

        def report(name: str) -> None:
            bar.set_description(name)
            bar.update()

        for variant in variants:
            rows += evaluate_models(sessions, names, variant, report)
    return rows


def _agreement(names: list[str], path: Path) -> dict[str, float]:
    """Agreement of the shipped models that are made for any language and read text."""
    dialogues = read_parallel(path)
    readers = [name for name in names if name in RECIPES and RECIPES[name].language == "any"]
    return {name: argmax_agreement(load_forecaster(name), dialogues) for name in readers if name != "labels"}
