"""Fits factors on label bigrams, so that sampled plans come near AnnoMI's label sequences."""

import json
from collections.abc import Mapping
from pathlib import Path

from forecaster.ngram import WEIGHTS_PATH


def load_bigram_weights(path: Path = WEIGHTS_PATH) -> dict[str, dict[str, float]]:
    """Load the fitted factors: previous label -> next label -> factor; empty where none were fitted."""
    return json.loads(path.read_text(encoding="utf-8")).get("bigram_weights", {})
