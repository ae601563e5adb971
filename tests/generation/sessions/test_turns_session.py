import json
from pathlib import Path

import pytest

from generation.client_profile import load_profiles
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Request
from generation.sessions.session import Finished, Session
from generation.sessions.turns_session import turns_session
from generation.settings import load_settings
from kmi import QUESTIONS, SUBLABELS, THERAPIST_LABELS, Label, Role

GENERATION = Path(__file__).parents[3] / "generation"
KO = {
    Label.OPEN_QUESTION: "그때 {n}번째로 떠오른 건 무엇이었어요?",
    Label.CLOSED_QUESTION: "그게 {n}번째였어요?",
}


class EvenForecaster:
    """Gives every therapist label the same probability and remembers what it was shown."""

    role = Role.THERAPIST

    def __init__(self):
        self.histories = []

    def predict_proba(self, history):
        self.histories.append([(turn.role, turn.label, turn.text) for turn in history])
        return {label: 1 / len(THERAPIST_LABELS) for label in THERAPIST_LABELS}

    def predict_proba_batch(self, histories):
        return [self.predict_proba(history) for history in histories]


@pytest.fixture(scope="module")
def profile():
    return load_profiles(GENERATION / "profiles" / "profiles.jsonl")[0]


@pytest.fixture(scope="module")
def settings():
    return load_settings(GENERATION / "settings" / "default.toml")


def completion(request, **content):
    return Completion(
        request_hash=request.hash,
        session=request.session,
        stage=request.stage,
        content=json.dumps(content, ensure_ascii=False),
        model="test",
    )


def spoken(request, ends=False):
    """Answer a request as an obedient model would."""
    n = request.index
    if request.stage == "client":
        ko, label, sublabel = f"그게 {n}번째로 걸려요.", "Sustain Talk", "Reason"
        return completion(request, ko=ko, en="That is what holds me back.", label=label, sublabel=sublabel)
    line = next(line for line in request.messages[1].content.splitlines() if line.startswith("라벨: "))
    label = Label(line.removeprefix("라벨: "))
    ko = KO.get(label, "{n}번째로 그 마음이 걸리네요.").format(n=n)
    return completion(
        request, ko=ko, en="So that is what weighs on you.", sublabel=SUBLABELS[label][0], ends=ends
    )


def run(profile, settings, *, ends=False):
    session = Session("0001", turns_session(profile, settings, forecaster := EvenForecaster()))
    requests = []
    while isinstance(session.state, Request):
        requests.append(session.state)
        session.advance(spoken(session.state, ends=ends))
    return session.state, requests, forecaster


def test_therapist_never_sees_the_profile_and_the_client_never_sees_a_label(profile, settings):
    _, requests, _ = run(profile, settings)
    for request in requests:
        own_part = request.messages[1].content
        if request.stage == "therapist":
            assert not any(fact in own_part for fact in (*profile.situation, profile.target_behavior))
            assert profile.referral_reason in own_part
        else:
            assert profile.situation[0] in own_part
            assert "Reflection" not in own_part


def test_session_without_an_end_stops_at_the_largest_length(profile, settings):
    end, requests, _ = run(profile, settings)
    assert isinstance(end, Finished)
    assert len(end.dialogue["dialogue"]) == len(requests) == settings.turns.max_utterances
    assert Label(end.dialogue["dialogue"][-1]["label"]) not in QUESTIONS


def test_therapist_ends_no_earlier_than_allowed_and_not_with_a_question(profile, settings):
    end, _, _ = run(profile, settings, ends=True)
    n_utterances = len(end.dialogue["dialogue"])
    assert settings.turns.min_utterances <= n_utterances <= settings.turns.max_utterances
    assert Label(end.dialogue["dialogue"][-1]["label"]) not in QUESTIONS


def test_forecaster_sees_what_was_really_said_before_each_later_therapist_turn(profile, settings):
    end, _, forecaster = run(profile, settings)
    utterances = end.dialogue["dialogue"]
    assert len(forecaster.histories) == settings.turns.max_utterances // 2
    for history in forecaster.histories:
        assert [text for _, _, text in history] == [
            turn["utterance_ko"] for turn in utterances[: len(history)]
        ]
        assert history[-1][0] is Role.CLIENT


def test_sustain_talk_is_met_by_neither_information_nor_a_closed_question(profile, settings):
    end, _, _ = run(profile, settings)
    labels = [turn["label"] for turn in end.dialogue["dialogue"]]
    followers = {after for before, after in zip(labels, labels[1:], strict=False) if before == "Sustain Talk"}
    assert followers <= {"Simple Reflection", "Complex Reflection", "Open Question", "Affirm"}


def test_static_part_is_the_same_in_every_request_of_a_speaker(profile, settings):
    _, requests, _ = run(profile, settings)
    for stage in ("therapist", "client"):
        assert len({request.messages[0].content for request in requests if request.stage == stage}) == 1


def test_answer_that_fails_a_check_is_asked_again(profile, settings):
    session = Session("0001", turns_session(profile, settings, EvenForecaster()))
    first = session.state
    session.advance(
        completion(first, ko="뭐가 힘들어?", en="What is hard?", sublabel="Exploring", ends=False)
    )
    assert (session.state.index, session.state.attempt) == (1, 2)
    assert Reason.SPEECH_LEVEL in session.complaints[0]


def test_sessions_of_two_profiles_ask_apart_even_where_the_text_is_the_same(profile, settings):
    first = Session("a", turns_session(profile, settings, EvenForecaster())).state
    again = Session("a", turns_session(profile, settings, EvenForecaster())).state
    other_profile = load_profiles(GENERATION / "profiles" / "profiles.jsonl")[1]
    other = Session("b", turns_session(other_profile, settings, EvenForecaster())).state
    assert first.hash == again.hash
    assert first.hash != other.hash
