"""The command `score`: read dialogues, compute every metric, print the tables and write the report."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from metrics.evaluation import ScoreSettings
from metrics.readers import Reading, read_dialogues
from metrics.report import REFERENCE_COUNTS, build_report, dump_report
from metrics.tables import render_report
from metrics.text.words import Words

SHOWN_REFUSALS = 10


def score(arguments: argparse.Namespace) -> str:
    """Score what the arguments name.

    Args:
        arguments: `path`, `config`, `split`, `reference`, `random_seed`, `n_resamples`, `skip_refused`,
            `out` and `json`, as `metrics.__main__` parses them.

    Returns:
        The text to print: tables, or the report as JSON.

    Raises:
        ValueError: If the source, the reference or a setting is no good, or a dialogue was refused and
            `skip_refused` is off.
        OSError: If the report cannot be written.
    """
    settings = ScoreSettings(random_seed=arguments.random_seed, n_resamples=arguments.n_resamples)
    reading = read_dialogues(arguments.path, config=arguments.config, split=arguments.split)
    if reading.refused and not arguments.skip_refused:
        raise ValueError(describe_refusals(reading, arguments.path))
    report = build_report(
        reading,
        source=arguments.path,
        reference_counts=arguments.reference or REFERENCE_COUNTS,
        settings=settings,
        progress=show_progress,
    )
    text = dump_report(report)
    if arguments.out:
        write_report(arguments.out, text)
    return text.rstrip("\n") if arguments.json else render_report(report)


def describe_refusals(reading: Reading, source: str) -> str:
    """Say which dialogues were refused and why, the first `SHOWN_REFUSALS` of them.

    Args:
        reading: Dialogues and refused ones.
        source: Name of the source.

    Returns:
        A line for the count, one for each refusal shown, and one that says what to do.
    """
    n, total = len(reading.refused), len(reading.refused) + len(reading.dialogues)
    lines = [f"{source}: {n} of {total} dialogues refused"]
    lines += [f"  {refusal.where}: {refusal.reason}" for refusal in reading.refused[:SHOWN_REFUSALS]]
    if n > SHOWN_REFUSALS:
        lines.append(f"  and {n - SHOWN_REFUSALS} more")
    return "\n".join(
        [*lines, "mend them, or score the rest with --skip-refused (the report then lists all refused)"]
    )


def show_progress(words: Iterator[Words], n_utterances: int) -> Iterable[Words]:
    """Show on a terminal how many utterances are analyzed.

    Args:
        words: Words of each utterance as they come.
        n_utterances: How many will come.

    Returns:
        The same words.
    """
    return tqdm(words, "analyzing texts", n_utterances, unit=" utterances", disable=None, leave=False)


def write_report(path: Path, text: str) -> None:
    """Write the report whole or not at all.

    Args:
        path: File to write; its folder is made if need be.
        text: The report as JSON.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
