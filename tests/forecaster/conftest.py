"""AnnoMI where it is there, a small made-up file of its form, and a few hundred plans."""

import csv
import hashlib
import os
import random
from pathlib import Path

import numpy as np
import pytest

from forecaster import feature_blocks
from forecaster.corpus import COLUMNS, Session, Turn, read_annomi
from forecaster.encoder import N_DIMENSIONS
from forecaster.plan_record import Conditions
from forecaster.planning import Planner
from forecaster.rake import mixed_conditions
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Outcome, Risk, Role, StageOfChange

ROOT = Path(__file__).parents[2]
ANNOMI = Path(
    os.environ.get("KMI_ANNOMI_CSV", ROOT.parent / "shared" / "reference" / "annomi" / "AnnoMI-full.csv")
)
N_PLANS = 300
WORDS = ("I", "want", "to", "stop", "smoking", "but", "it", "is", "hard", "maybe", "yes", "no")


def _made_up_sessions(n=15, n_pairs=8, seed=1, quality="high"):
    rng = random.Random(seed)

    def say():
        text = " ".join(rng.choices(WORDS, k=rng.randint(1, 30)))
        return text + rng.choice(".?")

    sessions = []
    for number in range(n):
        turns = []
        for _ in range(n_pairs):
            turns.append(Turn(Role.THERAPIST, rng.choice(THERAPIST_LABELS), say()))
            turns.append(Turn(Role.CLIENT, rng.choice(CLIENT_LABELS), say()))
        sessions.append(Session(number, quality, "", tuple(turns)))
    return sessions


class FakeEncoder:
    """Vectors that follow from the text alone."""

    def encode(self, texts, report=None):
        return [self._one(text) for text in texts]

    def _one(self, text):
        if not text:
            return np.zeros(N_DIMENSIONS, np.float32)
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
        vector = np.random.RandomState(seed).standard_normal(N_DIMENSIONS)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def made_up_sessions():
    """Make sessions with text: `made_up_sessions(n, n_pairs, seed, quality)`."""
    return _made_up_sessions


@pytest.fixture(scope="session")
def annomi_path():
    if not ANNOMI.is_file():
        pytest.skip(f"no AnnoMI at {ANNOMI}; set KMI_ANNOMI_CSV to AnnoMI-full.csv")
    return ANNOMI


@pytest.fixture(scope="session")
def annomi(annomi_path):
    return read_annomi(annomi_path)


@pytest.fixture
def write_csv(tmp_path):
    """Write rows as a CSV of AnnoMI's form; what a row does not name is "n/a"."""

    def write(*rows, columns=COLUMNS):
        path = tmp_path / "annomi.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="n/a")
            writer.writeheader()
            for row in rows:
                writer.writerow({"mi_quality": "high", "transcript_id": 7, "topic": "sleep", **row})
        return path

    return write


@pytest.fixture(scope="session")
def planner():
    return Planner.load()


@pytest.fixture(scope="session")
def standard_plans(planner):
    conditions = list(mixed_conditions(planner.rules, N_PLANS, 11))
    return [(c, planner.plan(number, c, 11)) for number, c in enumerate(conditions)]


@pytest.fixture(scope="session")
def risk_plans(planner):
    rng = random.Random(3)
    kinds = [risk for risk in Risk if risk is not Risk.NONE]
    plans = []
    for number in range(90):
        conditions = Conditions(
            stage=rng.choice(list(StageOfChange)),
            outcome=rng.choice(list(Outcome)),
            risk=kinds[number % len(kinds)],
        )
        plans.append((conditions, planner.plan(number, conditions, 12)))
    return plans


@pytest.fixture
def fake_encoder(monkeypatch):
    """Stand in for the sentence encoder, so that every model can be trained and asked without it."""
    encoder = FakeEncoder()
    monkeypatch.setattr(feature_blocks, "load_encoder", lambda: encoder)
    return encoder
