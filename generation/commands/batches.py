"""Commands for batch files: ``export`` writes what sessions wait for, ``import`` takes in the answers."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from itertools import islice

from generation.completions.batch import CHECK_COMMAND, write_batch
from generation.completions.batch_answers import (
    Matched,
    Problem,
    complaints_about,
    match_answers,
    read_answers,
)
from generation.completions.driving import Driven, Lookup, drive_sessions
from generation.completions.recording import read_known
from generation.completions.store import CompletionStore
from generation.inputs import COMPLETIONS, Shard, load_inputs
from generation.sessions.request import STAGES


def export(options: Namespace) -> int:
    """Write the requests that a run's sessions wait for."""
    with CompletionStore(options.store, read_only=True) as store:
        driven = _drive(options, store, options.shard)
    return write_waiting(driven, options)


def write_waiting(driven: Driven, options: Namespace, check_command: str = CHECK_COMMAND) -> int:
    """Write the requests that driven sessions wait for and say how many there are.

    Args:
        driven: The sessions.
        options: `out`, `stage`, `limit` and `model`, as the command `export` takes them.
        check_command: How to check a file of answers, for the brief.
    """
    requests = [waiting.request for waiting in driven.waiting.values()]
    chosen = [request for request in requests if options.stage in (None, request.stage)]
    chosen = list(islice(chosen, options.limit))
    write_batch(options.out, chosen, options.model, check_command)
    print(
        f"{len(chosen)} requests written to {options.out / 'requests.jsonl'}, "
        f"readable in {options.out / 'brief.md'}"
    )
    counts = Counter(request.stage for request in requests)
    waiting = ", ".join(f"{stage} {counts[stage]}" for stage in STAGES if counts[stage]) or "none"
    print(f"sessions that wait, by stage: {waiting}; sessions that ended: {len(driven.ended)}")
    return 0


def take_in(options: Namespace, drive: Callable[[Namespace, CompletionStore], Driven] | None = None) -> int:
    """Check the answers of a file, and store them unless only a check was asked for.

    Args:
        options: What the command `import` takes.
        drive: Drives the sessions that wait for the answers; None drives those of a run's inputs.
    """
    answers, problems = read_answers(options.file)
    with CompletionStore(options.store, read_only=options.check) as store:
        driven = (drive or _drive)(options, store)
        matched, misfits, n_known = match_answers(answers, driven, options.model, options.worker)
        problems = sorted(problems + misfits, key=lambda problem: problem.line)
        refused = bool(problems) and not options.skip_invalid
        n_stored = 0 if options.check or refused else store.add_all(item.completion for item in matched)
    failing = _failing(matched)
    stored = not (options.check or refused)
    for problem in sorted(problems + failing, key=lambda problem: problem.line):
        print(f"{options.file}, line {problem.line}: {problem.text}", file=sys.stderr)
    n_failing = len({problem.line for problem in failing})
    print(
        f"{len(answers)} answers: {len(matched) - n_failing} accepted, {n_failing} failed a check, "
        f"{n_known} known already; {len(problems)} invalid lines"
    )
    if stored:
        print(
            f"{n_stored} stored in {options.store}"
            + ("; what failed a check is asked again or revised" if failing else "")
        )
    elif refused and not options.check:
        print(
            "nothing stored: mend the invalid lines, or leave them out with --skip-invalid", file=sys.stderr
        )
    wrong = problems or failing if options.check else refused
    return 1 if wrong else 0


def _drive(options: Namespace, store: CompletionStore, shard: Shard | None = None) -> Driven:
    inputs = load_inputs(options.profiles, options.plans, options.settings, shard)
    return drive_sessions(inputs.open_sessions(), Lookup(read_known(options.recording or COMPLETIONS), store))


def _failing(matched: list[Matched]) -> list[Problem]:
    return [
        Problem(item.answer.line, f"{item.answer.custom_id}: {complaint}")
        for item in matched
        for complaint in complaints_about(item)
    ]
