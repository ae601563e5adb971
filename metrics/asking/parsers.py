"""Command lines of the commands that code and judge; what each does is imported when it runs."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from importlib import import_module
from pathlib import Path

from metrics.asking.arguments import add_backend, at_least

ANNOMI = Path("build/annomi/AnnoMI-full.csv")
ANNOMI_HELP = "AnnoMI-full.csv, from `python -m forecaster fetch`"


def add_commands(commands: _SubParsersAction) -> None:
    """Add `code`, `coder` and `judge` to the commands of `python -m metrics`."""
    _add_code(commands)
    _add_coder(commands)
    _add_judge(commands)


def _add_code(commands: _SubParsersAction) -> None:
    code = _command(commands, "code", "metrics.coding.commands", "code", "label dialogues")
    code.add_argument(
        "path", nargs="?", metavar="PATH", help="Dialogues, as for `score`; labels are optional."
    )
    code.add_argument("--annomi", type=Path, metavar="CSV", help=f"Label AnnoMI instead: {ANNOMI_HELP}.")
    code.add_argument("--split", help="Label this split alone.")
    code.add_argument(
        "--prompt", default="plan_code_v2", help="Prompt below generation/prompts (%(default)s)."
    )
    code.add_argument(
        "--out", type=Path, metavar="FILE", help="Labeled dialogues, JSONL, which `score` reads."
    )
    add_backend(code, required=False)


def _add_coder(commands: _SubParsersAction) -> None:
    coder = commands.add_parser("coder", help="train or evaluate the coder that needs no language model")
    steps = coder.add_subparsers(required=True, metavar="STEP")
    train = _command(
        steps, "train", "metrics.coding.commands", "train", "train on AnnoMI and our train split"
    )
    evaluate = _command(
        steps, "evaluate", "metrics.coding.commands", "evaluate", "kappa on held-out dialogues"
    )
    recorded = _command(
        steps,
        "recorded",
        "metrics.coding.commands",
        "recorded",
        "blind readings of the corpus beside its labels",
    )
    recorded.add_argument("--out", type=Path, metavar="FILE", help="Write the figures as JSON.")
    for parser in (train, evaluate):
        parser.add_argument("--annomi", type=Path, default=ANNOMI, help=f"{ANNOMI_HELP} (%(default)s).")
    for parser in (train, evaluate, recorded):
        parser.add_argument("--data", default="kmi", help="Our dataset (default: %(default)s).")
    train.add_argument(
        "--out",
        type=Path,
        default=Path("metrics/coding/classifier.safetensors"),
        help="Weights (%(default)s).",
    )
    evaluate.add_argument("--original", type=Path, metavar="JSON", help="Original KMI, for the hand labels.")
    evaluate.add_argument("--out", type=Path, metavar="FILE", help="Write the figures as JSON.")


def _add_judge(commands: _SubParsersAction) -> None:
    judge = commands.add_parser("judge", help="rate or compare dialogues by a language model")
    steps = judge.add_subparsers(required=True, metavar="STEP")
    module = "metrics.judging.commands"
    score = _command(steps, "score", module, "score", "rate each dialogue by MITI globals and quality items")
    score.add_argument("path", metavar="PATH", help="Dialogues, as for `score`; labels are not needed.")
    validate = _command(
        steps, "validate", module, "validate", "show that the judge tells AnnoMI high from low"
    )
    validate.add_argument("--annomi", type=Path, default=ANNOMI, help=f"{ANNOMI_HELP} (%(default)s).")
    validate.add_argument("--n-high", type=at_least(1), metavar="N", help="Only N high-quality sessions.")
    validate.add_argument("--pairwise", action="store_true", help="Validate the comparison.")
    validate.add_argument(
        "--second", type=Path, action="append", default=[], metavar="FILE", help="Scores by another judge."
    )
    compare = _command(steps, "compare", module, "compare", "compare the dialogues of files pairwise")
    compare.add_argument("paths", nargs="+", metavar="PATH", help="Two files or more, a system each.")
    for parser in (score, compare):
        parser.add_argument("--split", help="Judge this split alone.")
        parser.add_argument(
            "--unvalidated", action="store_true", help="Judge without validation, and say so."
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="Write the report as JSON.")
    for parser in (validate, compare):
        parser.add_argument("--n-pairs", type=at_least(1), metavar="N", help="Most pairs of two systems.")
        parser.add_argument(
            "--pair-prompt", default="compare_v1", help="Prompt of comparisons (%(default)s)."
        )
    for parser in (score, validate):
        parser.add_argument("--prompt", default="judge_v1", help="Rubric (%(default)s).")
    for parser in (score, validate, compare):
        parser.add_argument("--random-seed", type=at_least(0), default=20250101, metavar="N")
        parser.add_argument(
            "--validations", type=Path, default=Path("metrics/judging/validations"), help="Where they lie."
        )
        add_backend(parser)


def _command(commands: _SubParsersAction, name: str, module: str, function: str, text: str) -> ArgumentParser:
    def run(options: Namespace) -> int:
        from metrics.asking.answers import PendingError

        try:
            return getattr(import_module(module), function)(options)
        except PendingError as pending:
            print(pending, file=sys.stderr)
            return pending.exit_code

    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(run=run)
    return parser
