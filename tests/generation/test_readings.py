"""Readings of the corpus that are kept as ids, ratings and labels: they belong to the data and its report."""

import json
from pathlib import Path

import pandas as pd
import pytest

from kmi import Label, Role
from metrics.agreement import cohen_kappa
from metrics.rating.collecting import build_report
from metrics.rating.exports import read_exports
from metrics.rating.packet import Key

ROOT = Path(__file__).parents[2]
READINGS = ROOT / "generation" / "readings"
LABEL_KAPPA = 0.78
"""Agreement that sixty finished dialogues must reach with coders who took no part in them."""


@pytest.fixture(scope="module")
def final_labels():
    rows = pd.concat(pd.read_parquet(path) for path in (ROOT / "kmi" / "data").glob("dialogues-*.parquet"))
    return {str(row.id): [Label(turn["label"]) for turn in row.dialogue] for row in rows.itertuples()}


@pytest.mark.parametrize("role", list(Role))
def test_coders_who_took_no_part_agree_with_the_final_labels(final_labels, role):
    lines = (READINGS / "fresh-coding" / "codes.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [
        (final, code)
        for line in map(json.loads, lines)
        for final, code in zip(final_labels[line["id"]], map(Label, line["codes"]), strict=True)
        if final.role is role
    ]
    assert len(lines) == 60
    assert cohen_kappa(*zip(*pairs, strict=True)) >= LABEL_KAPPA


@pytest.mark.parametrize("folder", sorted(READINGS.glob("batch-*")), ids=lambda path: path.name)
def test_report_of_a_blind_reading_follows_from_its_ratings(folder):
    key = Key.load(folder / "key.json")
    exports = read_exports(sorted(folder.glob("reader-*.json")), key)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert build_report(key, exports) == report
