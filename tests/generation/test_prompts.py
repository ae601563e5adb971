import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generation.prompts import PROMPTS_FOLDER, PromptError, load_prompt
from kmi import CLIENT_LABELS, SUBLABELS, THERAPIST_LABELS, Label

NAMES = sorted(path.name for path in PROMPTS_FOLDER.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_loads_with_a_valid_schema_and_shared_texts_filled_in(name):
    prompt = load_prompt(name)
    Draft202012Validator.check_schema(prompt.schema)
    assert "$" not in prompt.system


@pytest.mark.parametrize("name", NAMES)
def test_example_answer_in_the_system_message_has_the_fields_of_the_schema(name):
    prompt = load_prompt(name)
    example = prompt.system.splitlines()[-1].replace(", …", "")
    Draft202012Validator({"type": "object", "required": prompt.schema["required"]}).validate(
        json.loads(example)
    )
    assert set(json.loads(example)) == set(prompt.schema["properties"])


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_codebook_defines_every_label_and_sublabel(version):
    text = (PROMPTS_FOLDER / f"codebook_{version}.md").read_text(encoding="utf-8")
    sections = {
        match.group(1): match.group(0)
        for match in re.finditer(
            r"^- \*\*([A-Za-z ]+?) (?:\(|[가-힣]).*?(?=^- \*\*|^###|\Z)", text, re.DOTALL | re.MULTILINE
        )
    }
    assert sorted(sections) == sorted(label.value for label in Label)
    for label, sublabels in SUBLABELS.items():
        # sustain talk has the seven types that change talk spells out
        place = sections["Change Talk"] if label is Label.SUSTAIN_TALK else sections[label.value]
        assert [sublabel for sublabel in sublabels if sublabel.value not in place] == [], label


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("turns_")])
def test_system_message_of_a_speaker_names_what_it_may_answer(name):
    system = load_prompt(name).system
    labels = CLIENT_LABELS if "client" in name else THERAPIST_LABELS
    if name == "turns_client_paper_v1":  # the paper's client tags change talk alone
        labels = (Label.CHANGE_TALK,)
    assert [label for label in labels if label.value not in system] == []


def test_schema_of_the_client_allows_what_the_contract_allows():
    ours = load_prompt("turns_client_v1").schema["properties"]["label"]["enum"]
    assert ours == [label.value for label in CLIENT_LABELS]
    tags = load_prompt("turns_client_paper_v1").schema["properties"]["change_talk"]["enum"]
    assert tags[:-1] == ["Desire", "Ability", "Reason", "Need"]
    assert set(tags[:-1]) <= set(SUBLABELS[Label.CHANGE_TALK])


def test_messages_put_the_static_text_first_and_refuse_missing_values():
    prompt = load_prompt("plan_code_v1")
    system, user = prompt.messages(target_behavior="금연", transcript="1. 상담자: 오셨네요.")
    assert (system.role, system.content) == ("system", prompt.system)
    assert "금연" in user.content
    with pytest.raises(PromptError, match="takes target_behavior, transcript, but was given transcript"):
        prompt.messages(transcript="")


@pytest.mark.parametrize("name", ["plan_write_v0", "../prompts", ""])
def test_load_prompt_lists_the_prompts_that_exist(name):
    with pytest.raises(PromptError, match="plan_write_v1"):
        load_prompt(name)


def test_prompts_never_name_a_help_line_outside_the_table():
    from generation.sessions.checks import HELP_LINES

    for path in Path(PROMPTS_FOLDER).rglob("*.md"):
        for number in re.findall(r"\d{4}-\d{4}|\b1\d{2,3}\b", path.read_text(encoding="utf-8")):
            assert number in HELP_LINES, f"{path.name}: {number}"


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("plan_code", "plan_revise"))])
def test_coder_and_reviser_are_told_every_label(name):
    system = load_prompt(name).system
    assert [label for label in Label if label.value not in system] == []


def test_reviser_is_told_every_sublabel_of_each_label():
    system = load_prompt("plan_revise_v3").system
    for label in THERAPIST_LABELS:
        named = re.search(rf"{label.value} \(([^)]*)\)", system).group(1).split(", ")
        assert named == [sublabel.value for sublabel in SUBLABELS[label]], label
