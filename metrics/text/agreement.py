"""Instant agreement: client turns that begin with yes."""

import re
from itertools import pairwise

from kmi import REFLECTIONS, Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import Language, TextDialogue

AGREEMENTS = {
    Language.KOREAN: re.compile(
        r"(?:네|예|넵|응|맞아요|맞습니다|맞어요|맞아|그렇죠|그렇습니다|그럼요|그러게요|어 맞)(?![가-힣])"
    ),
    Language.ENGLISH: re.compile(
        r"(?:yes|yeah|yep|yup|right|exactly|absolutely|definitely|totally|sure|of course|true|i agree|"
        r"(?:that|you)['’]?(?:s| is|re| are) (?:right|true)|mm-?hmm|mhm|uh-?huh)\b",
        re.IGNORECASE,
    ),
}
"""Beginnings that agree and nothing else; 그래요 and okay also open other answers and are left out."""


def starts_with_agreement(text: str, language: Language) -> bool:
    """Tell whether a text begins by agreeing.

    Args:
        text: One client turn.
        language: Its language.

    Returns:
        True also for a turn that is the agreement alone.

    Example:
        >>> starts_with_agreement("네, 그래요.", Language.KOREAN)
        True
        >>> starts_with_agreement("네모난 방이에요.", Language.KOREAN)
        False
    """
    return bool(AGREEMENTS[language].match(text))


def agreeing_start_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of client turns that begin by agreeing.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Agreeing turns per client turn, 0 to 1; ``nan`` without a client turn.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> agreeing_start_share(dialogue("T Affirm: Well done.", "C: Yes.", "C: No."))
        0.5

    Source:
        Ours: simulated clients that agree with everything show no ambivalence. 193 early outputs of the KMI
        generator have .46.
    """
    turns = dialogue.turns_of(Role.CLIENT)
    return CountRatio(sum(starts_with_agreement(t.text, dialogue.language) for t in turns), len(turns))


def agreeing_start_after_reflection_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of client turns right after a reflection that begin by agreeing.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Agreeing turns per client turn that directly follows a reflection, 0 to 1; ``nan`` without one.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> agreeing_start_after_reflection_share(dialogue("T Simple Reflection: You tried.", "C: Right."))
        1.0

    Source:
        Ours, as `agreeing_start_share`. Some agreement is the mark of an accurate reflection (Miller and
        Rollnick, 2013), so the value is described, not judged.
    """
    answers = [
        starts_with_agreement(turn.text, dialogue.language)
        for before, turn in pairwise(dialogue.turns)
        if before.label in REFLECTIONS and turn.role is Role.CLIENT
    ]
    return CountRatio(sum(answers), len(answers))
