"""Pictures of the card, drawn from data and report, each for light and for dark pages.

The one module of the card that needs matplotlib.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from dataset_card.corpus import Corpus
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role

FOLDER = "pictures"
OURS = "this dataset"
SPEAKERS = {Role.THERAPIST: "therapist", Role.CLIENT: "client"}


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors of one kind of page.

    Attributes:
        name: End of the file names.
        paper: Background.
        ink: Text and axes.
        faint: Grid.
        sources: A color for this dataset and each reference corpus, in the order drawn.
    """

    name: str
    paper: str
    ink: str
    faint: str
    sources: tuple[str, ...]


LIGHT = Theme(
    "light",
    paper="#ffffff",
    ink="#24292f",
    faint="#d8dee4",
    sources=("#0b6e69", "#b35900", "#5b6bbf", "#8c959f"),
)
DARK = Theme(
    "dark",
    paper="#0d1117",
    ink="#e6edf3",
    faint="#30363d",
    sources=("#4fd1c5", "#f0a050", "#a5b4fc", "#8b949e"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Attributes:
        name: File name without theme and ending.
        text: What it shows, for those who don't see it and under it.
        text_ko: The same in Korean.
        size: Width and height in inches.
        draw: Draws it.
    """

    name: str
    text: str
    text_ko: str
    size: tuple[float, float]
    draw: Callable[[Figure, Corpus, Mapping[str, Any], Theme], None]

    def path(self, theme: Theme) -> str:
        """Path in the dataset repository."""
        return f"{FOLDER}/{self.name}-{theme.name}.svg"


def write_pictures(corpus: Corpus, report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw every picture for every theme.

    Args:
        corpus: The data.
        report: Metrics report of the same data.
        folder: The dataset repository, such as ``kmi``; files go to its folder `FOLDER`.

    Returns:
        The files; the same data and report give the same bytes under one version of matplotlib.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    written = []
    for picture in PICTURES:
        for theme in (LIGHT, DARK):
            path = folder / picture.path(theme)
            with mpl.rc_context(_style(theme)):
                figure = Figure(figsize=picture.size, layout="constrained")
                picture.draw(figure, corpus, report, theme)
                figure.savefig(path, metadata={"Date": None, "Creator": None, "Title": picture.text})
            written.append(path)
    return written


def _style(theme: Theme) -> dict[str, Any]:
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "kmi",
        "font.family": "sans-serif",
        "font.size": 9,
        "figure.facecolor": theme.paper,
        "axes.facecolor": theme.paper,
        "axes.edgecolor": theme.faint,
        "axes.labelcolor": theme.ink,
        "axes.titlesize": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": theme.faint,
        "text.color": theme.ink,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "legend.frameon": False,
    }


def _sources(report: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Name this dataset and the reference corpora, with labels, transitions and curve of each."""
    corpora = report["label_reference"]["corpora"].values()
    return [(OURS, report["groups"]["all"]), *((corpus["title"], corpus) for corpus in corpora)]


def _draw_label_shares(figure: Figure, corpus: Corpus, report: Mapping[str, Any], theme: Theme) -> None:
    sources = _sources(report)
    sizes = [len(THERAPIST_LABELS), len(CLIENT_LABELS)]
    axes = figure.subplots(2, 1, height_ratios=sizes)
    for axis, labels, role in zip(axes, (THERAPIST_LABELS, CLIENT_LABELS), Role, strict=True):
        _bars(axis, labels, sources, theme)
        axis.set_title(f"{SPEAKERS[role]} turns", loc="left")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(sources))
    axes[1].set_xlabel("% of the speaker's turns")


def _bars(axis: Axes, labels: Sequence[Label], sources: Sequence[tuple[str, Mapping]], theme: Theme) -> None:
    height = 0.8 / len(sources)
    places = np.arange(len(labels))
    for number, ((title, source), color) in enumerate(zip(sources, theme.sources, strict=True)):
        shares = [100 * source["labels"][label.value]["share"] for label in labels]
        bars = axis.barh(
            places + (number - (len(sources) - 1) / 2) * height, shares, height, color=color, label=title
        )
        if title == OURS:
            axis.bar_label(bars, [f"{share:.1f}" for share in shares], padding=2, fontsize=7)
    axis.set_yticks(places, [label.value for label in labels])
    axis.invert_yaxis()
    axis.grid(axis="x")


def _draw_transitions(figure: Figure, corpus: Corpus, report: Mapping[str, Any], theme: Theme) -> None:
    high = report["label_reference"]["corpora"]["annomi_high"]
    sources = {OURS: report["groups"]["all"], high["title"]: high}
    axes = figure.subplots(2, len(sources), height_ratios=[len(THERAPIST_LABELS), len(CLIENT_LABELS) + 1.5])
    shades = LinearSegmentedColormap.from_list("shades", (theme.paper, theme.sources[0]))
    for column, (title, source) in zip(axes.T, sources.items(), strict=True):
        _heat_map(column[0], source["transitions"], THERAPIST_LABELS, CLIENT_LABELS, shades, theme)
        _heat_map(column[1], source["transitions"], CLIENT_LABELS, THERAPIST_LABELS, shades, theme)
        column[0].set_title(f"{title}: how clients answer", loc="left")
        column[1].set_title(f"{title}: how therapists answer", loc="left")


def _heat_map(
    axis: Axes,
    transitions: Mapping[str, Mapping[str, int]],
    before: Sequence[Label],
    after: Sequence[Label],
    shades: LinearSegmentedColormap,
    theme: Theme,
) -> None:
    counts = np.array([[transitions.get(a.value, {}).get(b.value, 0) for b in after] for a in before])
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    axis.imshow(shares, cmap=shades, vmin=0, vmax=0.8, aspect="auto")
    for row, column in np.ndindex(shares.shape):
        color = theme.paper if shares[row, column] > 0.45 else theme.ink
        axis.text(
            column, row, f"{100 * shares[row, column]:.0f}", ha="center", va="center", color=color, fontsize=8
        )
    axis.set_xticks(range(len(after)), [label.value.replace(" ", "\n") for label in after], fontsize=6.5)
    axis.set_yticks(range(len(before)), [label.value for label in before], fontsize=8)
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)


def _draw_curve(figure: Figure, corpus: Corpus, report: Mapping[str, Any], theme: Theme) -> None:
    axis = figure.subplots()
    for (title, source), color in zip(_sources(report), theme.sources, strict=True):
        curve = np.array(source["change_talk_curve"]["deciles"], dtype=float)
        middles = (np.arange(len(curve)) + 0.5) * 100 / len(curve)
        width = 2.4 if title == OURS else 1.4
        axis.plot(middles, 100 * curve, color=color, linewidth=width, marker="o", markersize=3, label=title)
    axis.set(
        xlabel="course of the session, %",
        ylabel="change talk, % of client turns",
        xlim=(0, 100),
        ylim=(0, None),
    )
    axis.grid()
    axis.legend(loc="upper left")


def _draw_lengths(figure: Figure, corpus: Corpus, report: Mapping[str, Any], theme: Theme) -> None:
    whole, turns = figure.subplots(1, 2)
    edges = np.arange(min(corpus.lengths), max(corpus.lengths) + 2) - 0.5
    whole.hist(corpus.lengths, bins=edges, color=theme.sources[0])
    whole.set(xlabel="utterances of a dialogue", ylabel="dialogues")
    letters = {
        role: [len(turn["utterance_ko"]) for turn in corpus.utterances if turn["role"] == role]
        for role in Role
    }
    longest = max(map(max, letters.values()))
    for (role, values), color in zip(letters.items(), theme.sources, strict=False):
        bins = np.arange(0, longest + 10, 10)
        turns.hist(values, bins=bins, color=color, histtype="step", linewidth=1.8, label=SPEAKERS[role])
    turns.set(xlabel="Korean characters of an utterance", ylabel="utterances")
    turns.legend()
    for axis in (whole, turns):
        axis.grid(axis="y")


PICTURES = (
    Picture(
        "label_shares",
        "Shares of the labels, beside the early output of the original and AnnoMI",
        "라벨의 비율: 원래 KMI의 초기 출력, AnnoMI와 견준 것",
        (7.5, 7.5),
        _draw_label_shares,
    ),
    Picture(
        "transitions",
        "Which label answers which, in % of the turns answered, beside high-quality sessions of AnnoMI",
        "어느 라벨 다음에 어느 라벨이 오는가(%): AnnoMI의 질 높은 회기와 견준 것",
        (10.5, 6.5),
        _draw_transitions,
    ),
    Picture(
        "change_talk_curve",
        "Change talk over the course of a session",
        "회기가 흐르는 동안의 변화 대화",
        (7.5, 3.6),
        _draw_curve,
    ),
    Picture(
        "lengths",
        "Lengths of dialogues and of utterances",
        "대화와 발화의 길이",
        (7.5, 3.0),
        _draw_lengths,
    ),
)
