import hashlib
import json
import os
from pathlib import Path

import pytest

from kmi import Label, Role
from metrics.coding.hand_labels import HAND_LABELS, read_hand_labels
from metrics.transcripts import Transcript, Turn, read_transcripts

ROOT = Path(__file__).parents[3]
ORIGINAL = Path(
    os.environ.get(
        "KMI_ORIGINAL_SAMPLE",
        ROOT.parent / "shared" / "reference" / "kmi_original" / "mental_health_193.json",
    )
)
TRANSCRIPT = Transcript(id="7", turns=(Turn(n=1, role=Role.THERAPIST, text_ko="네."),))


def sample(tmp_path, **changed):
    line = {"dialogue_id": 7, "turn": 1, "label": "General"} | changed
    line.setdefault("sha256", hashlib.sha256("네.".encode()).hexdigest())
    (tmp_path / "hand.jsonl").write_text(json.dumps(line) + "\n")
    return tmp_path / "hand.jsonl"


def test_hand_label_finds_its_turn(tmp_path):
    (one,) = read_hand_labels([TRANSCRIPT], sample(tmp_path))
    assert (one.transcript, one.place, one.label) == (TRANSCRIPT, 0, Label.GENERAL)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"dialogue_id": 8}, "dialogue 8 with turn 1 is not among", id="dialogue"),
        pytest.param({"turn": 2}, "dialogue 7 with turn 2 is not among", id="turn"),
        pytest.param({"sha256": "0"}, "line 1: the text differs", id="text"),
    ],
)
def test_hand_label_of_another_text_is_refused(tmp_path, changed, message):
    with pytest.raises(ValueError, match=message):
        read_hand_labels([TRANSCRIPT], sample(tmp_path, **changed))


def test_shipped_sample_holds_labels_and_hashes_but_no_text():
    lines = [json.loads(line) for line in HAND_LABELS.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 200
    assert len({(line["dialogue_id"], line["turn"]) for line in lines}) == len(lines)
    assert {frozenset(line) for line in lines} == {frozenset(("dialogue_id", "turn", "label", "sha256"))}


def test_shipped_sample_fits_the_original():
    if not ORIGINAL.is_file():
        pytest.skip(f"no original sample at {ORIGINAL}; set KMI_ORIGINAL_SAMPLE")
    for one in read_hand_labels(read_transcripts(str(ORIGINAL))):
        assert one.label.role is one.transcript.turns[one.place].role
