"""AnnoMI's official CSV, read as coded sessions: one label a turn, majority of the annotators.

Source:
    Wu et al. (2022), AnnoMI: A Dataset of Expert-Annotated Counselling Dialogues, ICASSP 2022;
    github.com/uccollab/AnnoMI at the commit pinned in `forecaster/fetch.py`.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forecaster.affirm import is_affirmation
from kmi import MAIN_ACT_ORDER, Label, Role

ANNOMI_SHA256 = "3b60fec5e9d83cbb18ade0e412fb9afaef3b81724748a5d715f844bdd7432c9f"
CLIENT_ACT_ORDER = (Label.CHANGE_TALK, Label.SUSTAIN_TALK, Label.NEUTRAL)
"""Tied votes and merged client turns take the first of these: leaning talk is rarer and says more."""
BACKCHANNEL_MAX_WORDS = 3
VARIANTS = ("full", "dialogue")
ROLES = {"therapist": Role.THERAPIST, "client": Role.CLIENT}

# Main behavior and subtype -> label. Options and negotiation stay General: they mix offers, agenda and
# housekeeping, and the KMI authors too left most of them under Other.
THERAPIST_CODES = {
    ("reflection", "simple"): Label.SIMPLE_REFLECTION,
    ("reflection", "complex"): Label.COMPLEX_REFLECTION,
    ("reflection", "n/a"): Label.SIMPLE_REFLECTION,  # a few votes name no subtype: the one that claims least
    ("question", "open"): Label.OPEN_QUESTION,
    ("question", "closed"): Label.CLOSED_QUESTION,
    ("question", "n/a"): Label.OPEN_QUESTION,
    ("therapist_input", "information"): Label.GIVE_INFORMATION,
    ("therapist_input", "advice"): Label.ADVISE,
    ("therapist_input", "options"): Label.GENERAL,
    ("therapist_input", "negotiation"): Label.GENERAL,
    ("therapist_input", "n/a"): Label.GENERAL,
    ("other", "n/a"): Label.GENERAL,
}
CLIENT_CODES = {"change": Label.CHANGE_TALK, "sustain": Label.SUSTAIN_TALK, "neutral": Label.NEUTRAL}
SUBTYPE_COLUMNS = {
    "reflection": "reflection_subtype",
    "question": "question_subtype",
    "therapist_input": "therapist_input_subtype",
}
COLUMNS = (
    "mi_quality",
    "transcript_id",
    "topic",
    "utterance_id",
    "interlocutor",
    "utterance_text",
    *SUBTYPE_COLUMNS.values(),
    "main_therapist_behaviour",
    "client_talk_type",
)


class CorpusError(ValueError):
    """The AnnoMI file cannot be read as coded sessions."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One coded turn of a history or session; `text` is empty where no text exists yet (plans)."""

    role: Role
    label: Label
    text: str = ""

    def __post_init__(self) -> None:
        if self.label.role is not self.role:
            raise ValueError(
                f"label {self.label.value!r} belongs to the {self.label.role}, not to the {self.role}; "
                f"correct the label or the role of the turn {self.text[:40]!r}"
            )


@dataclass(frozen=True, slots=True)
class Session:
    """One coded AnnoMI transcript."""

    transcript_id: int
    quality: str
    topic: str
    turns: tuple[Turn, ...]


def read_annomi(path: Path, *, check_sha256: bool = True) -> list[Session]:
    """Read AnnoMI-full.csv as coded sessions, in the order of the file.

    Args:
        path: The official CSV.
        check_sha256: Refuse a file that is not the pinned one; False only for small files made for tests.

    Returns:
        One session a transcript; all turns kept (variant `full`).

    Raises:
        CorpusError: If the file is missing, is another file, lacks a column, or holds an unknown code.
    """
    if not path.is_file():
        raise CorpusError(
            f"no AnnoMI file at {path}; run `python -m forecaster fetch --out {path}`, or give the path of "
            "AnnoMI-full.csv"
        )
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if check_sha256 and digest != ANNOMI_SHA256:
        raise CorpusError(
            f"{path} has sha256 {digest}, but the pinned AnnoMI-full.csv has {ANNOMI_SHA256}; "
            "delete it and run `python -m forecaster fetch`"
        )
    try:
        rows = list(csv.DictReader(content.decode("utf-8").splitlines(keepends=True)))
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path} is not UTF-8 (byte {error.start}); give the official AnnoMI-full.csv"
        ) from error
    return list(_sessions(rows, path))


def _sessions(rows: Sequence[dict[str, str]], path: Path) -> Iterator[Session]:
    if not rows:
        raise CorpusError(f"{path} holds no rows; give the official AnnoMI-full.csv")
    missing = [column for column in COLUMNS if column not in rows[0]]
    if missing:
        raise CorpusError(
            f"{path} lacks the column(s) {', '.join(missing)}; give the official AnnoMI-full.csv"
        )
    votes: dict[str, dict[int, list[tuple[int, dict[str, str]]]]] = {}
    for number, row in enumerate(rows, start=2):
        if None in row.values():
            raise CorpusError(f"{path}: row {number} is cut short; fetch the file again")
        try:
            utterance_id = int(row["utterance_id"])
            int(row["transcript_id"])
        except ValueError as error:
            raise CorpusError(f"{path}: row {number}: {error}; ids are whole numbers") from error
        votes.setdefault(row["transcript_id"], {}).setdefault(utterance_id, []).append((number, row))
    for transcript_id, utterances in votes.items():
        first = next(iter(utterances.values()))[0][1]
        turns = tuple(_turn(utterances[utterance_id], path) for utterance_id in sorted(utterances))
        yield Session(int(transcript_id), first["mi_quality"], first["topic"], turns)


def _turn(votes: Sequence[tuple[int, dict[str, str]]], path: Path) -> Turn:
    number, row = votes[0]
    role = ROLES.get(row["interlocutor"])
    if role is None:
        raise CorpusError(
            f"{path}: row {number}: interlocutor {row['interlocutor']!r} is unknown; "
            f"allowed: {', '.join(ROLES)}"
        )
    text = row["utterance_text"].strip()
    if role is Role.CLIENT:
        label = vote((_client_label(n, r, path) for n, r in votes), CLIENT_ACT_ORDER)
    else:
        label = _therapist_label(votes, path)
        if label is Label.GENERAL and is_affirmation(text):
            label = Label.AFFIRM
    return Turn(role, label, text)


def _client_label(number: int, row: dict[str, str], path: Path) -> Label:
    code = row["client_talk_type"]
    if code not in CLIENT_CODES:
        raise CorpusError(
            f"{path}: row {number}: client_talk_type {code!r} is unknown; allowed: {', '.join(CLIENT_CODES)}"
        )
    return CLIENT_CODES[code]


def _therapist_label(votes: Sequence[tuple[int, dict[str, str]]], path: Path) -> Label:
    """Vote on the main behavior, then on the subtype among those who chose it, as AnnoMI-simple does."""
    labels: list[tuple[str, Label]] = []
    for number, row in votes:
        main = row["main_therapist_behaviour"]
        subtype = row[SUBTYPE_COLUMNS[main]] if main in SUBTYPE_COLUMNS else "n/a"
        if (main, subtype) not in THERAPIST_CODES:
            allowed = ", ".join(f"{a}/{b}" for a, b in THERAPIST_CODES)
            raise CorpusError(f"{path}: row {number}: code {main}/{subtype} is unknown; allowed: {allowed}")
        labels.append((main, THERAPIST_CODES[main, subtype]))
    order = ("reflection", "question", "therapist_input", "other")
    main_counts = Counter(main for main, _ in labels)
    winner = max(order, key=lambda main: (main_counts[main], -order.index(main)))
    return vote((label for main, label in labels if main == winner), MAIN_ACT_ORDER)


def vote(labels: Iterable[Label], order: Sequence[Label]) -> Label:
    """Return the most frequent label; a tie goes to the one that stands first in `order`.

    Example:
        >>> vote([Label.NEUTRAL, Label.CHANGE_TALK], CLIENT_ACT_ORDER).value
        'Change Talk'
    """
    counts = Counter(labels)
    return max(counts, key=lambda label: (counts[label], -order.index(label)))


def drop_backchannels(session: Session) -> Session:
    """Drop therapist General and client turns of at most three words (variant `dialogue`).

    Text dialogues hold no "Mm-hmm"; in AnnoMI 85 % of Other is of that kind.

    Source:
        The variant `dialogue` on which this project measures label statistics of AnnoMI.
    """
    kept = tuple(
        turn
        for turn in session.turns
        if len(turn.text.split()) > BACKCHANNEL_MAX_WORDS
        or turn.label not in (*CLIENT_ACT_ORDER, Label.GENERAL)
    )
    return replace(session, turns=kept)


def merge_turns(session: Session) -> Session:
    """Make consecutive turns of one speaker one turn, so that the speakers alternate.

    The merged turn takes the first label of `kmi.MAIN_ACT_ORDER` (therapist) or of `CLIENT_ACT_ORDER`
    (client: change talk, else sustain talk, else neutral) that its parts bear.
    """
    merged: list[Turn] = []
    for turn in session.turns:
        if merged and merged[-1].role is turn.role:
            order = MAIN_ACT_ORDER if turn.role is Role.THERAPIST else CLIENT_ACT_ORDER
            label = min(merged[-1].label, turn.label, key=order.index)
            merged[-1] = Turn(turn.role, label, f"{merged[-1].text} {turn.text}")
        else:
            merged.append(turn)
    return replace(session, turns=tuple(merged))


def select_variant(sessions: Iterable[Session], variant: str, *, merge: bool = False) -> list[Session]:
    """Return the sessions in the variant `full` or `dialogue`, merged if asked.

    Raises:
        ValueError: If the variant is unknown.
    """
    if variant not in VARIANTS:
        raise ValueError(f"unknown variant {variant!r}; allowed: {', '.join(VARIANTS)}")
    chosen = [drop_backchannels(session) if variant == "dialogue" else session for session in sessions]
    return [merge_turns(session) if merge else session for session in chosen]
