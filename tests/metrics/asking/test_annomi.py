import os
from pathlib import Path

import pytest

from kmi import Label, Role
from metrics.asking.annomi import read_annomi_transcripts

ROOT = Path(__file__).parents[3]
ANNOMI = Path(
    os.environ.get("KMI_ANNOMI_CSV", ROOT.parent / "shared" / "reference" / "annomi" / "AnnoMI-full.csv")
)


def test_annomi_gives_labeled_transcripts_by_quality():
    if not ANNOMI.is_file():
        pytest.skip(f"no AnnoMI at {ANNOMI}; set KMI_ANNOMI_CSV to AnnoMI-full.csv")
    annomi = read_annomi_transcripts(ANNOMI)
    assert {quality: len(group) for quality, group in annomi.items()} == {"high": 110, "low": 23}
    transcripts = [*annomi["high"], *annomi["low"]]
    assert len({transcript.digest for transcript in transcripts}) == 133
    assert all(transcript.target_behavior for transcript in transcripts)
    assert {turn.label for t in transcripts for turn in t.turns if turn.role is Role.CLIENT} == {
        Label.CHANGE_TALK,
        Label.SUSTAIN_TALK,
        Label.NEUTRAL,
    }


def test_annomi_that_is_missing_says_how_to_get_it(tmp_path):
    with pytest.raises(ValueError, match="python -m forecaster fetch"):
        read_annomi_transcripts(tmp_path / "AnnoMI-full.csv")
