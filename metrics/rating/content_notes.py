"""Tells which kinds of risk a dialogue speaks of, so that a rater is told before reading it."""

import re
from collections.abc import Iterable

from kmi import Risk
from metrics.dialogues import Dialogue

WORDS = {
    Risk.SUICIDE_SELF_HARM: "자살|자해|죽고 싶|죽어 버리|사라지고 싶|suicid|self-harm|kill myself",
    Risk.ALCOHOL_DRUGS: "음주|술을|술이|술자리|소주|맥주|마약|약물|alcohol|drinking|drunk|drugs",
    Risk.VIOLENCE_ABUSE: "폭력|폭행|학대|성추행|성폭|때리|맞았|violen|abus|assault|beat me|hit me",
}
"""Words that call for a note. Ours, and wide: a note too many costs a click."""


def content_notes(dialogue: Dialogue, texts: Iterable[str]) -> tuple[Risk, ...]:
    """Tell what a rater should know before reading.

    The words are looked for in every dialogue, also where the source has a column `risk`: notes for the
    sources with such a column alone would tell a rater where a dialogue comes from.

    Args:
        dialogue: The dialogue; its `risk` counts if the source has one.
        texts: Its utterances as shown.

    Returns:
        Kinds of risk in the order of `kmi.Risk`, none of them `Risk.NONE`.

    Example:
        >>> from kmi import Label, Role
        >>> from metrics.dialogues import Utterance
        >>> hello = Utterance(role=Role.THERAPIST, label=Label.GENERAL)
        >>> content_notes(Dialogue(id="1", utterances=(hello,)), ["어제 소주 두 병을 마셨어요."])
        (<Risk.ALCOHOL_DRUGS: 'alcohol_drugs'>,)
    """
    whole = "\n".join(texts)
    return tuple(
        risk
        for risk, words in WORDS.items()
        if dialogue.risk is risk or re.search(words, whole, re.IGNORECASE)
    )
