"""Formulas: dialogues that open alike, turns that end alike, phrases that come back in many dialogues.

The metrics that compare dialogues take a whole collection and give one value a dialogue: 1 where it has the
commonest form, so that their mean is the share and its interval that of any other mean.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from kmi import Role
from metrics.count_ratio import CountRatio
from metrics.text.analysis import TextDialogue

GUNYO = re.compile(r"군요[^가-힣]*$")
PHRASE_WORDS = 3
_EDGES = ".,!?…~\"'”’“‘"


def _stripped(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.strip(_EDGES).lower() for word in words)


def common_opening_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Tell which dialogues open with the commonest two words; the mean is the largest share of one opening.

    Args:
        dialogues: The collection, shape (n_dialogues,).

    Returns:
        1 or 0 for each dialogue, shape (n_dialogues,); punctuation and case don't count.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a, b = dialogue("T General: Hello, how are you?"), dialogue("T General: What brings you here?")
        >>> common_opening_share([a, b, a, a])
        [1.0, 0.0, 1.0, 1.0]

    Source:
        Ours. Of 193 early outputs of the KMI generator .52 open with "안녕하세요, 최근에".
    """
    openings = [_stripped(dialogue.turns[0].text.split()[:2]) for dialogue in dialogues]
    commonest = Counter(openings).most_common(1)[0][0]
    return [CountRatio(int(opening == commonest), 1) for opening in openings]


def common_ending_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Give the share of a dialogue's therapist turns that end as most do: last two syllables, or last word.

    Args:
        dialogues: The collection, shape (n_dialogues,); its commonest ending is sought over all of them.

    Returns:
        Turns with that ending per therapist turn, 0 to 1, shape (n_dialogues,). Korean endings are the last
        two syllables (~군요, ~네요), English ones the last word.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Simple Reflection: You tried it.", "C: Mm.", "T Affirm: You did it!")
        >>> common_ending_share([a, dialogue("T General: Okay.")])
        [1.0, 0.0]

    Source:
        Ours. In 193 early outputs of the KMI generator the commonest is ~군요.
    """
    endings = [[_ending(turn.text) for turn in d.turns_of(Role.THERAPIST)] for d in dialogues]
    commonest = Counter(ending for found in endings for ending in found if ending).most_common(1)
    wanted = commonest[0][0] if commonest else None
    return [CountRatio(found.count(wanted), len(found)) for found in endings]


def _ending(text: str) -> str:
    last = _stripped(text.split()[-1:])
    word = last[0] if last else ""
    return word[-2:] if re.search("[가-힣]$", word) else word


def gunyo_ending_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns that end in ~군요.

    Args:
        dialogue: One Korean dialogue with words.

    Returns:
        Such turns per therapist turn, 0 to 1; ``nan`` without a therapist turn.

    Example:
        >>> from metrics.text.analysis import Language
        >>> from metrics.text.examples import dialogue
        >>> gunyo_ending_share(dialogue("T Simple Reflection: 힘드셨군요.", language=Language.KOREAN))
        1.0

    Source:
        Ours: ~군요 is the formula of reflection of models that write Korean; .37 of the turns of 193 early
        outputs of the KMI generator (.38 of 285).
    """
    turns = dialogue.turns_of(Role.THERAPIST)
    return CountRatio(sum(bool(GUNYO.search(turn.text)) for turn in turns), len(turns))


def common_phrase_share(dialogues: Sequence[TextDialogue]) -> list[CountRatio]:
    """Tell in which dialogues the therapist says the phrase that comes back in most of them.

    Args:
        dialogues: The collection, shape (n_dialogues,).

    Returns:
        1 or 0 for each dialogue, shape (n_dialogues,): whether a therapist turn holds the three words in a
        row that most dialogues hold. See `common_phrases`.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Open Question: Tell me more about it.")
        >>> common_phrase_share([a, a, dialogue("T Affirm: You did well.")])
        [1.0, 1.0, 0.0]

    Source:
        Ours, after the stock phrases that readers of generated sessions notice.
    """
    phrases = [_phrases(dialogue) for dialogue in dialogues]
    commonest = _count(phrases).most_common(1)
    wanted = commonest[0][0] if commonest else None
    return [CountRatio(int(wanted in found), 1) for found in phrases]


def common_phrases(dialogues: Sequence[TextDialogue], n: int = 10) -> list[tuple[str, float]]:
    """List the therapist's phrases of three words that come back in most dialogues.

    Args:
        dialogues: The collection, shape (n_dialogues,), at least one.
        n: How many phrases at most.

    Returns:
        Phrases with the share of dialogues that hold them, 0 to 1, commonest first; those of one dialogue
        alone are left out.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> a = dialogue("T Open Question: Tell me more.")
        >>> common_phrases([a, a])
        [('tell me more', 1.0)]
    """
    counts = _count([_phrases(dialogue) for dialogue in dialogues])
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:n]
    return [(" ".join(phrase), count / len(dialogues)) for phrase, count in ranked if count > 1]


def _phrases(dialogue: TextDialogue) -> set[tuple[str, ...]]:
    turns = [_stripped(turn.text.split()) for turn in dialogue.turns_of(Role.THERAPIST)]
    return {
        words[start : start + PHRASE_WORDS]
        for words in turns
        for start in range(len(words) - PHRASE_WORDS + 1)
    }


def _count(phrases: Iterable[set[tuple[str, ...]]]) -> Counter[tuple[str, ...]]:
    return Counter(phrase for found in phrases for phrase in sorted(found))


def repeated_start_share(dialogue: TextDialogue) -> CountRatio:
    """Give the share of therapist turns that begin with two words with which an earlier one began.

    Args:
        dialogue: One dialogue with words.

    Returns:
        Such turns per therapist turn after the first, 0 to 1; ``nan`` with fewer than two therapist turns.

    Example:
        >>> from metrics.text.examples import dialogue
        >>> turns = ("T Affirm: You did well.", "T Affirm: You did it again!", "T General: Okay.")
        >>> repeated_start_share(dialogue(*turns))
        0.5

    Source:
        Ours: a formula within one session ("It sounds like", "내담자님은 지금").
    """
    starts = [_stripped(turn.text.split()[:2]) for turn in dialogue.turns_of(Role.THERAPIST)]
    return CountRatio(len(starts) - len(set(starts)), max(0, len(starts) - 1))
