"""The commands `rate prepare` and `rate collect`."""

import argparse
import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics.dialogues import Dialogue
    from metrics.rating.items import Item
    from metrics.rating.packet import Key, Packet

PAGE_SUFFIXES = (".html", ".htm")
TEXT_SUFFIXES = (".md", ".txt")


def add_rate_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `rate` with its two commands to a parser's commands."""
    text = "Rate dialogues blind: make a packet for raters, and collect what they export."
    rate = commands.add_parser("rate", help="rate dialogues blind", description=text)
    steps = rate.add_subparsers(dest="step", required=True, metavar="STEP")
    _add_prepare(steps)
    collect_parser = steps.add_parser(
        "collect",
        help="agreement and means from raters' exports",
        description="Read the exports of all raters of one packet: agreement, means, preferences, labels.",
    )
    collect_parser.add_argument(
        "exports", nargs="+", type=Path, metavar="EXPORT", help="A rater's JSON file."
    )
    collect_parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="The key that `prepare` wrote."
    )
    collect_parser.add_argument("--out", type=Path, metavar="FILE", help="Write the report there as JSON.")
    collect_parser.add_argument(
        "--json", action="store_true", help="Print the report as JSON in place of the tables."
    )
    collect_parser.set_defaults(run=collect)


def _add_prepare(steps: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = steps.add_parser(
        "prepare",
        help="make a packet for raters",
        description="Draw dialogues, hide their sources, write a page or a text for raters, and a key.",
    )
    parser.add_argument(
        "sources", nargs="+", metavar="[NAME=]PATH", help="Dialogues of one source, as `score` reads them."
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="Page (.html) for people, or text (.md, .txt) for readers without a browser.",
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="Key to write (default: keys/PACKET.json beside --out)."
    )
    parser.add_argument(
        "--items", default="expert", metavar="SET", help="Items to rate: expert (default) or reading."
    )
    parser.add_argument(
        "--rater", default="", metavar="NAME", help="Name the rater, whose order of dialogues is their own."
    )
    _add_drawing(parser)
    parser.set_defaults(run=prepare)


def _add_drawing(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is drawn from the sources."""
    parser.add_argument(
        "--n", type=int, default=5, metavar="N", help="Dialogues of each source (default: 5)."
    )
    parser.add_argument(
        "--checks", type=int, default=3, metavar="N", help="Utterances to label in a dialogue (default: 3)."
    )
    parser.add_argument(
        "--pairs", type=int, default=5, metavar="N", help="Most pairs of dialogues to compare (default: 5)."
    )
    parser.add_argument(
        "--category", action="append", metavar="NAME", help="Draw from this category; may be repeated."
    )
    parser.add_argument("--split", help="Draw from this split alone.")
    parser.add_argument(
        "--random-seed",
        type=int,
        default=20250101,
        metavar="N",
        help="Start of all draws (default: 20250101).",
    )
    parser.add_argument(
        "--skip-refused", action="store_true", help="Draw from the rest when dialogues are refused."
    )


def prepare(arguments: argparse.Namespace) -> int:
    """Write the packet and its key, and say which of them raters get.

    Args:
        arguments: What `add_rate_commands` parses.

    Returns:
        Exit code 0.

    Raises:
        ValueError: If a source, name or number is no good.
        OSError: If a file cannot be written.
    """
    from metrics.rating.preparing import PacketSettings, build_packet
    from metrics.score import write_report

    items = _items(arguments.items)
    render = _renderer(arguments.out)
    settings = PacketSettings(
        n=arguments.n,
        n_checks=arguments.checks,
        n_pairs=arguments.pairs,
        random_seed=arguments.random_seed,
    )
    paths = _named_sources(arguments.sources)
    sources = {name: _read_source(path, arguments) for name, path in paths.items()}
    packet, key = build_packet(sources, items, settings, _command(paths, arguments))
    write_report(arguments.out, render(packet, arguments.rater, arguments.random_seed))
    key_path = arguments.key or arguments.out.parent / "keys" / f"{packet.hash[:16]}.json"
    write_report(key_path, key.dump())
    print(_summary(packet, key, arguments.out, key_path))
    return 0


def collect(arguments: argparse.Namespace) -> int:
    """Compute agreement, means and preferences; print them as tables or JSON.

    Args:
        arguments: What `add_rate_commands` parses.

    Returns:
        Exit code 0.

    Raises:
        ValueError: If the key or an export is no good; the message names the file, field and what is allowed.
        OSError: If a file cannot be read or written.
    """
    from metrics.rating.collecting import build_report
    from metrics.rating.exports import read_exports
    from metrics.rating.packet import Key
    from metrics.rating.tables import render_report
    from metrics.score import write_report

    key = Key.load(arguments.key)
    report = build_report(key, read_exports(arguments.exports, key))
    text = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False)
    if arguments.out:
        write_report(arguments.out, text + "\n")
    print(text if arguments.json else render_report(report))
    return 0


def _summary(packet: "Packet", key: "Key", out: Path, key_path: Path) -> str:
    """Say what was written, who gets it, and what may tell raters a source."""
    lines = [
        f"{out}: dialogues {len(packet.dialogues)}, utterances to label {len(packet.checks)}, "
        f"pairs {len(packet.pairs)}; send this file, and no other, to raters",
        f"{key_path}: the key, with every source and label; keep it from raters until all have exported",
    ]
    if telling := key.telling_categories():
        lines.append(
            f"note: a topic that not every source has may tell raters the source: {', '.join(telling)}; "
            "--category draws from topics that all have"
        )
    return "\n".join(lines)


def _items(name: str) -> "tuple[Item, ...]":
    from metrics.rating.items import read_item_sets

    sets = read_item_sets()
    if name not in sets:
        raise ValueError(f"--items {name!r} is no set of items; allowed are {', '.join(sets)}")
    return sets[name]


def _renderer(out: Path) -> "Callable[[Packet, str, int], str]":
    """Choose page or text by the suffix of the file to write."""
    from metrics.rating.rating_page import render_page
    from metrics.rating.reading_packet import render_reading_packet

    kinds = dict.fromkeys(PAGE_SUFFIXES, render_page) | dict.fromkeys(TEXT_SUFFIXES, render_reading_packet)
    if out.suffix not in kinds:
        raise ValueError(f"--out {out}: unknown kind of file {out.suffix!r}; allowed are {', '.join(kinds)}")
    return kinds[out.suffix]


def _named_sources(words: Sequence[str]) -> dict[str, str]:
    """Split `NAME=PATH`; a path alone is named by its last part without suffix."""
    sources: dict[str, str] = {}
    for word in words:
        name, is_named, path = word.partition("=")
        if not is_named or Path(word).exists():
            name, path = Path(word).stem, word
        if not name or name in sources:
            raise ValueError(
                f"{word}: the source's name {name!r} is empty or taken; name each source: NAME=PATH"
            )
        sources[name] = path
    return sources


def _read_source(path: str, arguments: argparse.Namespace) -> "list[Dialogue]":
    from metrics.readers import read_dialogues

    reading = read_dialogues(path, split=arguments.split)
    if reading.refused and not arguments.skip_refused:
        first = reading.refused[0]
        total = len(reading.refused) + len(reading.dialogues)
        raise ValueError(
            f"{path}: {len(reading.refused)} of {total} dialogues refused, the first at {first.where}: "
            f"{first.reason}; mend them, or draw from the rest with --skip-refused"
        )
    wanted = arguments.category
    kept = [dialogue for dialogue in reading.dialogues if not wanted or dialogue.category in wanted]
    if not kept:
        found = sorted({str(dialogue.category) for dialogue in reading.dialogues})
        raise ValueError(f"{path}: no dialogue of category {wanted}; categories found: {', '.join(found)}")
    return kept


def _command(paths: dict[str, str], arguments: argparse.Namespace) -> str:
    """Write the command that rebuilds the packet, without the paths of this machine."""
    words = ["python", "-m", "metrics", "rate", "prepare", *(f"{name}=PATH" for name in paths)]
    for option in ("n", "checks", "pairs", "items", "random_seed"):
        words += [f"--{option.replace('_', '-')}", str(getattr(arguments, option))]
    words += [word for name in arguments.category or () for word in ("--category", name)]
    words += ["--split", arguments.split] if arguments.split else []
    words += ["--skip-refused"] if arguments.skip_refused else []
    return shlex.join([*words, "--out", f"packet{arguments.out.suffix}"])
