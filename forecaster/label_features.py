"""What the labels of a history say about the therapist's next label, as numbers.

Every block is a plain list of floats of fixed length; one history takes a tenth of a millisecond.
"""

from collections.abc import Sequence
from math import log, log1p

from forecaster.corpus import Turn
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label

ALL_LABELS = (*THERAPIST_LABELS, *CLIENT_LABELS)
INDEX = {label: number for number, label in enumerate(ALL_LABELS)}
N_OWN, N_CLIENT, N_ALL = len(THERAPIST_LABELS), len(CLIENT_LABELS), len(ALL_LABELS)
WINDOW = 6
"""Turns whose labels stand one by one, as many as the KMI paper's forecaster sees."""
MIX_STRENGTHS = (20.0, 5.0)
DECAYS = (0.6, 0.85)
DECAY_WINDOW = 40
LONG_AGO = 20
NONE_YET = 1
USUAL_SHARE = {
    Label.SIMPLE_REFLECTION: 0.145,
    Label.COMPLEX_REFLECTION: 0.14,
    Label.OPEN_QUESTION: 0.163,
    Label.CLOSED_QUESTION: 0.117,
    Label.AFFIRM: 0.03,
    Label.GIVE_INFORMATION: 0.07,
    Label.ADVISE: 0.015,
    Label.GENERAL: 0.32,
}
"""Rounded shares of AnnoMI-high: a session's own mix is drawn toward them while it is short."""


def label_features(history: Sequence[Turn]) -> list[float]:
    """Describe the labels of a history.

    Args:
        history: All turns so far, oldest first; may be empty.

    Returns:
        Last labels one by one, the session's own label mix, decayed counts, time since each label, position,
        and which label answered which.
    """
    numbers = [INDEX[turn.label] for turn in history]
    own = [number for number in numbers if number < N_OWN]
    client = [number - N_OWN for number in numbers if number >= N_OWN]
    return [
        *_window(numbers),
        *_mix(own, client),
        *_decayed(numbers),
        *_time_since(own),
        log1p(len(numbers)),
        float(len(own) == 0),
        float(len(own) == 1),
        float(len(own) == 2),
        min(len(numbers), LONG_AGO) / LONG_AGO,
        *_pairs(own, client),
    ]


def _window(numbers: Sequence[int]) -> list[float]:
    """Last labels, newest first; the place before the first turn is a label of its own."""
    width = N_ALL + NONE_YET
    block = [0.0] * (WINDOW * width)
    for age in range(WINDOW):
        block[age * width + (numbers[-1 - age] if age < len(numbers) else N_ALL)] = 1.0
    return block


def _mix(own: Sequence[int], client: Sequence[int]) -> list[float]:
    """Logarithm of the session's own mix over the usual mix, and the client's mix."""
    block = []
    counts = [own.count(number) for number in range(N_OWN)]
    for strength in MIX_STRENGTHS:
        for label, count in zip(THERAPIST_LABELS, counts, strict=True):
            usual = USUAL_SHARE[label]
            block.append(log((count + strength * usual) / (len(own) + strength) / usual))
    total = len(client) + 2.0 * N_CLIENT
    return block + [(client.count(number) + 2.0) / total for number in range(N_CLIENT)]


def _decayed(numbers: Sequence[int]) -> list[float]:
    block = []
    for decay in DECAYS:
        sums, weight = [0.0] * N_ALL, 1.0
        for number in reversed(numbers[-DECAY_WINDOW:]):
            sums[number] += weight
            weight *= decay
        block += sums
    return block


def _time_since(own: Sequence[int]) -> list[float]:
    """Logarithm of the therapist turns since each therapist label."""
    age = [LONG_AGO] * N_OWN
    for distance, number in enumerate(reversed(own[-LONG_AGO:])):
        age[number] = min(age[number], distance)
    return [log1p(distance) for distance in age]


def _pairs(own: Sequence[int], client: Sequence[int]) -> list[float]:
    """Last client label with the last therapist label, and the last two therapist labels."""
    width = N_OWN + NONE_YET
    last, before = (own[-1] if own else N_OWN), (own[-2] if len(own) > 1 else N_OWN)
    heard = client[-1] if client else N_CLIENT
    block = [0.0] * ((N_CLIENT + NONE_YET) * width + width * width)
    block[heard * width + last] = 1.0
    block[(N_CLIENT + NONE_YET) * width + last * width + before] = 1.0
    return block
