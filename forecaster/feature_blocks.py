"""Turns histories into rows of numbers, block by block."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from forecaster.corpus import Turn
from forecaster.encoder import N_DIMENSIONS, SentenceEncoder, last_texts, load_encoder
from forecaster.label_features import label_features
from forecaster.recipes import VECTOR_BLOCKS, Recipe
from forecaster.surface_features import surface_features
from forecaster.text_features import text_features
from kmi import Role

History = Sequence[Turn]
SPEAKER = {"client vector": Role.CLIENT, "therapist vector": Role.THERAPIST}
FEATURES: dict[str, Callable[[History], list[float]]] = {
    "labels": label_features,
    "text": text_features,
    "surface": surface_features,
}


@lru_cache(maxsize=16)
def block_width(block: str) -> int:
    """Return the number of columns of a block."""
    if block in VECTOR_BLOCKS:
        return N_DIMENSIONS
    return 4 if block == "similarity" else len(FEATURES[block](()))


def featurize(
    histories: Sequence[History], recipe: Recipe, encoder: SentenceEncoder | None = None
) -> np.ndarray:
    """Describe each history by the blocks of a recipe.

    Args:
        histories: One sequence of turns each; only what is in it is read.
        recipe: Names the blocks.
        encoder: Sentence encoder; None loads it where the recipe needs one.

    Returns:
        float32, shape (n_histories, sum of block widths), blocks in the recipe's order.

    Raises:
        ValueError: If a turn has no text that the recipe reads.
        EncoderMissingError: If the recipe needs the encoder and it is not installed.
    """
    if recipe.needs_encoder:
        encoder = encoder or load_encoder()
        _encode_all(histories, recipe, encoder)
    columns = []
    for block in recipe.blocks:
        if block in FEATURES:
            rows = [FEATURES[block](history) for history in histories]
        elif block == "similarity":
            rows = [_similarities(history, encoder) for history in histories]
        else:
            texts = [last_texts(history, SPEAKER[block], 1)[0] for history in histories]
            rows = encoder.encode(texts)
        columns.append(np.asarray(rows, np.float32).reshape(len(histories), block_width(block)))
    return np.concatenate(columns, axis=1)


def _encode_all(histories: Sequence[History], recipe: Recipe, encoder: SentenceEncoder) -> None:
    """Encode what the blocks will ask for in one pass; the encoder keeps it."""
    n = 2 if "similarity" in recipe.blocks else 1
    roles = tuple(Role) if n == 2 else tuple(SPEAKER[block] for block in recipe.vector_blocks)
    encoder.encode([text for history in histories for role in roles for text in last_texts(history, role, n)])


def _similarities(history: History, encoder: SentenceEncoder) -> list[float]:
    """Cosines: client's last turn with the turn it answers, each speaker's last two, and the reply before."""
    client, client_before, own, own_before = encoder.encode(
        [*last_texts(history, Role.CLIENT, 2), *last_texts(history, Role.THERAPIST, 2)]
    )
    pairs = ((client, own), (client, client_before), (own, client_before), (own, own_before))
    return [float(first @ second) for first, second in pairs]
