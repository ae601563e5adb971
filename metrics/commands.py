"""The commands `score` and `compare`: read sources, compute every metric, print, write report and page.

Modules that compute are imported when a command runs, so that `--help` starts at once.
"""

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from metrics.writing import write_whole

if TYPE_CHECKING:
    from metrics.evaluation import ScoreSettings
    from metrics.scores import Scores
    from metrics.text.words import Words

PATH_HELP = "Parquet, JSON or JSONL file, folder, dataset repository or Hub id."
SKIP_HINT = "mend them, or score the rest with --skip-refused (the report then lists all refused)"


def add_score_commands(commands: _SubParsersAction) -> None:
    """Add `score` and `compare` to the commands of `python -m metrics`."""
    score = commands.add_parser(
        "score",
        help="score labeled dialogues",
        description="Score labeled dialogues; several sources stand side by side.",
    )
    score.add_argument("paths", nargs="+", metavar="PATH", help=PATH_HELP)
    score.set_defaults(run=_score)
    compare = commands.add_parser(
        "compare",
        help="compare the metrics of two sources",
        description="Compare two sources: differences, effect sizes, tests, and the dialogues they need.",
    )
    compare.add_argument("first", metavar="A", help=PATH_HELP)
    compare.add_argument("second", metavar="B", help="The source whose differences from A are shown.")
    compare.set_defaults(run=_compare)
    for parser in (score, compare):
        _add_options(parser)


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config", help="Config to read from a dataset (default: the first that has labels)."
    )
    parser.add_argument("--split", help="Score this split alone.")
    parser.add_argument(
        "--reference", type=Path, metavar="FILE", help="Label counts for the divergences (default: AnnoMI)."
    )
    parser.add_argument(
        "--random-seed", type=int, default=20250101, metavar="N", help="Start of the bootstrap's draws."
    )
    parser.add_argument(
        "--n-resamples", type=int, default=2000, metavar="N", help="Number of bootstrap resamples."
    )
    parser.add_argument(
        "--skip-refused", action="store_true", help="Score the rest when dialogues are refused."
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="Write the report there as JSON.")
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="Write a page with pictures there, one file that needs no network.",
    )
    parser.add_argument(
        "--json", action="store_true", help="Print the report as JSON in place of the tables."
    )


def _score(arguments: Namespace) -> int:
    from metrics.report import report_scores
    from metrics.side_by_side import render_reports

    settings = _settings(arguments)
    reports = [
        report_scores(_scores(path, arguments), reference_counts=_reference(arguments), settings=settings)
        for path in arguments.paths
    ]
    text = _written(reports[0] if len(reports) == 1 else reports, arguments)
    if arguments.html:
        from metrics.page.report_page import render_page

        write_whole(arguments.html, render_page(reports))
    print(text if arguments.json else render_reports(reports))
    return 0


def _compare(arguments: Namespace) -> int:
    from metrics.comparing.comparison import build_comparison
    from metrics.comparing.tables import render_comparison

    settings, reference = _settings(arguments), _reference(arguments)
    first, second = (_scores(path, arguments) for path in (arguments.first, arguments.second))
    comparison = build_comparison(first, second, reference_counts=reference, settings=settings)
    text = _written(comparison, arguments)
    if arguments.html:
        from metrics.page.report_page import render_page
        from metrics.report import report_scores

        reports = [
            report_scores(one, reference_counts=reference, settings=settings) for one in (first, second)
        ]
        write_whole(arguments.html, render_page(reports, comparison))
    print(text if arguments.json else render_comparison(comparison))
    return 0


def _scores(path: str, arguments: Namespace) -> "Scores":
    from metrics.readers import describe_refusals, read_dialogues
    from metrics.scores import compute_scores

    reading = read_dialogues(path, config=arguments.config, split=arguments.split)
    if reading.refused and not arguments.skip_refused:
        raise ValueError(f"{describe_refusals(reading, path)}\n{SKIP_HINT}")
    return compute_scores(reading, path, _show_progress)


def _show_progress(words: "Iterator[Words]", n_utterances: int) -> "Iterable[Words]":
    """Show on a terminal how many utterances are analyzed."""
    from tqdm import tqdm

    return tqdm(words, "analyzing texts", n_utterances, unit=" utterances", disable=None, leave=False)


def _settings(arguments: Namespace) -> "ScoreSettings":
    from metrics.evaluation import ScoreSettings

    return ScoreSettings(random_seed=arguments.random_seed, n_resamples=arguments.n_resamples)


def _reference(arguments: Namespace) -> Path:
    from metrics.report import REFERENCE_COUNTS

    return arguments.reference or REFERENCE_COUNTS


def _written(report: object, arguments: Namespace) -> str:
    """Write a report as JSON if a file is named, and return its text."""
    from metrics.report import dump_report

    text = dump_report(report)
    if arguments.out:
        write_whole(arguments.out, text)
    return text.rstrip("\n")
