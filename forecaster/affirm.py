"""A rule that finds affirmations among AnnoMI's `other` turns, which AnnoMI does not code apart.

Source:
    Definition after MITI 4.2.1, Affirm: something positive about the client's strengths, efforts, intentions
    or worth. The rule is ours; it copies no labels of the KMI authors, who used an external classifier.
"""

import re

_POSITIVE = (
    r"great|good|wonderful|fantastic|excellent|terrific|awesome|amazing|brilliant|impressive|encouraging|perfect|"
    r"nice|cool|lovely|commendable|admirable|brave|courageous"
)
_PATTERNS = (
    rf"\b(that|it|this)('s|’s| is| was| sounds?| would be|'d be| must have been| must've been)\b"
    rf"[^.?!]{{0,30}}\b({_POSITIVE})\b",
    rf"\bsounds? (like )?(an? )?((really|very|pretty) )?({_POSITIVE})\b",
    rf"^((oh|okay|ok|yeah|yes|well|wow|right|all right|alright|so|and)[,.!?]* ?)*"
    rf"(that )?({_POSITIVE})\b[\s.,!-]*"
    rf"((okay|ok|yeah|all right|for you|job|work|start|idea|decision|step|question|point|plan)\b[\s.,!]*)*$",
    r"\bgood (for you|job|work|on you)\b",
    r"\bwell done\b|\bcongratulations\b|\bkudos\b|\bway to go\b",
    r"\bi('m| am)? ?(really |just |do |so |very )*(appreciate|applaud|admire|respect|commend)\b",
    r"\bi('m| am) (really |so |very )*(glad|happy|proud|impressed|delighted)\b",
    r"\bproud of you\b|\bgive you (a lot of |some |uh,? )?credit\b",
    r"\b(thanks|thank you)( so much| very much| again)?,? (for|to you for) "
    r"(coming|being|sharing|talking|telling|taking|your)\b",
    r"\byou('ve| have|'re| are|’re|’ve)? ?(\w+ )?"
    r"(done|did|doing|made|making|taken|taking|got|have|showing|shown) [^.?!]{0,30}"
    rf"\b({_POSITIVE}|well|effort|progress|strength|strong|step forward|step)\b",
)
_AFFIRMATION = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_NOT_ABOUT_THE_CLIENT = re.compile(
    r"\b(good|great) (question|morning|afternoon|evening)\b|\?\s*$", re.IGNORECASE
)


def is_affirmation(text: str) -> bool:
    """Tell whether a therapist turn that AnnoMI codes as `other` is a positive evaluation of the client.

    Args:
        text: English utterance.

    Returns:
        True for short praise ("That's great."), appreciation ("I appreciate your honesty"), thanks for coming
        or sharing, and credit for an effort or step; False for greetings, questions and bare agreement
        ("Sure").

    Example:
        >>> is_affirmation("Good for you."), is_affirmation("Okay, good morning."), is_affirmation("Mm-hmm.")
        (True, False, False)
    """
    return bool(_AFFIRMATION.search(text)) and not _NOT_ABOUT_THE_CLIENT.search(text)
