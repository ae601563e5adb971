"""The constraints that the KMI prompts put on the therapist, checked in the text."""

import re

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue

STOCK_WORDS = (
    *("첫걸음", "한 걸음", "첫 단계", "한 단계", "작은 변화", "시작점", "지지", "지원", "자원"),
    *("당신", "귀하", "여러분", "매우"),
)
"""Source: prompts of the KMI generator (github.com/yjch00/CounselChat), described by Kim et al. (2025)."""
STOCK = re.compile("|".join(STOCK_WORDS))
PRAISE = re.compile("(?<![가-힣])(?:의지|노력)")
MAX_SENTENCES = 2
_SENTENCE_END = re.compile(r"(?<=[.?!…])[\"”’']?\s+")


def stock_word_turn_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns with a word that the paper's prompts forbid.

    Args:
        dialogue: One Korean dialogue with words.

    Returns:
        Turns that hold one of `STOCK_WORDS`, per therapist turn, 0 to 1; ``nan`` without a therapist turn. A
        word with another sense (입사 지원, 자원봉사) counts too: the list is applied as the prompts give it.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> stock_word_turn_share(dialogue("T Affirm: 중요한 첫걸음이에요.", language=Language.KOREAN))
        1.0

    Source:
        Kim et al. (2025), section 3, and the prompts in their repository. Of 285 early outputs 3.3 % of the
        turns break it; of 193 of them, by this function, 3.1 %.
    """
    turns = dialogue.turns_of(Role.THERAPIST)
    return CountRatio(sum(bool(STOCK.search(turn.text)) for turn in turns), len(turns))


def constraint_break_turn_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns that break a constraint of the paper: word, line or length.

    Args:
        dialogue: One Korean dialogue with words.

    Returns:
        Turns with a stock word, a line break or more than two sentences, per therapist turn, 0 to 1; ``nan``
        without a therapist turn. How the client is addressed is not checked: the paper asks for 내담자님,
        this dataset for the client's name.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> constraint_break_turn_share(dialogue("T General: 네. 네. 그래요.", language=Language.KOREAN))
        1.0

    Source:
        Kim et al. (2025), section 3: one or two sentences, no line break, a list of words not to use.
    """
    turns = dialogue.turns_of(Role.THERAPIST)
    return CountRatio(sum(_is_broken(turn.text) for turn in turns), len(turns))


def praise_formula_turn_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns that speak of the client's will or effort (의지, 노력).

    Args:
        dialogue: One Korean dialogue with words.

    Returns:
        Such turns per therapist turn, 0 to 1; ``nan`` without a therapist turn.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> praise_formula_turn_share(dialogue("T Affirm: 노력이 대단하세요.", language=Language.KOREAN))
        1.0

    Source:
        Ours: praise by formula is no affirmation of this client (Miller and Rollnick, 2013). Of 285 early
        outputs of the KMI generator 9 % of the turns.
    """
    turns = dialogue.turns_of(Role.THERAPIST)
    return CountRatio(sum(bool(PRAISE.search(turn.text)) for turn in turns), len(turns))


def _is_broken(text: str) -> bool:
    n_sentences = sum(bool(part) for part in _SENTENCE_END.split(text))
    return bool(STOCK.search(text)) or "\n" in text or n_sentences > MAX_SENTENCES
