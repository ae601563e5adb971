"""Command line of the dataset as it is published: `python -m dataset_card COMMAND`.

What a command needs is imported when it runs, so that `--help` starts at once.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Commands = argparse._SubParsersAction
Run = Callable[[argparse.Namespace], str]


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="python -m dataset_card", description="Describe, show, check and publish the dataset."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_descriptions(commands)
    _add_original(commands)
    _add_explore(commands)
    _add_publishing(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words of the command line; ``None`` takes the process's own.

    Returns:
        Exit code: 0 done, 1 bad input; argparse itself exits with 2.
    """
    options = build_parser().parse_args(arguments)
    try:
        print(options.run(options))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _add(commands: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text[0].lower() + text[1:-1], description=text)
    command.set_defaults(run=run)
    return command


def _add_path(command: argparse.ArgumentParser, option: str, default: str, metavar: str, text: str) -> None:
    text = f"{text} (default: %(default)s)."
    command.add_argument(option, type=Path, default=Path(default), metavar=metavar, help=text)


def _add_data(command: argparse.ArgumentParser) -> None:
    _add_path(command, "--data", "kmi", "FOLDER", "Dataset repository with the folder data")


def _add_descriptions(commands: Commands) -> None:
    text = "Render the cards, English and Korean, with their pictures, from the data and what was measured."
    render = _add(commands, "render", _render, text)
    report = "build/metrics/report.json"
    _add_path(render, "--report", report, "FILE", "Metrics report of the same data")
    text = "Agreement of blind codings, from `metrics coder recorded`; without it the cards leave it out."
    render.add_argument("--agreement", type=Path, metavar="FILE", help=text)
    text = "Folder of blind readings, from `metrics rate collect`; without it the cards leave them out."
    render.add_argument("--readings", type=Path, metavar="FOLDER", help=text)
    croissant = _add(commands, "croissant", _croissant, "Describe files and columns in the Croissant format.")
    text = "File to write (default: croissant.json in the folder of --data)."
    croissant.add_argument("--out", type=Path, metavar="FILE", help=text)
    for command in (render, croissant):
        _add_data(command)


def _add_original(commands: Commands) -> None:
    text = "Download the release of Kim et al. (2025), verify it and convert it."
    original = _add(commands, "original", _original, text)
    text = "A copy of kmi.json, or a file in its shape; not verified."
    original.add_argument("--local-path", type=Path, metavar="FILE", help=text)
    _add_path(original, "--out", "build/original", "FOLDER", "Folder for the converted files")
    compare = _add(commands, "compare", _compare, "Print metrics reports side by side.")
    text = "Files that `metrics score --out` wrote."
    compare.add_argument("reports", nargs="+", type=Path, metavar="REPORT", help=text)


def _add_explore(commands: Commands) -> None:
    text = "Write one HTML file to look through the dialogues."
    explore = _add(commands, "explore", _explore, text)
    _add_data(explore)
    _add_path(explore, "--out", "build/explore.html", "FILE", "File to write")


def _add_publishing(commands: Commands) -> None:
    text = "Check that the dataset is ready to publish, and its version one everywhere."
    _add_data(_add(commands, "check", _check, text))
    text = "Check the dataset and show what would go to the Hub; with --upload, send it."
    push = _add(commands, "push", _push, text)
    _add_data(push)
    text = "Repository on the Hub, owner/name; made if need be."
    push.add_argument("repo_id", metavar="REPO_ID", help=text)
    push.add_argument(
        "--upload", action="store_true", help="Send it; without this nothing leaves the machine."
    )
    push.add_argument("--private", action="store_true", help="Make a new repository private.")


def _render(options: argparse.Namespace) -> str:
    from dataset_card.pictures import write_pictures
    from dataset_card.render import CARDS, Sources, render_card, write_card

    sources = Sources.read(options.data, options.report, options.agreement, options.readings)
    cards = {options.data / name: render_card(sources, template) for name, template in CARDS.items()}
    for path, text in cards.items():
        write_card(text, path)
    pictures = write_pictures(sources.corpus, sources.report, options.data)
    return f"cards written to {' and '.join(map(str, cards))}, {len(pictures)} pictures"


def _croissant(options: argparse.Namespace) -> str:
    from dataset_card.croissant import FILE_NAME, render_croissant
    from dataset_card.render import write_card

    out = options.out or options.data / FILE_NAME
    write_card(render_croissant(options.data), out)
    return f"Croissant description written to {out}"


def _original(options: argparse.Namespace) -> str:
    from dataset_card.original import convert_release

    counts = convert_release(options.out, options.local_path)
    origin = (
        f"{options.local_path}, not verified" if options.local_path else "release downloaded and verified"
    )
    return f"{origin}: " + ", ".join(f"{split} {n}" for split, n in counts.items()) + f"; in {options.out}"


def _compare(options: argparse.Namespace) -> str:
    from dataset_card.comparison import compare_reports

    return compare_reports(options.reports)


def _explore(options: argparse.Namespace) -> str:
    from dataset_card.corpus import read_corpus
    from dataset_card.explorer.explorer_page import render_explorer
    from dataset_card.render import write_card

    write_card(render_explorer(read_corpus(options.data).dialogues), options.out)
    return f"open {options.out.resolve().as_uri()}"


def _check(options: argparse.Namespace) -> str:
    from dataset_card.publish_checks import check_folder
    from dataset_card.versions import TAG, tag_faults, version_faults

    faults = [f"{check.name}: {check.fault}" for check in check_folder(options.data) if check.fault]
    root = options.data.resolve().parent
    faults += version_faults(root) + tag_faults(root)
    if faults:
        raise ValueError("\n".join(["not ready to publish", *faults]))
    return f"ready to publish as {TAG}"


def _push(options: argparse.Namespace) -> str:
    from dataset_card.push import describe_push, push

    described = describe_push(options.repo_id, options.data)
    if not options.upload:
        return f"{described}\nnothing was sent; add --upload to publish"
    return f"{described}\npublished: {push(options.repo_id, options.data, is_private=options.private)}"


if __name__ == "__main__":
    sys.exit(main())
