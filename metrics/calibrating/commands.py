"""The command `calibrate`: train the classifier of quality and measure the text references again."""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from metrics.calibrating.annomi import RatedDialogue, read_rated_dialogues
from metrics.calibrating.training import features_of, fit, train
from metrics.dialogues import Dialogue, client_coding_of
from metrics.evaluation import ScoreSettings
from metrics.quality import WEIGHTS, load_model, quality_features
from metrics.readers import read_dialogues
from metrics.report import TEXT_REFERENCE_FIGURES, rounded
from metrics.text.analysis import Language, analyze_dialogues
from metrics.text_report import score_texts

N_REFITS = 500
CORPORA = {
    "original_kmi": (
        "original KMI",
        "early outputs of the KMI generator; Kim et al. (2025), github.com/yjch00/CounselChat, Apache-2.0",
    ),
    "annomi_high": ("AnnoMI high", "high-quality sessions as they are; Wu et al. (2022), AnnoMI"),
    "annomi_low": ("AnnoMI low", "low-quality sessions as they are; Wu et al. (2022), AnnoMI"),
}


def calibrate(arguments: argparse.Namespace) -> int:
    """Write the weights and, if the sample of the original is given, the reference figures.

    Args:
        arguments: `annomi`, the official CSV; `original`, dialogues of the original KMI, or ``None``.

    Returns:
        Exit code 0.

    Raises:
        ValueError: If a file is missing or not what it should be.
        OSError: If a file cannot be written.
    """
    chats = read_rated_dialogues(arguments.annomi, as_text_chat=True)
    record = train(chats)
    record["inputs_sha256"] = {"AnnoMI-full.csv": hashlib.sha256(arguments.annomi.read_bytes()).hexdigest()}
    _write(WEIGHTS, record)
    load_model.cache_clear()
    lines = [f"{WEIGHTS.name}: {json.dumps(record['one_topic_left_out'])}"]
    lines += [f"  {feature['weight']:+.3f} {feature['name']}" for feature in record["features"]]
    if arguments.original is not None:
        dialogues = read_dialogues(str(arguments.original)).dialogues
        figures = _reference(read_rated_dialogues(arguments.annomi), chats, dialogues)
        share = figures["corpora"]["original_kmi"]["metrics"]["high_quality_share"]
        share["interval_with_training"] = rounded(_with_training(chats, dialogues, record["penalty"]))
        _write(TEXT_REFERENCE_FIGURES, figures)
        lines.append(f"{TEXT_REFERENCE_FIGURES.name}: original called high quality: {json.dumps(share)}")
    print("\n".join(lines))
    return 0


def _with_training(
    chats: Sequence[RatedDialogue], dialogues: Sequence[Dialogue], penalty: float
) -> list[float]:
    """Give the 95 % interval of the share called high when the sessions to train on are drawn anew too."""
    sessions, truth, _ = features_of(chats)
    measured = np.array([quality_features(text) for text in analyze_dialogues(dialogues, Language.KOREAN)])
    rng = np.random.default_rng(ScoreSettings().random_seed)
    shares = []
    while len(shares) < N_REFITS:
        drawn = rng.integers(len(truth), size=len(truth))
        if len(set(truth[drawn])) == 2:
            model = fit(sessions[drawn], truth[drawn], penalty)
            chosen = measured[rng.integers(len(measured), size=len(measured))]
            shares.append(np.mean([model.probability(row) > 0.5 for row in chosen]))
    return [float(end) for end in np.quantile(shares, [0.025, 0.975])]


def _reference(
    rated: Sequence[RatedDialogue], chats: Sequence[RatedDialogue], original: Sequence[Dialogue]
) -> dict[str, Any]:
    corpora = {"original_kmi": _figures(original, Language.KOREAN)}
    for name, is_high in (("annomi_high", True), ("annomi_low", False)):
        corpora[name] = _figures([r.dialogue for r in rated if r.is_high is is_high], Language.ENGLISH)
        chat = _figures([r.dialogue for r in chats if r.is_high is is_high], Language.ENGLISH)
        corpora[name]["metrics"]["high_quality_share"] = chat["metrics"]["high_quality_share"]
    return rounded(
        {
            "from": "python -m metrics calibrate; mean over dialogues with its 95 % bootstrap interval. The "
            "classifier of quality was trained on the very sessions of AnnoMI that it is shown for.",
            "corpora": {
                name: {"title": title, "what": what, **corpora[name]}
                for name, (title, what) in CORPORA.items()
            },
        }
    )


def _figures(dialogues: Sequence[Dialogue], language: Language) -> dict[str, Any]:
    coding = client_coding_of(dialogues)
    (scores,) = (s for s in score_texts(dialogues, coding) if s.language is language)
    estimates = scores.estimates(range(len(dialogues)), ScoreSettings())
    return {
        "language": language.value,
        "n_dialogues": len(dialogues),
        "metrics": {
            name: {
                "mean": estimate.mean,
                "interval": [estimate.low, estimate.high],
                "pooled": estimate.pooled,
            }
            for name, estimate in estimates.items()
            if estimate.n_defined
        },
    }


def _write(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
