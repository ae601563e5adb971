import json
from dataclasses import replace

import pytest

from generation.inputs import HERE, PLANS, PROFILES, load_inputs
from generation.prompts import load_prompt
from generation.sessions.request import Completion, Request
from generation.sessions.session import Finished
from generation.stand_in import SPEECH_PATH, StandInError, stand_in_answer
from kmi import Label

SETTINGS = sorted(path.name for path in (HERE / "settings").glob("*.toml"))


def drive(session):
    """Answer a session with the stand-in to its end; returns requests and complaints."""
    requests, complaints = [], []
    while isinstance(session.state, Request):
        request = session.state
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        content = stand_in_answer(request.schema, messages)
        requests.append(request)
        session.advance(
            Completion(
                request_hash=request.hash,
                session=request.session,
                stage=request.stage,
                content=content,
                model="stand-in",
            )
        )
        complaints.extend(session.complaints)
    return requests, complaints


@pytest.mark.parametrize("name", SETTINGS)
def test_every_shipped_setting_runs_to_its_end_without_a_complaint_on_stand_in_answers(name):
    inputs = load_inputs(PROFILES, PLANS, HERE / "settings" / name, limit=7)
    for session in inputs.open_sessions():
        _, complaints = drive(session)
        assert isinstance(session.state, Finished)
        assert complaints == []


def test_a_session_of_mode_plan_is_coded_revised_and_coded_again():
    inputs = load_inputs(PROFILES, PLANS, HERE / "settings" / "corpus.toml", limit=1)
    requests, _ = drive(next(inputs.open_sessions()))
    assert [request.stage for request in requests] == ["write", "code", "revise", "recode"]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_static_part_of_every_prompt_comes_first_and_is_identical_across_requests(name):
    inputs = load_inputs(PROFILES, PLANS, HERE / "settings" / name)
    editions = [replace(inputs.settings, later=()), *(settings for _, settings in inputs.settings.later)]
    opened = (replace(inputs, profiles=inputs.profiles[:2], settings=edition) for edition in editions)
    first_messages = {}
    for session in (session for edition in opened for session in edition.open_sessions()):
        for request in drive(session)[0]:
            first, *others = request.messages
            first_messages.setdefault(request.prompt, set()).add((first.role, first.content))
            assert all(message.role != "system" for message in others)
    assert set(first_messages) == set(inputs.settings.prompts)
    for prompt, found in first_messages.items():
        assert found == {("system", load_prompt(prompt).system)}


def test_speech_has_a_turn_of_every_label():
    text = SPEECH_PATH.read_text(encoding="utf-8")
    assert [label.value for label in Label if f'["{label.value}"]' not in text] == []


def test_the_same_request_gets_the_same_answer():
    schema = load_prompt("turns_client_v1").schema
    messages = [{"role": "user", "content": "1. 상담자: 오셨네요."}]
    answer = stand_in_answer(schema, messages)
    assert answer == stand_in_answer(schema, messages)
    assert set(json.loads(answer)) == {"ko", "en", "label", "sublabel"}


def test_an_unknown_schema_is_named():
    with pytest.raises(StandInError, match="exactly the fields text"):
        stand_in_answer({"required": ["text"]}, [{"role": "user", "content": ""}])
