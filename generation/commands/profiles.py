"""Command ``profiles``: draw conditions, ask for profiles, check them, and count what they cover."""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from generation.client_profile import Profile, load_profiles
from generation.condition_quotas import load_quotas
from generation.files import write_lines, write_text
from generation.inputs import PROFILES
from generation.profile_checks import check_profiles
from generation.profile_conditions import CONDITIONS, brief, coverage, draw_all, load_conditions


def conditions(options: Namespace) -> int:
    """Draw the conditions of all profiles still to be written."""
    rows = draw_all(load_quotas(), map(_record, load_profiles(PROFILES)))
    write_lines(options.out, rows)
    print(f"{len(rows)} conditions written to {options.out}")
    return 0


def cover(options: Namespace) -> int:
    """Print how often each value occurs, beside its quota."""
    quotas = load_quotas()
    rows = list(map(_record, load_profiles(options.profiles)))
    if options.planned:
        written = {row["id"] for row in rows}
        rows += [row for number, row in load_conditions().items() if number not in written]
    print(f"{len(rows)} clients; quotas are for {quotas.table['last_id']}")
    field = None
    for line in coverage(rows, quotas):
        if line.field != field:
            field = line.field
            print(f"\n{field}")
        quota = "" if line.quota is None else f"  quota {line.quota:4d}"
        print(f"  {line.value:40s} {line.count:5d} {line.share:7.1%}{quota}")
    return 0


def check(options: Namespace) -> int:
    """Check new profiles, those of a file or all recorded ones that have a condition."""
    known, drawn = load_profiles(PROFILES), load_conditions()
    new = load_profiles(options.file) if options.file else [one for one in known if one.id in drawn]
    faults = check_profiles(new, known, drawn)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(new)} profiles checked; faults: {len(faults)}")
    return 1 if faults else 0


def request(options: Namespace) -> int:
    """Write the brief for the writer of some profiles."""
    drawn = load_conditions()
    if missing := [number for number in options.ids if number not in drawn]:
        raise ValueError(f"id {missing[0]} has no condition; ids are {min(drawn)} to {max(drawn)}")
    text = brief([drawn[number] for number in options.ids])
    if options.out is None:
        print(text, end="")
        return 0
    write_text(options.out, text)
    print(f"brief for {len(options.ids)} profiles written to {options.out}")
    return 0


def add_parsers(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``profiles`` to the commands of ``python -m generation``."""
    text = "lay out, ask for and check the profiles that sessions start from"
    parser = subparsers.add_parser("profiles", help=text, description=f"{text.capitalize()}.")
    steps = parser.add_subparsers(required=True, metavar="STEP")
    draw = _step(steps, "conditions", conditions, "draw the conditions of the profiles still to be written")
    draw.add_argument("--out", type=Path, default=CONDITIONS, help="file (default: the shipped one)")
    table = _step(steps, "coverage", cover, "count what the profiles cover, beside the quotas")
    table.add_argument(
        "--profiles", type=Path, default=PROFILES, help="profiles file (default: the shipped one)"
    )
    table.add_argument("--planned", action="store_true", help="count the conditions of unwritten ones, too")
    checking = _step(steps, "check", check, "check new profiles against their conditions and each other")
    checking.add_argument("file", type=Path, nargs="?", help="new profiles, JSONL (default: shipped ones)")
    asking = _step(steps, "request", request, "write the brief for a writer of profiles")
    asking.add_argument("--ids", type=id_range, required=True, metavar="A-B", help="ids, such as 25-44")
    asking.add_argument("--out", type=Path, help="file of the brief (default: print it)")


def id_range(text: str) -> range:
    """Read ids such as 25-44, both ends in, or a single one."""
    first, _, last = text.partition("-")
    last = last or first
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise argparse.ArgumentTypeError(f"{text!r} must be ids such as 25-44")
    return range(int(first), int(last) + 1)


def _step(steps: argparse._SubParsersAction, name: str, function, text: str) -> argparse.ArgumentParser:
    step = steps.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    step.set_defaults(command=function)
    return step


def _record(profile: Profile) -> dict:
    own = {"id": profile.id, "split": profile.split, "category": profile.category.value}
    return own | profile.as_record()
