"""First blind codings of the recorded sessions beside the writer's labels, before anything was revised."""

from collections.abc import Iterator

from generation.completions.driving import Lookup, answered_requests
from generation.completions.recording import read_recording
from generation.inputs import COMPLETIONS
from generation.recorded import load_recorded_inputs
from generation.sessions.reading import UnusableError, read_codes, read_draft
from generation.sessions.utterance import Utterance
from kmi import Label
from metrics.coding.measures import Coded


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
