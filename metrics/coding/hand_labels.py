"""Labels given turn by turn to a random sample of the original KMI, kept without its text.

One reader, a language model, labeled 220 turns drawn at random, each from its text and the turn before it by
`codebook_v1`, before any classifier had coded them. Each line names dialogue and turn, the label, and the
SHA-256 of the Korean text, so that a label is never laid against another text.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kmi import Label
from metrics.transcripts import Transcript

HAND_LABELS = Path(__file__).with_name("hand_labels_kmi_original.jsonl")


@dataclass(frozen=True, slots=True)
class HandLabel:
    """Label of one turn of a transcript, by its place from 0."""

    transcript: Transcript
    place: int
    label: Label


def read_hand_labels(transcripts: Iterable[Transcript], path: Path = HAND_LABELS) -> list[HandLabel]:
    """Find the turns of a sample in the dialogues that it was drawn from.

    Args:
        transcripts: Dialogues of the original KMI; ids as released.
        path: The sample, JSONL with `dialogue_id`, `turn` (from 1), `label` and `sha256` of the text.

    Raises:
        ValueError: If a turn of the sample is missing from the dialogues, or has another text there.
    """
    by_id = {transcript.id: transcript for transcript in transcripts}
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        transcript = by_id.get(str(record["dialogue_id"]))
        place = record["turn"] - 1
        if transcript is None or place >= len(transcript.turns):
            raise ValueError(
                f"{path}, line {number}: dialogue {record['dialogue_id']} with turn {record['turn']} is not "
                "among these dialogues; give the release that the sample was drawn from"
            )
        text = transcript.turns[place].text_ko
        if hashlib.sha256(text.encode()).hexdigest() != record["sha256"]:
            raise ValueError(f"{path}, line {number}: the text differs from the one that was labeled")
        found.append(HandLabel(transcript, place, Label(record["label"])))
    return found
