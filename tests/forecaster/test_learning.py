from dataclasses import replace

import numpy as np
import pytest

from forecaster.recipes import RECIPES

pytest.importorskip("sklearn")
from sklearn.ensemble import HistGradientBoostingClassifier

from forecaster.feature_model import load_model, log_softmax, save_model
from forecaster.learning import UNCALIBRATED, fit_calibration, fit_model, make_examples, to_forest


def drawn_from(logs, random_seed=0):
    """Targets drawn from the probabilities: the truth is known."""
    draws = np.random.RandomState(random_seed).random_sample((len(logs), 1))
    return (np.exp(logs).cumsum(1) > draws).argmax(1)


def true_logs(n=20000, random_seed=3):
    return log_softmax(np.random.RandomState(random_seed).standard_normal((n, 8)))


@pytest.mark.parametrize("boldness", [0.7, 1.0, 2.0])
def test_calibration_finds_the_known_temperature(boldness):
    logs = true_logs()
    temperature, biases = fit_calibration(log_softmax(logs * boldness), drawn_from(logs))
    assert temperature == pytest.approx(boldness, rel=0.06)
    assert np.abs(biases).max() < 0.12


def test_calibration_finds_a_label_forecast_too_rarely():
    logs = true_logs()
    shifted = logs.copy()
    shifted[:, 4] -= 0.5
    _, biases = fit_calibration(log_softmax(shifted), drawn_from(logs))
    others = np.delete(np.array(biases), 4)
    assert biases[4] - others.mean() == pytest.approx(0.5, abs=0.12)


def test_forest_gives_the_probabilities_of_scikit_learn():
    rng = np.random.RandomState(1)
    rows = rng.standard_normal((400, 6)).astype(np.float32)
    targets = np.concatenate([np.arange(8), rng.randint(0, 8, 392)])
    model = HistGradientBoostingClassifier(max_iter=5, early_stopping=False).fit(rows, targets)
    ours = np.exp(log_softmax(to_forest(model).scores(rows)))
    assert ours == pytest.approx(model.predict_proba(rows), abs=1e-5)


def test_forest_leaves_a_label_never_seen_improbable():
    rng = np.random.RandomState(1)
    rows, targets = rng.standard_normal((300, 4)).astype(np.float32), rng.choice([0, 2, 5], 300)
    model = HistGradientBoostingClassifier(max_iter=3, early_stopping=False).fit(rows, targets)
    shares = np.exp(log_softmax(to_forest(model).scores(rows)))
    assert shares[:, [0, 2, 5]] == pytest.approx(model.predict_proba(rows), abs=1e-3)


def test_fitting_too_few_labels_is_refused(made_up_sessions):
    examples = make_examples(made_up_sessions(4), RECIPES["labels"])
    with pytest.raises(ValueError, match="hold 1 labels"):
        fit_model(replace(examples, targets=np.zeros_like(examples.targets)), RECIPES["labels"])


def test_examples_need_a_therapist():
    with pytest.raises(ValueError, match="no therapist turn"):
        make_examples([], RECIPES["labels"])


def test_saved_model_gives_the_same_probabilities(made_up_sessions, tmp_path, fake_encoder):
    recipe = replace(RECIPES["best"], n_boosts=3, n_components=4)
    examples = make_examples(made_up_sessions(12), recipe)
    model = fit_model(examples, recipe, 0, UNCALIBRATED)
    save_model(model, {"data": "made up"}, tmp_path / "m.safetensors")
    again = load_model(tmp_path / "m.safetensors")
    assert again.recipe == recipe
    assert again.predict_rows(examples.rows) == pytest.approx(model.predict_rows(examples.rows), abs=1e-5)
