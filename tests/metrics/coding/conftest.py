"""A sentence encoder whose vectors follow from the text alone."""

import hashlib

import numpy as np
import pytest

from forecaster.encoder import N_DIMENSIONS


class FakeEncoder:
    def encode(self, texts, report=None):
        return [self._one(text) for text in texts]

    def _one(self, text):
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
        vector = np.random.RandomState(seed).standard_normal(N_DIMENSIONS)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def fake_encoder():
    return FakeEncoder()
