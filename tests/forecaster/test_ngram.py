import json
import random
from time import perf_counter

import pytest

from forecaster.corpus import Session, Turn
from forecaster.ngram import (
    WEIGHTS_PATH,
    NgramSettings,
    WeightsError,
    load_bigram_weights,
    load_ngram,
    prune,
    save_weights,
    train_ngram,
)
from kmi import CLIENT_LABELS, THERAPIST_LABELS, Label, Role

OQ, SR, CT, ST, N = (
    Label.OPEN_QUESTION,
    Label.SIMPLE_REFLECTION,
    Label.CHANGE_TALK,
    Label.SUSTAIN_TALK,
    Label.NEUTRAL,
)


def turns(*labels):
    return tuple(Turn(label.role, label) for label in labels)


# Therapist labels: OQ (start), SR (after CT), OQ (after SR, CT), SR (after N).
SESSIONS = [
    Session(1, "high", "", turns(OQ, CT, SR, CT, OQ, N, SR)),
]
PLAIN = NgramSettings(order=1, strength=8.0)


def test_unigram_equals_hand_count():
    model = train_ngram(SESSIONS, Role.THERAPIST, NgramSettings(order=0, strength=8.0))
    # 2 of 4 turns are OQ; 8 pseudo-counts spread over 8 labels: (2 + 1) / (4 + 8).
    forecast = model.predict_proba(turns(OQ, CT))
    assert forecast[OQ] == pytest.approx(3 / 12)
    assert forecast[Label.ADVISE] == pytest.approx(1 / 12)


def test_bigram_leans_on_the_unigram():
    model = train_ngram(SESSIONS, Role.THERAPIST, PLAIN)
    # After CT: SR once, OQ once. Unigram of both 3/12. (1 + 8 * 3/12) / (2 + 8) = 0.3; Advise: 8 * 1/12 / 10.
    forecast = model.predict_proba(turns(OQ, CT))
    assert forecast[SR] == pytest.approx(0.3)
    assert forecast[OQ] == pytest.approx(0.3)
    assert forecast[Label.ADVISE] == pytest.approx(8 / 120)


def test_unseen_context_falls_back_to_the_shorter_one():
    model = train_ngram(SESSIONS, Role.THERAPIST, PLAIN)
    assert model.predict_proba(turns(OQ, ST))[OQ] == pytest.approx(3 / 12)


def test_empty_history_forecasts_the_opening():
    model = train_ngram(SESSIONS, Role.THERAPIST, PLAIN)
    # At the start: OQ once. (1 + 8 * 3/12) / (1 + 8) = 1/3.
    assert model.predict_proba(())[OQ] == pytest.approx(1 / 3)


def test_cache_bends_toward_the_mix_of_the_session():
    settings = NgramSettings(order=0, strength=8.0, cache_strength=2.0, cache_exponent=1.0)
    model = train_ngram(SESSIONS, Role.THERAPIST, settings)
    # Corpus shares: OQ 2/4, SR 2/4, the rest half a turn: .5/4. The session so far: SR twice.
    # Ratio OQ: (0 + 2 * .5) / (2 + 2) / .5 = .5; SR: (2 + 1) / 4 / .5 = 1.5; else (2 * .125) / 4 / .125 = .5.
    # Estimates 3/12, 3/12 and six times 1/12; bent 1.5/12, 4.5/12, six times .5/12; sum 9/12.
    forecast = model.predict_proba(turns(SR, CT, SR, CT))
    assert forecast[SR] == pytest.approx(4.5 / 9)
    assert forecast[OQ] == pytest.approx(1.5 / 9)
    assert forecast[Label.ADVISE] == pytest.approx(0.5 / 9)


def test_client_model_forecasts_client_labels():
    model = train_ngram(SESSIONS, Role.CLIENT, PLAIN)
    # Client turns: CT, CT, N. After OQ: CT once, N once. Unigram CT (2 + 8/3) / 11 = 14/33.
    forecast = model.predict_proba(turns(OQ))
    assert tuple(forecast) == CLIENT_LABELS
    assert forecast[CT] == pytest.approx((1 + 8 * 14 / 33) / 10)


def test_probabilities_sum_to_one_in_the_order_of_the_contract():
    model = load_ngram(Role.THERAPIST)
    rng = random.Random(1)
    for length in range(12):
        history = [Turn(label.role, label) for label in rng.choices((OQ, CT, SR, N, ST), k=length)] + [
            Turn(Role.CLIENT, N)
        ]
        forecast = model.predict_proba(history)
        assert tuple(forecast) == THERAPIST_LABELS
        assert sum(forecast.values()) == pytest.approx(1.0)
        assert min(forecast.values()) > 0


def test_history_that_ends_with_the_speaker_to_come_is_refused():
    with pytest.raises(ValueError, match="ends with the Therapist"):
        load_ngram(Role.THERAPIST).predict_proba(turns(OQ, CT, SR))
    with pytest.raises(ValueError, match="ends with the Client"):
        load_ngram(Role.CLIENT).predict_proba(turns(OQ, CT))


def test_batch_equals_single_forecasts():
    model = load_ngram(Role.THERAPIST)
    histories = [(), turns(OQ, CT), turns(OQ, CT, SR, N)]
    assert model.predict_proba_batch(histories) == [model.predict_proba(history) for history in histories]


def test_training_on_nothing_is_refused():
    with pytest.raises(ValueError, match="no turn of the Therapist"):
        train_ngram([Session(1, "high", "", turns(N))], Role.THERAPIST)


@pytest.mark.parametrize("wrong", [{"order": -1}, {"strength": 0.0}, {"cache_exponent": 1.5}])
def test_settings_refuse_what_has_no_meaning(wrong):
    with pytest.raises(ValueError, match="allowed are"):
        NgramSettings(**{"order": 1, "strength": 8.0, **wrong})


def test_prune_keeps_the_unigram_and_frequent_contexts():
    model = prune(train_ngram(SESSIONS, Role.THERAPIST, PLAIN), 2)
    assert set(model.tables) == {"", "Change Talk"}


def test_weights_survive_writing_and_reading(tmp_path):
    model = train_ngram(SESSIONS, Role.THERAPIST)
    path = tmp_path / "weights.json"
    save_weights([model], {"data": "made up"}, {"Advise": {"Affirm": 0.5}}, path)
    assert load_ngram(Role.THERAPIST, path) == model
    assert load_bigram_weights(path) == {"Advise": {"Affirm": 0.5}}
    assert [file.name for file in tmp_path.iterdir()] == ["weights.json"]


def test_load_names_what_is_wrong_with_the_file(tmp_path):
    with pytest.raises(WeightsError, match="no weights at"):
        load_ngram(Role.THERAPIST, tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match="not JSON"):
        load_ngram(Role.THERAPIST, tmp_path / "broken.json")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    with pytest.raises(WeightsError, match="not of the format"):
        load_ngram(Role.THERAPIST, tmp_path / "other.json")


def test_load_refuses_weights_for_other_labels(tmp_path):
    content = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))
    content["models"]["Therapist"]["labels"][0] = "Confront"
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WeightsError, match="not made for the Therapist's labels"):
        load_ngram(Role.THERAPIST, path)


def test_shipped_weights_are_small_hold_no_text_and_load_fast():
    assert WEIGHTS_PATH.stat().st_size < 200_000
    load_ngram.cache_clear()
    start = perf_counter()
    model = load_ngram(Role.THERAPIST)
    assert perf_counter() - start < 0.3
    names = {"^", *(label.value for label in Label)}
    assert {part for context in model.tables if context for part in context.split("|")} <= names
