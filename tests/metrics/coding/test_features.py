import numpy as np
import pytest

from forecaster.encoder import N_DIMENSIONS
from kmi import Role
from metrics.coding.features import (
    N_FEATURES,
    N_SURFACE,
    PREVIOUS_WEIGHT,
    surface_figures,
    utterance_features,
)
from metrics.transcripts import Turn

TURNS = (
    Turn(n=1, role=Role.THERAPIST, text_en="What brings you here today?"),
    Turn(n=2, role=Role.CLIENT, text_en="I drink too much."),
    Turn(n=3, role=Role.THERAPIST, text_en="You drink."),
    Turn(n=4, role=Role.THERAPIST, text_en="I drink too much."),
)


def test_features_hold_own_vector_the_others_and_cosines(fake_encoder):
    rows = utterance_features(TURNS, Role.THERAPIST, fake_encoder)
    assert rows.shape == (3, N_FEATURES)
    client, repeated = fake_encoder.encode([TURNS[1].ko, TURNS[3].ko])
    assert rows[2][:N_DIMENSIONS] == pytest.approx(repeated)
    assert rows[2][N_DIMENSIONS : 2 * N_DIMENSIONS] == pytest.approx(PREVIOUS_WEIGHT * client)
    assert rows[2][-3:-1] == pytest.approx([1.0, 1.0])  # it repeats the client word by word
    assert not rows[0][N_DIMENSIONS : 2 * N_DIMENSIONS].any() and not rows[0][-3:].any()


def test_features_of_a_silent_speaker_are_empty(fake_encoder):
    assert utterance_features(TURNS[:1], Role.CLIENT, fake_encoder).shape == (0, N_FEATURES)


def test_surface_figures_are_alike_in_both_languages():
    english = (Turn(n=1, role=Role.CLIENT, text_en="a b c d e f g h i j k l?"),)
    korean = (Turn(n=1, role=Role.CLIENT, text_ko="가 나 다 라 마 바 사 아?"),)
    first, second = surface_figures(english, 0), surface_figures(korean, 0)
    assert len(first) == N_SURFACE
    assert first == pytest.approx(second, abs=0.25)  # 12 English words are 8 Korean ones times 1.44
    assert np.isfinite(first).all()
