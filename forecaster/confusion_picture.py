"""Draws confusion matrices as a picture; the one module that needs matplotlib."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from kmi import THERAPIST_LABELS


def draw_confusion(rows: Sequence[Mapping], path: Path) -> None:
    """Draw one matrix a model: true label by most probable label, as shares of the true label.

    Args:
        rows: As `forecaster.cross_validation.evaluate_models` returns them.
        path: Picture to write; the ending names its format (png, svg or pdf).
    """
    names = [label.value for label in THERAPIST_LABELS]
    figure = Figure(figsize=(5.2 * len(rows), 5.4), layout="constrained")
    for axis, row in zip(figure.subplots(1, len(rows), squeeze=False)[0], rows, strict=True):
        counts = np.array(row["confusion"])
        shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for true, predicted in np.ndindex(shares.shape):
            color = "white" if shares[true, predicted] > 0.6 else "black"
            text = f"{shares[true, predicted]:.2f}".removeprefix("0")
            axis.text(predicted, true, text, ha="center", va="center", color=color, fontsize=8)
        axis.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
        axis.set_yticks(range(len(names)), names, fontsize=8)
        axis.set_title(f"{row['model']} ({row['variant']}), accuracy {row['accuracy']:.3f}", fontsize=10)
        axis.set_xlabel("most probable label")
        axis.set_ylabel("AnnoMI")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
