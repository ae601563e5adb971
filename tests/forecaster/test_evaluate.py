import json
import random
from dataclasses import replace
from math import log

import pytest

from forecaster import evaluate
from forecaster.corpus import CorpusError, Session, Turn
from forecaster.evaluate import (
    evaluate_ngram,
    fold_sessions,
    forecast_held_out,
    score_forecasts,
    with_authors_labels,
)
from forecaster.ngram import train_ngram
from kmi import THERAPIST_LABELS, Label, Role

OQ, SR, GI = Label.OPEN_QUESTION, Label.SIMPLE_REFLECTION, Label.GIVE_INFORMATION


def forecast(**shares):
    names = {"oq": OQ, "sr": SR, "gi": GI}
    rest = (1 - sum(shares.values())) / (len(THERAPIST_LABELS) - len(shares))
    given = {names[name]: share for name, share in shares.items()}
    return {label: given.get(label, rest) for label in THERAPIST_LABELS}


def made_up_sessions(n=10, seed=1):
    rng = random.Random(seed)
    sessions = []
    for number in range(n):
        turns = []
        for _ in range(8):
            turns.append(
                Turn(Role.THERAPIST, rng.choice(THERAPIST_LABELS), "some words that are long enough")
            )
            turns.append(Turn(Role.CLIENT, Label.NEUTRAL, "some words that are long enough"))
        sessions.append(Session(number, "high", "", tuple(turns)))
    return sessions


def test_scores_equal_hand_counts():
    # Top labels: OQ (right, .5), OQ (wrong, .5; SR is second), OQ (wrong, .6; Give Information is last).
    forecasts = [forecast(oq=0.5, sr=0.2), forecast(oq=0.5, sr=0.2), forecast(oq=0.6, sr=0.2, gi=0.01)]
    scores = score_forecasts(forecasts, [OQ, SR, GI])
    assert scores["accuracy"] == pytest.approx(1 / 3)
    assert scores["top3_accuracy"] == pytest.approx(2 / 3)
    # F1 of OQ: 2 * 1 / (3 + 1) = .5, of the other seven 0.
    assert scores["macro_f1"] == pytest.approx(0.5 / 8)
    assert scores["log_loss"] == pytest.approx(-(log(0.5) + log(0.2) + log(0.01)) / 3)
    # Bin of .5: |1 - 2 * .5| = 0; bin of .6: |0 - .6|.
    assert scores["ece"] == pytest.approx(0.6 / 3)


def test_scoring_nothing_is_refused():
    with pytest.raises(ValueError, match="no therapist turn"):
        score_forecasts([], [])


def test_folds_hold_every_session_once():
    folds = fold_sessions(13)
    assert sorted(index for fold in folds for index in fold) == list(range(13))
    assert sorted(map(len, folds)) == [2, 2, 3, 3, 3]


def test_evaluation_never_trains_on_the_session_it_scores(monkeypatch):
    trained = []

    def spy(sessions, role):
        trained.append({session.transcript_id for session in sessions})
        return train_ngram(sessions, role)

    monkeypatch.setattr(evaluate, "train_ngram", spy)
    evaluate_ngram(made_up_sessions())
    held_out = [set(range(10)) - ids for ids in trained]
    assert sorted(index for ids in held_out for index in ids) == list(range(10))


def test_shuffling_the_future_changes_no_forecast():
    sessions = made_up_sessions()
    before = forecast_held_out(sessions)
    rng = random.Random(2)
    for number, session in enumerate(sessions):
        past, future = session.turns[:8], list(session.turns[8:])
        rng.shuffle(future)
        changed = [*sessions]
        changed[number] = replace(session, turns=(*past, *future))
        assert forecast_held_out(changed)[number][:4] == before[number][:4]
        assert forecast_held_out(changed)[number] != before[number]


def test_calibration_is_near_zero_where_the_truth_is_known():
    """Sessions drawn from a fixed label distribution: a calibrated model's confidence equals its accuracy."""
    rng = random.Random(4)
    weights = (0.45, 0.05, 0.3, 0.05, 0.05, 0.04, 0.03, 0.03)
    sessions = [
        replace(
            session,
            turns=tuple(
                Turn(Role.THERAPIST, rng.choices(THERAPIST_LABELS, weights)[0], "x " * 9)
                if turn.role is Role.THERAPIST
                else turn
                for turn in session.turns
            ),
        )
        for session in made_up_sessions(250)
    ]
    scores = evaluate_ngram(sessions)
    assert scores["accuracy"] == pytest.approx(0.45, abs=0.03)
    assert scores["ece"] < 0.06  # the cache follows chance differences between sessions a little


def test_too_few_sessions_are_refused():
    with pytest.raises(ValueError, match="too few"):
        evaluate_ngram(made_up_sessions(3))


def test_authors_labels_replace_the_therapists_and_keep_our_clients(tmp_path):
    ours = Session(
        3,
        "high",
        "",
        (
            Turn(Role.THERAPIST, OQ, "Why?"),
            Turn(Role.CLIENT, Label.SUSTAIN_TALK, "I like it."),
        ),
    )
    path = tmp_path / "authors.json"
    dialogue = [
        {"speaker": "therapist", "utterance": "Why?", "label": "Other"},
        {"speaker": "client", "utterance": "I like it.", "label": "Not Change"},
        {"speaker": "client", "utterance": "I will stop.", "label": "Change"},
    ]
    path.write_text(json.dumps([{"dialogue_id": 3, "dialogue": dialogue}]), encoding="utf-8")
    [session] = with_authors_labels([ours], path)
    assert [turn.label for turn in session.turns] == [Label.GENERAL, Label.SUSTAIN_TALK, Label.CHANGE_TALK]


def test_authors_labels_of_another_form_are_refused(tmp_path):
    path = tmp_path / "authors.json"
    with pytest.raises(CorpusError, match="cannot read"):
        with_authors_labels([], path)
    path.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(CorpusError, match="expected"):
        with_authors_labels([], path)


def test_ngram_meets_its_bars_on_annomi(annomi):
    high = [session for session in annomi if session.quality == "high"]
    scores = evaluate_ngram(high)
    assert scores["accuracy"] >= 0.315
    assert scores["top3_accuracy"] >= 0.66
    assert scores["macro_f1"] >= 0.175
    assert scores["log_loss"] <= 1.82
    assert scores["ece"] <= 0.03
    assert scores["accuracy"] < 0.43, "suspect a leak"
