"""English words, by regular expression: enough for overlaps and repetitions, and without a library."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from metrics.text.words import Words

_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)*")
_SUFFIX = re.compile(r"(?:ings?|ed|ly|es|s|e)$")
_FUNCTION_WORDS = """
a an the this that these those it its i me my mine myself you your yours yourself he him his she her hers
we us our ours they them their theirs who whom whose which what when where why how there here am is are
was were be been being do does did done doing have has had having will would shall should can could may
might must ought ca wo to of in on at by for with from into onto about over under up down out off as than
then so and or but nor if because while though although until unless not no very too also just only
really quite some any each every all both more most much many few such own same other another again ever
um uh er oh hmm mm mhm huh well okay ok like know mean sort kind guess going gonna get got go let now
thing things
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words without a topic of their own: articles, pronouns, auxiliaries, prepositions, fillers."""


def analyze(texts: Sequence[str]) -> Iterator[Words]:
    """Split English texts into words.

    Args:
        texts: Any number of texts; an empty one has no words.

    Yields:
        Words of each text, in order. Contractions are one token and count as function words if their first
        part is one; stems are cut by `stem`.

    Example:
        >>> words = next(analyze(["I'm trying to stop smoking."]))
        >>> words.tokens, words.content
        (("i'm", 'trying', 'to', 'stop', 'smoking'), ('try', 'stop', 'smok'))
    """
    for text in texts:
        tokens = tuple(_WORD.findall(text.lower()))
        yield Words(tokens=tokens, content=tuple(stem(token) for token in tokens if _bears_meaning(token)))


def _bears_meaning(token: str) -> bool:
    return re.split("(?:n)?['’]", token)[0] not in FUNCTION_WORDS


@cache
def stem(word: str) -> str:
    """Cut the ending of inflection, so that forms of one word are mostly alike.

    Args:
        word: Word in lower case.

    Returns:
        The word without -ing, -ed, -ly, -es, -s or -e and without a doubled consonant, if three letters stay.

    Example:
        >>> [stem(word) for word in ("stopped", "stops", "stop", "hoping", "hope", "bus")]
        ['stop', 'stop', 'stop', 'hop', 'hop', 'bus']

    Source:
        Porter (1980), An algorithm for suffix stripping, steps 1a and 1b, without its conditions on measure.
    """
    stripped = _SUFFIX.sub("", word.partition("'")[0].partition("’")[0])
    if len(stripped) < 3:
        return word
    if stripped[-1] == stripped[-2] and stripped[-1] not in "lsz" and len(stripped) > 3:
        return stripped[:-1]
    return stripped
