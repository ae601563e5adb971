"""The command `plan`: plans for profiles, kept or checked, and figures of plans and decision rules."""

import argparse
import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from forecaster.decision_rules import compare_rules
from forecaster.feature_model import load_forecaster
from forecaster.layout import draw
from forecaster.plan_figures import figures, read_target
from forecaster.plan_keeping import check_plans, missing_profiles
from forecaster.plan_record import Plan, read_plans, write_plans
from forecaster.planning import Planner
from forecaster.profile_conditions import read_conditions
from forecaster.rake import sample_plans

DEFAULT_RANDOM_SEED = 20250101
ANNOMI_COUNTS = Path(__file__).parents[1] / "metrics" / "label_counts_annomi_high.json"


def add_plan(commands) -> None:
    """Add the command and its arguments."""
    command = commands.add_parser(
        "plan", help="Lay out sessions for profiles, or sample plans and print figures."
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--profiles", type=Path, help="Profiles (JSONL): one plan for each.")
    source.add_argument(
        "--n", type=int, help="Number of plans to sample over the mix of conditions in rules.toml."
    )
    command.add_argument(
        "--out",
        type=Path,
        help="File of plans (JSONL), needed with --profiles; plans that it holds are kept.",
    )
    command.add_argument(
        "--check", action="store_true", help="Write nothing; sample the plans in --out again and compare."
    )
    command.add_argument(
        "--random-seed", type=int, default=DEFAULT_RANDOM_SEED, help="Same number, same plans."
    )
    command.add_argument(
        "--compare",
        type=Path,
        nargs="?",
        const=ANNOMI_COUNTS,
        metavar="COUNTS",
        help="Print divergences to label counts (JSON; AnnoMI's if omitted); with --n for every rule.",
    )
    command.add_argument("--json", action="store_true", help="Print the figures as JSON instead of a table.")
    command.set_defaults(run=run_plan)


def run_plan(arguments: argparse.Namespace) -> int | None:
    """Run the command; return 1 if a check finds differences."""
    if arguments.check and arguments.profiles is None:
        raise ValueError("plan --check needs --profiles and --out, the recorded plans")
    if arguments.profiles is None:
        _sample(arguments)
        return None
    if arguments.out is None:
        raise ValueError("plan --profiles needs --out, the file for the plans")
    return _check(arguments) if arguments.check else _keep_and_add(arguments)


def _keep_and_add(arguments: argparse.Namespace) -> None:
    kept = list(read_plans(arguments.out)) if arguments.out.exists() else []
    missing = missing_profiles(read_conditions(arguments.profiles), kept)
    planner = Planner.load()
    added = [
        planner.plan(profile_id, condition, arguments.random_seed)
        for profile_id, condition in _progress(missing, "planning")
    ]
    if added or not arguments.out.exists():
        write_plans([*kept, *added], arguments.out)
    print(f"{arguments.out}: {len(kept)} plans kept, {len(added)} added", file=_notes(arguments))
    if arguments.compare or arguments.json:
        _print_figures([*kept, *added], arguments, {})


def _check(arguments: argparse.Namespace) -> int:
    plans = list(read_plans(arguments.out))
    conditions = dict(read_conditions(arguments.profiles))
    report = check_plans(Planner.load(), _progress(plans, "checking"), conditions)
    for line in report.differences:
        print(line)
    print(
        f"{arguments.out}: {report.n_same} plans sampled again are the same, {len(report.differences)} "
        f"differ, {report.n_older} are of another planner version and were not sampled"
    )
    return 1 if report.differences else 0


def _sample(arguments: argparse.Namespace) -> None:
    if arguments.n < 1:
        raise ValueError(f"plan --n {arguments.n}: give 1 or more")
    planner = Planner.load()
    plans = sample_plans(planner, arguments.n, arguments.random_seed)
    if arguments.out:
        write_plans(plans, arguments.out)
        print(f"{len(plans)} plans: {arguments.out}", file=_notes(arguments))
    rules = {}
    if arguments.compare:
        rng = random.Random(f"kmi-lengths/{arguments.random_seed}")
        lengths = [int(draw(rng, planner.rules.length["therapist_turns"])) for _ in plans]
        target = read_target(arguments.compare)
        rules = compare_rules(
            load_forecaster("labels"), planner.client, lengths, target, arguments.random_seed
        )
    _print_figures(plans, arguments, rules)


def _print_figures(plans: list[Plan], arguments: argparse.Namespace, rules: dict) -> None:
    result = figures(plans, read_target(arguments.compare) if arguments.compare else None)
    if rules:
        planned = {kind: result[f"{kind}_divergence_bits"] for kind in ("unigram", "bigram")}
        rules = {"sampled": rules.pop("sampled"), "planned, with all MI rules": planned, **rules}
    if arguments.json:
        print(json.dumps(result | ({"decision_rules": rules} if rules else {})))
        return
    lines = [f"{name:45} {value:.4g}" for name, value in result.items()]
    if rules:
        lines += ["", f"{'divergence in bits by decision rule':45} {'unigram':>8} {'bigram':>8}"]
        lines += [f"{name:45} {row['unigram']:8.4f} {row['bigram']:8.4f}" for name, row in rules.items()]
    print("\n".join(lines))


def _progress(items: Iterable, what: str) -> tqdm:
    return tqdm(list(items), desc=what, unit="plan", disable=not sys.stderr.isatty())


def _notes(arguments: argparse.Namespace):
    """Where notes go: standard output, or standard error where that is to hold JSON alone."""
    return sys.stderr if arguments.json else sys.stdout
