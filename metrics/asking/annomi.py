"""AnnoMI as transcripts; what is kept of them bears their digest, never their text."""

from pathlib import Path

from forecaster.corpus import read_annomi
from metrics.transcripts import Transcript, Turn


def read_annomi_transcripts(path: Path) -> dict[str, list[Transcript]]:
    """Read AnnoMI's sessions by quality.

    Args:
        path: AnnoMI-full.csv.

    Returns:
        Transcripts under "high" and "low", in the order of the file; labels are the annotators' majority,
        ids the numbers of AnnoMI's transcripts.

    Raises:
        ValueError: If the file is missing or another one.
    """
    found: dict[str, list[Transcript]] = {"high": [], "low": []}
    for session in read_annomi(path):
        turns = tuple(
            Turn(n=n, role=turn.role, text_en=turn.text, label=turn.label)
            for n, turn in enumerate((turn for turn in session.turns if turn.text), start=1)
        )
        number = str(session.transcript_id)
        found[session.quality].append(Transcript(id=number, turns=turns, target_behavior=session.topic))
    return found
