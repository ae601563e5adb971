"""Features of an utterance that mean the same in Korean and in English: sentence vectors, lengths, questions.

Labels are no features, since a dialogue to be coded has none.
"""

from collections.abc import Sequence
from math import log

import numpy as np

from forecaster.encoder import N_DIMENSIONS, SentenceEncoder
from forecaster.text_features import count_words, has_question_mark
from kmi import Role
from metrics.transcripts import Turn

QUESTION_ENDS = ("?", "？")
LONGEST_OPENING = 10
WINDOW = 8
"""Turns back in which a reflection may find what it reflects."""
PREVIOUS_WEIGHT = 0.5
N_SURFACE = 16
N_SIMILARITIES = 3
N_FEATURES = 2 * N_DIMENSIONS + N_SURFACE + N_SIMILARITIES


def utterance_features(turns: Sequence[Turn], role: Role, encoder: SentenceEncoder) -> np.ndarray:
    """Describe every turn of one speaker by itself and by the turns around it.

    Args:
        turns: The whole dialogue.
        role: Speaker whose turns are described.
        encoder: Sentence encoder, Korean and English in one space.

    Returns:
        float32, shape (n_turns of the speaker, `N_FEATURES`): the utterance's vector, half that of the other
        speaker's last turn, `N_SURFACE` figures of lengths, questions and position, and cosines with the
        other's last turn, with the nearest of the other's recent turns, and with the speaker's own last turn.
    """
    vectors = np.array(encoder.encode([turn.ko for turn in turns]), np.float32).reshape(-1, N_DIMENSIONS)
    rows = []
    for i, turn in enumerate(turns):
        if turn.role is not role:
            continue
        other = _last(turns, i, lambda speaker: speaker is not role)
        own = _last(turns, i, lambda speaker: speaker is role)
        recent = [j for j in range(max(0, i - WINDOW), i) if turns[j].role is not role]
        before = np.zeros(N_DIMENSIONS, np.float32) if other is None else vectors[other]
        similarities = (
            float(vectors[i] @ before),
            max((float(vectors[i] @ vectors[j]) for j in recent), default=0.0),
            0.0 if own is None else float(vectors[i] @ vectors[own]),
        )
        rows.append(
            np.concatenate([vectors[i], PREVIOUS_WEIGHT * before, surface_figures(turns, i), similarities])
        )
    return np.array(rows, np.float32).reshape(-1, N_FEATURES)


def surface_figures(turns: Sequence[Turn], i: int) -> list[float]:
    """Describe lengths, question marks and position of a turn; `N_SURFACE` figures.

    Args:
        turns: The whole dialogue.
        i: Place of the turn, from 0.
    """
    text, n = turns[i].ko, len(turns)
    previous = turns[i - 1] if i else None
    length = log(count_words(text))
    length_before = log(count_words(previous.ko)) if previous else 0.0
    asks, ends = float(has_question_mark(text)), float(text.endswith(QUESTION_ENDS))
    return [
        length,
        length**2,
        ends,
        asks,
        length * ends,
        length * asks,
        length_before,
        float(previous is not None and has_question_mark(previous.ko)),
        float(previous is not None and previous.role is turns[i].role),
        float(i == 0),
        float(i == 1),
        float(i == n - 1),
        float(i == n - 2),
        i / max(1, n - 1),
        min(i, LONGEST_OPENING) / LONGEST_OPENING,
        length - length_before,
    ]


def _last(turns: Sequence[Turn], i: int, is_wanted) -> int | None:
    return next((j for j in range(i - 1, -1, -1) if is_wanted(turns[j].role)), None)
