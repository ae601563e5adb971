"""Korean words, by the morphological analyzer Kiwi; the only module of the metrics that needs it.

Source:
    Lee (2024), Kiwi: Developing a Korean Morphological Analyzer Based on Statistical Language Models and
    Skip-Bigram, Korean Journal of Digital Humanities 1(1); tags of the Sejong corpus.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from metrics.text.words import Words

NOUN_TAGS = frozenset(("NNG", "NNP"))
CONTENT_TAGS = NOUN_TAGS | {"VV", "VA", "XR"}
SPOKEN_SYMBOL_TAGS = frozenset(("SL", "SN"))
"""Words in Latin letters and numbers; other symbols are not said."""


def is_installed() -> bool:
    """Tell whether Korean can be analyzed."""
    return find_spec("kiwipiepy") is not None


def analyze(texts: Sequence[str]) -> Iterator[Words]:
    """Split Korean texts into morphemes, on all cores at once.

    Args:
        texts: Any number of texts; an empty one has no words.

    Yields:
        Words of each text, in order; irregular stems and their regular twins are the same (no tag suffix).

    Raises:
        ImportError: If kiwipiepy is not installed.

    Example:
        >>> next(analyze(["버스를 못 타겠어요."])).content
        ('버스', '타')
    """
    for morphemes in _kiwi().tokenize(iter(texts)):
        forms = [morpheme.form for morpheme in morphemes]
        yield _words(forms, [morpheme.tag.partition("-")[0] for morpheme in morphemes])


def _words(forms: list[str], tags: list[str]) -> Words:
    tagged = list(zip(forms, tags, strict=True))
    return Words(
        tokens=tuple([form.lower() for form, tag in tagged if tag[0] != "S" or tag in SPOKEN_SYMBOL_TAGS]),
        content=tuple([form for form, tag in tagged if tag in CONTENT_TAGS]),
        nouns=tuple([form for form, tag in tagged if tag in NOUN_TAGS]),
        forms=tuple(forms),
        tags=tuple(map(sys.intern, tags)),
    )


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=os.cpu_count() or 1)
