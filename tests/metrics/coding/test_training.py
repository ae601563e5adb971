import numpy as np
import pytest

from kmi import Label, Role
from metrics.coding.evaluation import code_held_out, cross_validate, training_weights
from metrics.coding.training import fit_model, make_examples, train_classifier
from metrics.transcripts import Transcript, Turn

ASKED = ("How are you?", "What then?", "Where to?", "Who is it?")
TOLD = ("You are sad.", "That is hard.", "It goes on.", "He left.")


def transcript(number):
    turns, n = [], 0
    for place in range(4):
        texts = ((ASKED, Label.OPEN_QUESTION), (TOLD, Label.SIMPLE_REFLECTION))
        for choices, label in texts:
            n += 1
            turns.append(Turn(n=n, role=Role.THERAPIST, text_en=f"{number} {choices[place]}", label=label))
            n += 1
            client = Label.CHANGE_TALK if label is Label.OPEN_QUESTION else Label.NEUTRAL
            text = "I will do it right now, tomorrow and for ever." if client is Label.CHANGE_TALK else "Yes."
            turns.append(Turn(n=n, role=Role.CLIENT, text_en=text, label=client))
    return Transcript(id=str(number), turns=tuple(turns))


SESSIONS = [transcript(number) for number in range(12)]


def test_classifier_learns_question_marks_and_lengths(fake_encoder):
    classifier = train_classifier(SESSIONS[:8], [1.0] * 8, fake_encoder)
    held_out = code_held_out(SESSIONS[8:], classifier, fake_encoder)
    assert len(held_out) == 4 * 16
    assert np.mean([one.given is one.coded for one in held_out]) > 0.95


def test_cross_validation_codes_every_turn_of_high_quality_once(fake_encoder):
    coded = cross_validate({"high": SESSIONS[:10], "low": SESSIONS[10:]}, [], fake_encoder)
    assert len(coded) == 10 * 16
    assert {one.group for one in coded} == {session.id for session in SESSIONS[:10]}
    assert np.mean([one.given is one.coded for one in coded]) > 0.95


def test_cross_validation_never_trains_on_what_it_scores(fake_encoder, monkeypatch):
    seen = []

    def fit(examples, role):
        seen.append(set(examples.groups))
        return fit_model(examples, role)

    monkeypatch.setattr("metrics.coding.evaluation.fit_model", fit)
    cross_validate({"high": SESSIONS[:10], "low": SESSIONS[10:]}, [], fake_encoder)
    assert [len(groups) for groups in seen] == [
        10
    ] * 10  # 8 of 10 high and both low, five folds, two speakers
    assert all({10, 11} <= groups for groups in seen)


def test_make_examples_pass_over_turns_without_label(fake_encoder):
    turns = (*SESSIONS[0].turns, Turn(n=17, role=Role.CLIENT, text_en="Hm."))
    examples = make_examples([Transcript(id="x", turns=turns)], Role.CLIENT, [2.0], fake_encoder)
    assert len(examples.targets) == 8
    assert set(examples.weights) == {2.0}


def test_fit_refuses_a_single_label(fake_encoder):
    turns = (Turn(n=1, role=Role.THERAPIST, text_en="Hm.", label=Label.GENERAL),) * 3
    examples = make_examples([Transcript(id="x", turns=turns)], Role.THERAPIST, [1.0], fake_encoder)
    with pytest.raises(ValueError, match="fewer than two labels"):
        fit_model(examples, Role.THERAPIST)


def test_training_weights_never_let_our_own_corpus_outweigh_annomi():
    assert training_weights(SESSIONS[:4], SESSIONS[:1]) == [1.0] * 4 + [1.0]
    assert training_weights(SESSIONS[:4], SESSIONS[:8]) == [1.0] * 4 + [0.5] * 8
