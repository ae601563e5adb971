"""The evaluation as text: a table of models, recall by label, and calibration."""

from collections.abc import Mapping, Sequence

from forecaster.forecast_figures import FIGURES
from kmi import THERAPIST_LABELS

SHORT = ("SR", "CR", "OQ", "CQ", "AF", "GI", "AD", "GE")
TITLES = {
    "accuracy": "accuracy",
    "top3_accuracy": "top-3",
    "macro_f1": "macro-F1",
    "log_loss": "log loss",
    "ece": "ECE",
}


def render_table(rows: Sequence[Mapping]) -> str:
    """Return a table with a 95 % interval below each figure, recall by label, and calibration.

    Args:
        rows: As `forecaster.cross_validation.evaluate_models` returns them.
    """
    lines = [
        "Grouped 5-fold cross-validation; in brackets 95 % bootstrap intervals over dialogues.",
        "",
        f"{'model':18}{'variant':10}{'n':>6}  " + "".join(f"{TITLES[name]:>22}" for name in FIGURES),
    ]
    for row in rows:
        cells = [_cell(row, name) for name in FIGURES]
        lines.append(f"{row['model']:18}{row['variant']:10}{row['n_targets']:>6}  " + "".join(cells))
        if "deviations" in row:
            spread = "".join(f"{'± ' + _short(row['deviations'][name]):>22}" for name in FIGURES)
            lines.append(f"{'  mean of ' + str(row['n_random_seeds']) + ' seeds, ± deviation':36}{spread}")
    lines += ["", f"{'recall by label':28}" + "".join(f"{name:>7}" for name in SHORT)]
    for row in rows:
        recalls = [row["recall"][label.value] for label in THERAPIST_LABELS]
        lines.append(f"{row['model']:18}{row['variant']:10}" + "".join(f"{_short(r):>7}" for r in recalls))
    lines += ["", "calibration: stated probability of the top label -> share right (targets)"]
    for row in rows:
        bins = "  ".join(
            f"{_short(b['stated'])}->{_short(b['true'])} ({b['n']:.0f})" for b in row["calibration"]
        )
        lines.append(f"{row['model']:18}{row['variant']:10}{bins}")
    return "\n".join(lines)


def _cell(row: Mapping, name: str) -> str:
    low, high = row["intervals"][name]
    return f"{_short(row[name]) + f' [{_short(low)}, {_short(high)}]':>22}"


def _short(value: float) -> str:
    """Write a number with three decimals and no zero before the point.

    Example:
        >>> _short(0.3437), _short(1.7)
        ('.344', '1.700')
    """
    return f"{value:.3f}".removeprefix("0")
