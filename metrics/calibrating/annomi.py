"""AnnoMI as dialogues to measure, with the quality of the therapist, read as the forecaster reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from forecaster.corpus import Session, read_annomi, select_variant
from metrics.dialogues import Dialogue, Utterance

QUALITIES = ("high", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedDialogue:
    """One AnnoMI session.

    Attributes:
        dialogue: Its turns, with English text.
        is_high: Whether AnnoMI holds it for high-quality MI.
        topic: What it is about, as AnnoMI names it; sessions of one topic often come from one teaching video.
    """

    dialogue: Dialogue
    is_high: bool
    topic: str


def read_rated_dialogues(path: Path, *, as_text_chat: bool = False) -> list[RatedDialogue]:
    """Read the sessions of AnnoMI-full.csv with the rating of their quality.

    Args:
        path: The official CSV.
        as_text_chat: Leave out backchannels and join the turns of one speaker, as a written dialogue has
            them; ``False`` keeps the sessions as they are.

    Returns:
        110 high and 23 low sessions, labels by majority of the annotators, in the order of the file.

    Raises:
        ValueError: If the file is missing or not the pinned one.

    Source:
        Wu et al. (2022), AnnoMI, ICASSP; variants of `forecaster.corpus.select_variant`.
    """
    sessions: Iterable[Session] = read_annomi(path)
    if as_text_chat:
        sessions = select_variant(sessions, "dialogue", merge=True)
    return [
        RatedDialogue(
            dialogue=Dialogue(
                id=str(session.transcript_id),
                utterances=tuple(
                    Utterance(role=turn.role, label=turn.label, text_en=turn.text) for turn in session.turns
                ),
            ),
            is_high=session.quality == QUALITIES[0],
            topic=session.topic,
        )
        for session in sessions
    ]
