import json
from pathlib import Path

import pytest

from generation.client_profile import load_profiles
from generation.dataset_rows import check_dialogue
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Request
from generation.sessions.session import Finished, Session
from generation.sessions.turns_session import MAY_NOT_END, turns_session
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
    if "change_talk" in request.schema["properties"]:
        tag = "Need" if n % 4 == 0 else "None"
        return completion(request, ko=f"그게 {n}번째로 걸려요.", en="That holds me back.", change_talk=tag)
    if request.stage == "client":
        ko, label, sublabel = f"그게 {n}번째로 걸려요.", "Sustain Talk", "Reason"
        return completion(request, ko=ko, en="That is what holds me back.", label=label, sublabel=sublabel)
    line = next(line for line in request.messages[1].content.splitlines() if line.startswith("라벨: "))
    label = Label(line.removeprefix("라벨: "))
    ko = KO.get(label, "{n}번째로 그 마음이 걸리네요.").format(n=n)
    own = {"sublabel": SUBLABELS[label][0]} if "sublabel" in request.schema["properties"] else {}
    return completion(request, ko=ko, en="So that is what weighs on you.", ends=ends, **own)


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


@pytest.fixture(scope="module")
def paper():
    return load_settings(GENERATION / "settings" / "paper.toml")


def test_paper_session_has_at_most_31_utterances_and_opens_with_an_open_question(profile, paper):
    end, requests, forecaster = run(profile, paper)
    labels = [turn["label"] for turn in end.dialogue["dialogue"]]
    assert (len(labels), labels[0]) == (31, "Open Question")
    assert len(forecaster.histories) == 15
    assert all(len(history) <= 6 for history in forecaster.histories)
    assert forecaster.histories[0][0][1] is Label.GENERAL
    assert {request.prompt for request in requests} == {"turns_therapist_paper_v1", "turns_client_paper_v1"}


def test_paper_session_may_end_from_the_eighth_therapist_turn_on_but_not_with_a_question(profile, paper):
    end, requests, _ = run(profile, paper, ends=True)
    told = {
        request.index: request.messages[1].content for request in requests if request.stage == "therapist"
    }
    assert all(MAY_NOT_END in text for n, text in told.items() if n < 15)
    assert len(end.dialogue["dialogue"]) >= 15
    assert end.dialogue["dialogue"][-1]["label"] not in [label.value for label in QUESTIONS]


def test_paper_client_tags_change_talk_alone_and_the_rest_is_neutral_without_a_written_label(profile, paper):
    end, _, _ = run(profile, paper)
    client = end.dialogue["dialogue"][1::2]
    tagged = [(turn["label"], turn["sublabel"], turn["written_label"]) for turn in client[:2]]
    assert tagged == [("Neutral", None, None), ("Change Talk", "Need", "Change Talk")]
    assert {turn["sublabel"] for turn in end.dialogue["dialogue"][::2]} == {None}


def test_paper_dialogue_is_a_row_that_the_dataset_takes(profile, paper):
    end, _, _ = run(profile, paper)
    check_dialogue(json.loads(json.dumps(end.dialogue)))


def test_transcript_only_grows_so_that_prefix_caches_hit(profile, settings):
    _, requests, _ = run(profile, settings)
    for stage in ("therapist", "client"):
        own = [request.messages[1].content for request in requests if request.stage == stage]
        for before, after in zip(own[1:], own[2:], strict=False):
            transcript = before[: before.rindex("\n\n")]
            transcript = transcript[: transcript.rindex("\n\n")] if stage == "therapist" else transcript
            assert "번째" in transcript and after.startswith(transcript)
