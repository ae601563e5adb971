"""AnnoMI as the reference values were measured, and the sample of the original KMI, where they are there."""

import csv
import difflib
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from forecaster.corpus import read_annomi
from kmi import Label, Role
from metrics.readers import read_dialogues

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
ANNOMI = Path(os.environ.get("KMI_ANNOMI_CSV", REFERENCE / "annomi" / "AnnoMI-full.csv"))
AUTHORS_LABELS = ANNOMI.with_name("kmi_authors_labels_high.json")
SAMPLE = Path(os.environ.get("KMI_ORIGINAL", REFERENCE / "kmi_original" / "mental_health_193.json"))
LABELS = {label.value: label for label in Label}
INPUTS = {"information": Label.GIVE_INFORMATION}


@pytest.fixture(scope="session")
def annomi_path():
    if not ANNOMI.is_file():
        pytest.skip(f"no AnnoMI at {ANNOMI}; set KMI_ANNOMI_CSV to AnnoMI-full.csv")
    return ANNOMI


@pytest.fixture(scope="session")
def original_path():
    if not SAMPLE.is_file():
        pytest.skip(f"no sample of the original KMI at {SAMPLE}; set KMI_ORIGINAL to such a file")
    return SAMPLE


@pytest.fixture(scope="session")
def original(original_path):
    """Dialogues of the sample of the original KMI."""
    return read_dialogues(str(original_path)).dialogues


@pytest.fixture(scope="session")
def annomi_high(annomi_path):
    """Labels of each high session: therapist turns by the KMI authors, client turns by majority."""
    if not AUTHORS_LABELS.is_file():
        pytest.skip(f"no labels of the KMI authors at {AUTHORS_LABELS}")
    authors = {
        record["dialogue_id"]: record["dialogue"]
        for record in json.loads(AUTHORS_LABELS.read_text(encoding="utf-8"))
    }
    high = [session for session in read_annomi(annomi_path) if session.quality == "high"]
    return [_with_authors_labels(session.turns, authors[session.transcript_id]) for session in high]


def _with_authors_labels(turns, records):
    """Set the authors' labels; in two sessions their texts are cut a little differently."""
    texts = [turn.text for turn in turns], [record["utterance"].strip() for record in records]
    given = {}
    for a, b, n in difflib.SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        given.update({a + i: records[b + i]["label"] for i in range(n)})
    return [
        turn.label if turn.role is Role.CLIENT else LABELS.get(given.get(place), Label.GENERAL)
        for place, turn in enumerate(turns)
    ]


@pytest.fixture(scope="session")
def annomi_low(annomi_path):
    """Labels of each low session by majority; options and negotiation are Advise, nothing is Affirm."""
    sessions = {}
    with annomi_path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["mi_quality"] == "low":
                votes = sessions.setdefault(row["transcript_id"], {})
                votes.setdefault(int(row["utterance_id"]), []).append(_voted(row))
    return [
        [Counter(votes[number]).most_common(1)[0][0] for number in sorted(votes)]
        for votes in sessions.values()
    ]


def _voted(row):
    behavior = row["main_therapist_behaviour"]
    if row["interlocutor"] == "client":
        codes = {"change": Label.CHANGE_TALK, "sustain": Label.SUSTAIN_TALK, "neutral": Label.NEUTRAL}
        return codes[row["client_talk_type"]]
    if behavior == "reflection":
        is_complex = row["reflection_subtype"] == "complex"
        return Label.COMPLEX_REFLECTION if is_complex else Label.SIMPLE_REFLECTION
    if behavior == "question":
        return Label.CLOSED_QUESTION if row["question_subtype"] == "closed" else Label.OPEN_QUESTION
    if behavior == "therapist_input":
        return INPUTS.get(row["therapist_input_subtype"], Label.ADVISE)
    return Label.GENERAL
