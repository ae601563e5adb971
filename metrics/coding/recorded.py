"""Readings of the recorded sessions by coders who saw no label, beside the sessions' labels."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from generation.completions.driving import Lookup, answered_requests
from generation.completions.recording import read_recording
from generation.inputs import COMPLETIONS
from generation.recorded import load_recorded_inputs
from generation.sessions.reading import UnusableError, read_codes, read_draft
from generation.sessions.utterance import Utterance
from kmi import Label
from metrics.coding.measures import Coded
from metrics.transcripts import Transcript

FRESH_CODES = Path(__file__).parents[2] / "generation" / "readings" / "fresh-coding" / "codes.jsonl"


def recorded_codings() -> Iterator[Coded]:
    """Replay the shipped recording and pair the writer's labels with those of the first blind coder.

    Returns:
        Every utterance of the finished sessions with the labels from before the revision.

    Raises:
        ValueError: If the recording or one of its inputs is missing or damaged.
    """
    inputs = load_recorded_inputs()
    known = Lookup(read_recording(COMPLETIONS))
    for profile, session in zip(inputs.profiles, inputs.open_sessions(), strict=True):
        draft: list[Utterance] = []
        codes: list[Label] = []
        for request, completion in answered_requests(session, known):
            try:
                if request.stage == "write":
                    draft = read_draft(completion.content, request.schema, inputs.plans[profile.id])
                elif request.stage == "code":
                    codes = read_codes(completion.content, request.schema, draft)
            except UnusableError:
                continue  # the session refused this answer, too, and asked again
        for turn, code in zip(draft, codes, strict=True):
            yield Coded(group=str(profile.id), given=turn.label, coded=code, n_words=len(turn.ko.split()))


def fresh_codings(finished: Iterable[Transcript], path: Path = FRESH_CODES) -> Iterator[Coded]:
    """Pair the final labels with those of readers who took no part in making the dialogues.

    Args:
        finished: Finished dialogues, with their final labels.
        path: JSONL with `id` and `codes`, a label for every turn.

    Raises:
        ValueError: If a dialogue that was read is missing or has another number of turns.
    """
    by_id = {transcript.id: transcript for transcript in finished}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        turns = by_id[record["id"]].turns if record["id"] in by_id else ()
        if len(turns) != len(record["codes"]):
            raise ValueError(
                f"{path}, line {number}: dialogue {record['id']} has {len(turns)} turns here, "
                f"{len(record['codes'])} were read; read it again"
            )
        for turn, code in zip(turns, map(Label, record["codes"]), strict=True):
            yield Coded(group=record["id"], given=turn.label, coded=code, n_words=len(turn.ko.split()))
