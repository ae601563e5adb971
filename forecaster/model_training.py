"""Trains the shipped weights of the models over features, on AnnoMI with our labels."""

from collections.abc import Sequence
from pathlib import Path

from forecaster.corpus import Session, select_variant
from forecaster.feature_model import save_model
from forecaster.fetch import ANNOMI_COMMIT
from forecaster.learning import fit_model, make_examples
from forecaster.recipes import RECIPES

TRAINING_VARIANT = "dialogue"
"""Text dialogues and plans hold no backchannels, so the shipped models have never seen one."""


def train_model(
    sessions: Sequence[Session], name: str, path: Path, random_seed: int = 0
) -> dict[str, object]:
    """Train a model on all of AnnoMI, high and low quality, and write its weights.

    Args:
        sessions: All of AnnoMI, with our labels.
        name: Of `RECIPES`.
        path: File to write.
        random_seed: Seed of the trees.

    Returns:
        What the file says of its training data.

    Raises:
        ValueError: If the name is unknown.
    """
    if name not in RECIPES:
        raise ValueError(f"model {name!r} is unknown; allowed: {', '.join(RECIPES)}")
    chosen = sorted(select_variant(sessions, TRAINING_VARIANT), key=lambda session: session.transcript_id)
    examples = make_examples(chosen, RECIPES[name])
    model = fit_model(examples, RECIPES[name], random_seed)
    about: dict[str, object] = {
        "data": f"AnnoMI (Wu et al., 2022), github.com/uccollab/AnnoMI at {ANNOMI_COMMIT}",
        "variant": "high and low quality, dialogue (backchannels dropped); Affirm by rule",
        "n_sessions": len(chosen),
        "n_targets": len(examples.targets),
        "random_seed": random_seed,
    }
    save_model(model, about, path)
    return about
