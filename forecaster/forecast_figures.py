"""Figures of forecasts with bootstrap intervals over dialogues, all from sums over each dialogue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecaster.evaluate import N_CALIBRATION_BINS
from kmi import THERAPIST_LABELS

N_RESAMPLES = 1000
BOOTSTRAP_RANDOM_STATE = 42
INTERVAL = (2.5, 97.5)
FIGURES = ("accuracy", "top3_accuracy", "macro_f1", "log_loss", "ece")
N_CLASSES = len(THERAPIST_LABELS)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over the targets of each dialogue; the first axis is the dialogue.

    Attributes:
        n: Targets.
        top3: Targets among the three most probable labels.
        loss: Negative log probabilities of the targets.
        confusion: Targets by label and by most probable label, shape (n_dialogues, 8, 8).
        calibration: Targets, hits and probabilities by bin, shape (n_dialogues, 15, 3).
    """

    n: np.ndarray
    top3: np.ndarray
    loss: np.ndarray
    confusion: np.ndarray
    calibration: np.ndarray

    def pooled(self) -> "Sums":
        """Return the sums over all dialogues as one dialogue."""
        return self.resample(np.ones((1, len(self.n))))

    def resample(self, weights: np.ndarray) -> "Sums":
        """Return weighted sums over dialogues, one row for each row of weights."""
        fields = (self.n, self.top3, self.loss, self.confusion, self.calibration)
        return Sums(*(np.tensordot(weights, field, axes=1) for field in fields))

    def figures(self) -> dict[str, np.ndarray]:
        """Return every figure for each row."""
        hits = np.einsum("nii->ni", self.confusion)
        either = self.confusion.sum(1) + self.confusion.sum(2)
        f1 = np.divide(2 * hits, either, out=np.zeros_like(hits, dtype=float), where=either > 0)
        gaps = np.abs(self.calibration[..., 1] - self.calibration[..., 2]).sum(1)
        return {
            "accuracy": hits.sum(1) / self.n,
            "top3_accuracy": self.top3 / self.n,
            "macro_f1": f1.mean(1),
            "log_loss": self.loss / self.n,
            "ece": gaps / self.n,
        }


def sum_by_dialogue(probabilities: np.ndarray, targets: np.ndarray, groups: np.ndarray) -> Sums:
    """Sum what the figures need over the targets of each dialogue.

    Args:
        probabilities: Shape (n, 8), in the order of `kmi.THERAPIST_LABELS`.
        targets: Index of the true label, shape (n,).
        groups: Index of the dialogue from 0, shape (n,); each has a target.
    """
    ranked = np.argsort(-probabilities, axis=1, kind="stable")
    n_groups = int(groups.max()) + 1
    rows = np.arange(len(targets))
    confidence = probabilities[rows, ranked[:, 0]]
    bins = np.minimum((confidence * N_CALIBRATION_BINS).astype(int), N_CALIBRATION_BINS - 1)
    confusion = np.zeros((n_groups, N_CLASSES, N_CLASSES))
    np.add.at(confusion, (groups, targets, ranked[:, 0]), 1)
    calibration = np.zeros((n_groups, N_CALIBRATION_BINS, 3))
    hits = ranked[:, 0] == targets
    np.add.at(calibration, (groups, bins), np.stack([np.ones(len(rows)), hits, confidence], axis=1))

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(groups, values, minlength=n_groups)

    return Sums(
        n=total(np.ones(len(rows))),
        top3=total((ranked[:, :3] == targets[:, None]).any(1)),
        loss=total(-np.log(probabilities[rows, targets])),
        confusion=confusion,
        calibration=calibration,
    )


def summarize(runs: Sequence[Sums]) -> dict[str, object]:
    """Return the figures, mean over runs, with 95 % intervals, per-label recall, confusion and calibration.

    Args:
        runs: One entry for each random seed, over the same targets.
    """
    pooled = [run.pooled() for run in runs]
    single = [run.figures() for run in pooled]
    rng = np.random.RandomState(BOOTSTRAP_RANDOM_STATE)
    n_dialogues = len(runs[0].n)
    weights = rng.multinomial(n_dialogues, np.full(n_dialogues, 1 / n_dialogues), N_RESAMPLES)
    resampled = [run.resample(weights).figures() for run in runs]
    summary: dict[str, object] = {name: float(np.mean([one[name][0] for one in single])) for name in FIGURES}
    summary["intervals"] = {
        name: np.percentile(np.mean([one[name] for one in resampled], axis=0), INTERVAL).round(4).tolist()
        for name in FIGURES
    }
    if len(runs) > 1:
        summary["deviations"] = {name: float(np.std([one[name][0] for one in single])) for name in FIGURES}
    confusion = np.mean([run.confusion[0] for run in pooled], axis=0)
    counts = np.maximum(confusion.sum(1), 1)
    recall = (np.diag(confusion) / counts).round(4)
    summary["recall"] = {label.value: float(r) for label, r in zip(THERAPIST_LABELS, recall, strict=True)}
    summary["confusion"] = confusion.round(1).tolist()
    summary["calibration"] = _calibration(np.mean([run.calibration[0] for run in pooled], axis=0))
    return summary


def _calibration(bins: np.ndarray) -> list[dict[str, float]]:
    """Return stated and true share for each bin that holds targets."""
    return [
        {"n": round(float(n), 1), "stated": round(float(stated / n), 4), "true": round(float(hits / n), 4)}
        for n, hits, stated in bins
        if n
    ]
