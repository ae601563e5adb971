"""Grouped cross-validation of every trained model: each therapist turn forecast from the turns before it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forecaster.corpus import Session, select_variant
from forecaster.evaluate import fold_sessions, forecast_held_out
from forecaster.forecast_figures import Sums, sum_by_dialogue, summarize
from forecaster.learning import INDEX, fit_model, make_examples
from forecaster.recipes import RECIPES, Recipe
from kmi import THERAPIST_LABELS, Role

MODELS = ("n-gram", *RECIPES)


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Forecasts of every therapist turn of the high-quality sessions by models of the other folds.

    Attributes:
        probabilities: One array of shape (n, 8) for each random seed.
        targets: Index of the label, shape (n,).
        groups: Index of the session, shape (n,).
    """

    probabilities: tuple[np.ndarray, ...]
    targets: np.ndarray
    groups: np.ndarray

    def sums(self) -> list[Sums]:
        """Return the sums that the figures need, one entry for each random seed."""
        return [sum_by_dialogue(one, self.targets, self.groups) for one in self.probabilities]


def cross_validate(
    high: Sequence[Session],
    low: Sequence[Session],
    recipe: Recipe,
    report: Callable[[], object] = lambda: None,
) -> HeldOut:
    """Forecast each high-quality session by a model of the other folds and the low-quality sessions.

    Args:
        high: Sessions to forecast, sorted by transcript id.
        low: Sessions that are always trained on and never scored.
        recipe: What to fit. The calibration is fitted once a fold, inside its training sessions.
        report: Called after each fit, for progress.
    """
    examples = make_examples([*high, *low], recipe)
    runs = [np.zeros((len(examples.targets), len(THERAPIST_LABELS))) for _ in range(recipe.n_random_seeds)]
    for fold in fold_sessions(len(high)):
        held_out = np.isin(examples.groups, fold)
        train = examples.select(~held_out)
        calibration = None
        for random_seed, run in enumerate(runs):
            model = fit_model(train, recipe, random_seed, calibration)
            calibration = model.temperature, model.label_bias
            run[held_out] = model.predict_rows(examples.rows[held_out])
            report()
    is_high = examples.groups < len(high)
    return HeldOut(tuple(run[is_high] for run in runs), examples.targets[is_high], examples.groups[is_high])


def cross_validate_ngram(high: Sequence[Session]) -> HeldOut:
    """Forecast each session by an n-gram of the other folds."""
    rows = [list(forecast.values()) for session in forecast_held_out(high) for forecast in session]
    turns = [
        (number, INDEX[turn.label])
        for number, session in enumerate(high)
        for turn in session.turns
        if turn.role is Role.THERAPIST
    ]
    groups, targets = np.array(turns).T
    return HeldOut((np.array(rows),), targets, groups)


def evaluate_models(
    sessions: Sequence[Session],
    names: Iterable[str],
    variant: str,
    report: Callable[[str], object] = lambda _: None,
) -> list[dict[str, object]]:
    """Cross-validate models on a variant of AnnoMI.

    Args:
        sessions: All of AnnoMI; the high-quality sessions are scored.
        names: Of `MODELS`.
        variant: `full`, or `dialogue` (backchannels dropped, not merged).
        report: Called with the model's name after each fit.

    Returns:
        One row a model: `model`, `variant`, `n_targets`, `n_random_seeds` and what `summarize` returns.

    Raises:
        ValueError: If a name is unknown.
    """
    ordered = sorted(select_variant(sessions, variant), key=lambda session: session.transcript_id)
    high = [session for session in ordered if session.quality == "high"]
    low = [session for session in ordered if session.quality != "high"]
    rows = []
    for name in names:
        if name not in MODELS:
            raise ValueError(f"model {name!r} is unknown; allowed: {', '.join(MODELS)}")
        if name == "n-gram":
            held_out = cross_validate_ngram(high)
            report(name)
        else:
            held_out = cross_validate(high, low, RECIPES[name], lambda name=name: report(name))
        rows.append(_row(name, variant, held_out))
    return rows


def _row(name: str, variant: str, held_out: HeldOut) -> dict[str, object]:
    return {
        "model": name,
        "variant": variant,
        "n_targets": len(held_out.targets),
        "n_random_seeds": len(held_out.probabilities),
        **summarize(held_out.sums()),
    }
