"""What the lengths and question marks of a history say: the same numbers for Korean and for English text.

A Korean word (eojeol) carries more than an English one, so Korean word counts are scaled up before use.
Nothing else is read from the text, which is why a model of these features needs no translation.

Source:
    The factor 1.44 is the ratio of English to Korean word counts in parallel utterances of the KMI release.
"""

import re
from collections.abc import Sequence
from math import log, log1p

from forecaster.corpus import Turn
from forecaster.label_features import INDEX, N_CLIENT, N_OWN
from kmi import Label, Role

ENGLISH_WORDS_PER_KOREAN_WORD = 1.44
HANGUL = re.compile("[가-힣]")
WINDOW = 6
LENGTH_STEPS = (1, 2, 3, 5, 8, 12, 18, 26, 40, 60)
RECENT = 4
USUAL_LOG_LENGTH, LENGTH_STRENGTH = 2.0, 5.0
QUESTION_MARKS = ("?", "？")


def count_words(text: str) -> float:
    """Count the words of an utterance, in English words.

    Args:
        text: English, or Korean text (any Hangul syllable), whose count is scaled by 1.44.

    Returns:
        1 or more.

    Example:
        >>> count_words("I want to stop."), round(count_words("끊고 싶어요."), 2)
        (4.0, 2.88)
    """
    scale = ENGLISH_WORDS_PER_KOREAN_WORD if HANGUL.search(text) else 1.0
    return max(1.0, scale * len(text.split()))


def has_question_mark(text: str) -> bool:
    """Tell whether an utterance holds a question mark, half or full width."""
    return any(mark in text for mark in QUESTION_MARKS)


def text_features(history: Sequence[Turn]) -> list[float]:
    """Describe the lengths and question marks of a history.

    Args:
        history: All turns so far, oldest first; may be empty.

    Raises:
        ValueError: If a turn has no text.
    """
    for number, turn in enumerate(history, start=1):
        if not turn.text:
            raise ValueError(
                f"turn {number} of the history has no text, which this model reads; "
                "give the utterances, or use the model 'labels'"
            )
    words = [count_words(turn.text) for turn in history]
    lengths = [log(count) for count in words]
    asks = [has_question_mark(turn.text) for turn in history]
    own = [i for i, turn in enumerate(history) if turn.role is Role.THERAPIST]
    client = [i for i, turn in enumerate(history) if turn.role is Role.CLIENT]
    block = _window(lengths, asks)
    last = words[-1] if words else 0.0
    block += [float(last <= step) for step in LENGTH_STEPS]
    means = [_mean_length([lengths[i] for i in turns]) for turns in (own, client)]
    block += [*means, lengths[-1] - means[1] if lengths else 0.0]
    block += _by_label(history, lengths, own, client)
    block.append((sum(asks[i] for i in own) + 1) / (len(own) + 3))
    block.append((sum(asks[i] for i in client) + 0.2) / (len(client) + 2))
    for turns in (client, own):
        recent = [lengths[i] for i in turns[-RECENT:]] or [0.0]
        block += [sum(recent) / len(recent), max(recent), min(recent)]
    return [*block, log1p(_words_since_content(history, words))]


def _window(lengths: Sequence[float], asks: Sequence[bool]) -> list[float]:
    """Log length, its square and the question mark of the last turns, newest first."""
    block = []
    for age in range(1, WINDOW + 1):
        if age <= len(lengths):
            block += [lengths[-age], lengths[-age] ** 2, float(asks[-age])]
        else:
            block += [0.0, 0.0, 0.0]
    return block


def _mean_length(lengths: Sequence[float]) -> float:
    return (sum(lengths) + USUAL_LOG_LENGTH * LENGTH_STRENGTH) / (len(lengths) + LENGTH_STRENGTH)


def _by_label(
    history: Sequence[Turn], lengths: Sequence[float], own: Sequence[int], client: Sequence[int]
) -> list[float]:
    """Length of the last turn, placed by the labels before it, and length of the therapist's last turn."""
    after_own, after_client, of_own = [0.0] * N_OWN, [0.0] * N_CLIENT, [0.0] * N_OWN
    if own:
        place = INDEX[history[own[-1]].label]
        after_own[place], of_own[place] = lengths[-1], lengths[own[-1]]
    if client:
        after_client[INDEX[history[client[-1]].label] - N_OWN] = lengths[-1]
    return [*after_own, *after_client, *of_own]


def _words_since_content(history: Sequence[Turn], words: Sequence[float]) -> float:
    """Words of the client since the therapist last said more than a General turn."""
    total = 0.0
    for turn, count in zip(reversed(history), reversed(words), strict=True):
        if turn.role is Role.CLIENT:
            total += count
        elif turn.label is not Label.GENERAL:
            break
    return total
