"""Readings of the corpus that are kept as ids, ratings and labels: they belong to the data and its report."""

import json
from pathlib import Path

import pytest

from kmi import Role
from metrics.agreement import cohen_kappa
from metrics.coding.recorded import fresh_codings
from metrics.rating.collecting import build_report
from metrics.rating.exports import read_exports
from metrics.rating.packet import Key
from metrics.transcripts import read_transcripts

ROOT = Path(__file__).parents[2]
READINGS = ROOT / "generation" / "readings"
LABEL_KAPPA = 0.78
"""Agreement that sixty finished dialogues must reach with coders who took no part in them."""


@pytest.fixture(scope="module")
def codings():
    return list(fresh_codings(read_transcripts(str(ROOT / "kmi"))))


@pytest.mark.parametrize("role", list(Role))
def test_coders_who_took_no_part_agree_with_the_final_labels(codings, role):
    pairs = [(one.given, one.coded) for one in codings if one.given.role is role]
    assert len({one.group for one in codings}) == 60
    assert cohen_kappa(*zip(*pairs, strict=True)) >= LABEL_KAPPA


@pytest.mark.parametrize("folder", sorted(READINGS.glob("batch-*")), ids=lambda path: path.name)
def test_report_of_a_blind_reading_follows_from_its_ratings(folder):
    key = Key.load(folder / "key.json")
    exports = read_exports(sorted(folder.glob("reader-*.json")), key)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert build_report(key, exports) == report
