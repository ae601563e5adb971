"""AnnoMI where it is there, a small made-up file of its form, and a few hundred plans."""

import csv
import os
import random
from pathlib import Path

import pytest

from forecaster.corpus import COLUMNS, read_annomi
from forecaster.plan_record import Conditions
from forecaster.planning import Planner
from forecaster.rake import mixed_conditions
from kmi import Outcome, Risk, StageOfChange

ROOT = Path(__file__).parents[2]
ANNOMI = Path(
    os.environ.get("KMI_ANNOMI_CSV", ROOT.parent / "shared" / "reference" / "annomi" / "AnnoMI-full.csv")
)
N_PLANS = 300


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
