import subprocess
import sys
import time
from pathlib import Path

import pytest

from forecaster import feature_model
from forecaster.corpus import Turn
from forecaster.feature_model import default_name, load_forecaster, load_model, weights_path
from forecaster.ngram import WeightsError
from forecaster.recipes import RECIPES
from forecaster.tensors import read_tensors, write_tensors
from kmi import THERAPIST_LABELS, Label, Role

ROOT = Path(__file__).parents[2]
ASK = Turn(Role.THERAPIST, Label.OPEN_QUESTION, "What brings you here?")
WISH = Turn(Role.CLIENT, Label.CHANGE_TALK, "I want to stop smoking, but it is hard.")


@pytest.mark.parametrize("name", RECIPES)
def test_shipped_model_gives_one_probability_a_label(name, fake_encoder):
    for forecast in load_forecaster(name).predict_proba_batch([[], [ASK, WISH], [WISH]]):
        assert list(forecast) == list(THERAPIST_LABELS)
        assert sum(forecast.values()) == pytest.approx(1, abs=1e-5)
        assert min(forecast.values()) > 0


@pytest.mark.parametrize("name", RECIPES)
def test_batch_gives_what_single_histories_give(name, fake_encoder):
    model = load_forecaster(name)
    histories = [[ASK, WISH], [], [ASK, WISH, ASK, WISH]]
    for history, forecast in zip(histories, model.predict_proba_batch(histories), strict=True):
        assert model.predict_proba(history) == pytest.approx(forecast, abs=1e-5)


@pytest.mark.parametrize("name", RECIPES)
def test_history_that_ends_with_the_therapist_is_refused(name, fake_encoder):
    with pytest.raises(ValueError, match="ends with the Therapist"):
        load_forecaster(name).predict_proba([ASK])


@pytest.mark.parametrize("name", RECIPES)
def test_shipped_weights_are_small_and_load_fast(name):
    path = weights_path(name)
    assert path.stat().st_size < 1_000_000
    start = time.perf_counter()
    load_model.__wrapped__(path)
    assert time.perf_counter() - start < 0.3


def test_labels_model_needs_no_text():
    forecast = load_forecaster("labels").predict_proba([Turn(Role.CLIENT, Label.NEUTRAL)])
    assert sum(forecast.values()) == pytest.approx(1, abs=1e-5)


def test_predicting_needs_neither_scikit_learn_nor_torch():
    code = (
        "import sys; from forecaster.feature_model import load_forecaster; "
        "load_forecaster('portable').predict_proba([]); "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'torch', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(("installed", "name"), [(True, "portable-vectors"), (False, "portable")])
def test_default_follows_the_encoder(installed, name, monkeypatch):
    monkeypatch.setattr(feature_model, "is_installed", lambda: installed)
    assert default_name() == name


def test_unknown_model_is_refused():
    with pytest.raises(WeightsError, match="allowed: labels, portable"):
        load_forecaster("gpt")


def test_weights_of_another_format_or_other_features_are_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    arrays, metadata = read_tensors(weights_path("labels"))
    write_tensors(arrays, {**metadata, "format": "other"}, path)
    with pytest.raises(WeightsError, match="not of the format"):
        load_model(path)
    short = tmp_path / "s.safetensors"
    write_tensors({**arrays, "linear.weights": arrays["linear.weights"][:-1]}, metadata, short)
    with pytest.raises(WeightsError, match="other features"):
        load_model(short)
    with pytest.raises(WeightsError, match="cannot read"):
        load_model(tmp_path / "none")
