import dataclasses
import json
from pathlib import Path

import pytest

import generation.inputs
from forecaster.ngram import load_ngram
from generation.client_profile import load_profiles
from generation.inputs import Inputs
from generation.manifest import ManifestError, build_manifest, digest, first_difference, read_manifest
from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion
from generation.sessions.session import Finished, Rejection
from generation.settings import load_settings
from kmi import Role

HERE = Path(generation.inputs.__file__).parent
STAGES = ("profiles", "plans", "prompts", "settings", "completions", "dialogues", "dataset")


@pytest.fixture(scope="module")
def inputs():
    settings = load_settings(HERE / "settings" / "corpus.toml")
    profiles = load_profiles(HERE / "profiles" / "profiles.jsonl")[:3]
    return Inputs(profiles, {}, settings)


def completion(request_hash, **values):
    values = {"session": "0001-1", "stage": "write", "content": "x", "model": "m"} | values
    return Completion(request_hash=request_hash, **values)


OUTCOMES = [
    Outcome(
        "0001",
        Finished({"id": 1, "split": "train", "dialogue": ["a", "b", "c"]}),
        (completion("b", prompt_tokens=10, completion_tokens=4), completion("a", model="n")),
        ("2번 차례 (korean): text", "(turns) text"),
    ),
    Outcome("0002", Rejection("0002", Reason.SCHEMA, "no"), (completion("c"),), ("schema: no",), n_asked=5),
    Outcome("0003", None, (), error="boom"),
]


def test_manifest_counts_by_hand(inputs):
    manifest = build_manifest(inputs, OUTCOMES)
    assert manifest["counts"] == {
        "profiles": 3,
        "dialogues": 1,
        "rejected": 1,
        "unfinished": 1,
        "splits": {"train": 1, "validation": 0, "test": 0},
        "utterances": 3,
        "completions": 3,
    }
    assert manifest["rejections"] == {"schema": 1}
    assert manifest["complaints"] == {"schema": 1, "turns": 1, "korean": 1}
    assert manifest["tokens"] == {"prompt": 10, "completion": 4, "completions_without_count": 2}
    assert manifest["models"] == ["m", "n"]
    # the three profiles come before any later change of the settings
    assert set(manifest["prompts"]) == {"plan_code_v1", "plan_revise_v1", "plan_write_v1", "retry_v1"}
    assert manifest["settings"]["later"] == ()


def test_manifest_does_not_depend_on_who_was_asked(inputs):
    resumed = [dataclasses.replace(outcome, n_asked=0) for outcome in OUTCOMES]
    assert build_manifest(inputs, OUTCOMES) == build_manifest(inputs, resumed)


@pytest.mark.parametrize(
    ("change", "stage"),
    [
        pytest.param({"profiles": slice(0, 2)}, "profiles", id="profile left out"),
        pytest.param({"random_seed": 1}, "settings", id="setting changed"),
        pytest.param({"content": "y"}, "completions", id="completion changed"),
        pytest.param(
            {"dialogue": {"id": 1, "split": "train", "dialogue": []}}, "dialogues", id="dialogue changed"
        ),
    ],
)
def test_each_change_shows_in_its_own_stage(inputs, change, stage):
    before = build_manifest(inputs, OUTCOMES) | {}
    outcomes = list(OUTCOMES)
    if "profiles" in change:
        inputs = dataclasses.replace(inputs, profiles=inputs.profiles[change["profiles"]])
    if "random_seed" in change:
        inputs = dataclasses.replace(inputs, settings=dataclasses.replace(inputs.settings, random_seed=1))
    if "content" in change:
        outcomes[1] = dataclasses.replace(OUTCOMES[1], used=(completion("c", content="y"),))
    if "dialogue" in change:
        outcomes[0] = dataclasses.replace(OUTCOMES[0], end=Finished(change["dialogue"]))
    after = build_manifest(inputs, outcomes)
    for manifest in (before, after):
        manifest["stages"]["dataset"] = "same"
    assert first_difference(after, before) == stage
    assert [name for name in STAGES if before["stages"][name] != after["stages"][name]] == [stage]


def test_weights_of_the_forecaster_stand_in_the_place_of_plans(inputs):
    assert build_manifest(inputs, OUTCOMES)["forecaster"] is None
    settings = load_settings(HERE / "settings" / "default.toml")
    forecaster = load_ngram(Role.THERAPIST)
    turns = dataclasses.replace(inputs, settings=settings, forecaster=forecaster)
    others = dataclasses.replace(forecaster, tables={**forecaster.tables, "": (1,) * 8})
    before, same, after = (
        build_manifest(dataclasses.replace(turns, forecaster=model), OUTCOMES)
        for model in (forecaster, dataclasses.replace(forecaster), others)
    )
    assert before == same
    assert before["forecaster"]["kind"] == "NgramForecaster"
    assert before["forecaster"]["weights"] != after["forecaster"]["weights"]
    assert [name for name in before["stages"] if before["stages"][name] != after["stages"][name]] == ["plans"]


def test_first_difference_goes_in_the_order_of_the_stages():
    recorded = {"stages": dict.fromkeys(STAGES, "0")}
    assert first_difference(recorded, recorded) is None
    changed = {"stages": recorded["stages"] | {"dialogues": "1", "plans": "1"}}
    assert first_difference(changed, recorded) == "plans"


def test_a_manifest_without_a_stage_is_an_error():
    whole = {"stages": dict.fromkeys(STAGES, "0")}
    with pytest.raises(ManifestError, match="built manifest has no stage 'dataset'"):
        first_difference({"stages": dict.fromkeys(STAGES[:-1], "0")}, whole)


def test_digest_of_known_values():
    # printf '{"a":"가"}\n[1,2]\n' | sha256sum
    expected = "d88c778f32da9535ae93697de87a64d0deb998b25a752069987435bbb018a214"
    assert digest([{"a": "가"}, [1, 2]]) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "can't be read", id="missing"),
        pytest.param("{", "is not JSON", id="no JSON"),
        pytest.param(json.dumps({"counts": {}}), "has no object 'stages'", id="another file"),
    ],
)
def test_reading_what_is_no_manifest_is_a_clear_error(tmp_path, text, message):
    path = tmp_path / "manifest.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ManifestError, match=message):
        read_manifest(path)
