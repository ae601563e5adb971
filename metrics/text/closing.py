"""Does a session come to a close: a summary, a next step, thanks or goodbye?"""

import re

from kmi import Role, Sublabel
from metrics.count_ratio import CountRatio
from metrics.text.analysis import Language, TextDialogue

CLOSING_TURNS = 2
"""Last therapist turns in which a closing is sought."""
CLOSING_SUBLABELS = (Sublabel.CLOSING, Sublabel.SUMMARY, Sublabel.KEY_QUESTION, Sublabel.PLANNING)
CLOSINGS = {
    Language.KOREAN: re.compile(
        r"다음 ?(?:주|시간|번|달|상담|회기|만남)|오늘은? (?:여기까지|이만)|마무리"
        r"|뵙겠|뵐게|봬요|살펴 가|안녕히|가세요[.!~]*$"
        r"|조심(?:해서|히) 가|감사(?:합니다|해요|드[려립])|고맙습니다|고마워요|정리(?:하자면|해 보면)"
    ),
    Language.ENGLISH: re.compile(
        r"\bnext (?:week|time|session|visit|month|appointment)|\bsee you\b|\btake care\b|\bthank(?:s| you)\b"
        r"|\bgood ?bye\b|\b(?:stop|leave it|end) (?:here|there)\b|\bwrap(?:ping)? up\b|\btime(?:'s| is) up\b"
        r"|\bto sum(?:marize| up)\b|\blet me sum",
        re.IGNORECASE,
    ),
}


def closing_share(dialogue: TextDialogue) -> CountRatio:
    """Tell whether a session ends with a closing, a summary or a next step.

    Args:
        dialogue: One dialogue with words.

    Returns:
        1 if one of the last two therapist turns says so (`CLOSINGS`: next time, thanks, goodbye, summing up)
        or has a sublabel of `CLOSING_SUBLABELS`, else 0; ``nan`` without a therapist turn. A turn has one
        label, and a farewell often stands behind an affirmation: so the words count too.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> closing_share(dialogue("T Affirm: You found a plan. See you on Friday."))
        1.0

    Source:
        Miller and Rollnick (2013), Motivational Interviewing: summary, key question and plan lead out. Of 285
        early outputs of the KMI generator .01 close.
    """
    last = dialogue.turns_of(Role.THERAPIST)[-CLOSING_TURNS:]
    closes = any(
        turn.sublabel in CLOSING_SUBLABELS or CLOSINGS[dialogue.language].search(turn.text) for turn in last
    )
    return CountRatio(int(closes), int(bool(last)))
