"""Cues in the English surface of AnnoMI's transcripts: markers, modals, topics, and transcript habits.

They serve the model `best` on English transcripts alone; some of them, such as a dash where a speaker is cut
off, are habits of AnnoMI's transcribers and absent from Korean text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from forecaster.corpus import Turn
from kmi import Role

CLIENT_CUES = (
    r"^(?:yeah|yes|yep|yup|uh-huh|mm-hmm|mhm|mm|hmm|right|ok|okay|sure|exactly|absolutely|definitely|true|correct)\b",
    r"^(?:yeah|yes|yep)\b",
    r"^(?:mm|mhm|uh-huh|hmm|um-hum)",
    r"^(?:ok|okay)\b",
    r"^right\b",
    r"^(?:no|nope|not|nah)\b",
    r"^(?:so|and|but|or|because|well|i mean|like)\b",
    r"^i\b",
    r"^(?:um|uh|er|ah|oh)\b",
    r"^i (?:don't know|dunno|guess|think|mean)\b",
    r"\bi (?:don't|do not) know\b",
    r"\bi (?:guess|suppose)\b",
    r"\bi think\b",
    r"\bmaybe\b|\bprobably\b|\bmight\b",
    r"\bbut\b",
    r"\bbecause\b|\bcause\b|\bcuz\b",
    r"n't\b|\bnot\b|\bnever\b",
    r"\bwant\b|\bwould like\b|\bwish\b|\bhope\b",
    r"\bcan't\b|\bcouldn't\b|\bhard\b|\bdifficult\b",
    r"\bcan\b|\bcould\b",
    r"\bneed\b|\bhave to\b|\bshould\b|\bgot to\b|\bgotta\b",
    r"\btry(?:ing)?\b|\btried\b",
    r"\b(?:will|'ll|going to|gonna)\b",
    r"\bfeel(?:s|ing)?\b|\bfelt\b",
    r"\b(?:thank|thanks)\b",
    r"\byou\b",
    r"\bmy\b",
    r"\b(?:he|she|they|we)\b",
    r"\b(?:kids?|children|son|daughter|mom|dad|mother|father|wife|husband|parents?|family|friends?)\b",
    r"\b(?:good|great|better|nice|happy)\b",
    r"\b(?:bad|worse|worried|scared|stress\w*|sad|angry|upset)\b",
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty)\b",
    r"-\s*$",
    r"—|–|--",
    r"\.\.\.|…",
    r"[.]\s*$",
    r"!\s*$",
    r",\s*$",
    r"\?\s*$",
    r"^-|^\.\.\.|^(?-i:[a-z])",
    r"\[|\(",
    r"\bwhat\b|\bhow\b|\bwhy\b|\bdo you\b",
    r"\byou know\b",
    r"\blike\b",
    r"\breally\b|\bvery\b|\bso\b",
    r"\b(?:was|were|did|had|went|used to)\b",
    r"\b(?:drink\w*|alcohol|beer|wine|smok\w*|cigarettes?|weed|drugs?)\b",
    r"\b(?:doctor|medication|meds|pills?|insulin|diabetes|blood|weight|eat\w*|exercise)\b",
)
THERAPIST_CUES = (
    r"-\s*$",
    r"\?\s*$",
    r"^-|^\.\.\.|^(?-i:[a-z])",
    r"—|–|--",
    r"\.\.\.",
    r"^(?:mm|mhm|uh-huh|hmm)",
    r"^(?:yeah|yes)\b",
    r"^(?:ok|okay|all right|alright)\b",
    r"^right\b",
    r"^so\b",
    r"^(?:and|but)\b",
    r"^well\b",
    r"^i\b",
    r"^you\b",
    r"^(?:what|how|why|tell me)",
    r"^(?:do|does|did|is|are|was|were|have|has|can|could|would|will)\b",
    r"\byou\b",
    r"\bi\b",
    r"\b(?:feel|sounds? like|seems?)\b",
    r"\b(?:good|great|wonderful|appreciate|glad)\b",
    r"\b(?:okay|all right)\b.*\?",
    r"\bscale\b|\d",
    r",\s*$",
    r"[.]\s*$",
)
PATTERNS = {
    role: tuple(re.compile(cue, re.IGNORECASE) for cue in cues)
    for role, cues in ((Role.CLIENT, CLIENT_CUES), (Role.THERAPIST, THERAPIST_CUES))
}
BROKEN_OFF = re.compile(r"-\s*$|—|--")
WINDOW = 6


def surface_features(history: Sequence[Turn]) -> list[float]:
    """Describe the English surface of the client's last two turns, the therapist's last, and all dashes."""
    own = [turn.text for turn in history if turn.role is Role.THERAPIST]
    client = [turn.text for turn in history if turn.role is Role.CLIENT]
    recent = [float(bool(BROKEN_OFF.search(turn.text))) for turn in history[-WINDOW:]]
    n_broken = sum("-" in turn.text[-3:] for turn in history)
    n_asking = sum("?" in turn.text for turn in history)
    return [
        *cues(client[-1] if client else "", Role.CLIENT),
        *cues(own[-1] if own else "", Role.THERAPIST),
        *cues(client[-2] if len(client) > 1 else "", Role.CLIENT),
        *([0.0] * (WINDOW - len(recent)) + recent),
        n_broken / (len(history) + 3),
        n_asking / (len(history) + 3),
    ]


@lru_cache(maxsize=1 << 14)
def cues(text: str, role: Role) -> tuple[float, ...]:
    """Return 1 for each cue of the speaker that the utterance holds, else 0."""
    return tuple(float(bool(pattern.search(text))) for pattern in PATTERNS[role])
