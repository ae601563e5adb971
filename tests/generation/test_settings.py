from pathlib import Path

import pytest

from generation.prompts import load_prompt
from generation.settings import SettingsError, load_settings

FOLDER = Path(__file__).parents[2] / "generation" / "settings"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_settings_load_and_name_prompts_that_exist(path):
    settings = load_settings(path)
    assert [load_prompt(name).name for name in settings.prompts] == settings.prompts


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('mode = "plan"', 'mode = "plans"', "mode 'plans' is not one of plan, turns"),
        ("check_retries = 2", "check_retry = 2", "check_retries is None"),
        ("check_retries = 2", "check_retries = -1", "check_retries -1 0 or more"),
        ("temperature = 0.0", "temperature = 2.5", r"\[coder\] temperature 2.5 is outside 0 to 2"),
        ("max_tokens = 2000", 'max_tokens = "many"', r"max_tokens in \[coder\] is 'many'"),
        ("[reviser]", "[reviewer]", r"section \[reviser\] is missing"),
        ("session_attempts = 5", "session_attempts = 5\nspeed = 3", "unknown key 'speed'"),
        ("random_seed = 20250101", "random_seed = ", "not valid TOML"),
    ],
)
def test_load_settings_names_the_file_and_the_fault(tmp_path, old, new, message):
    text = (FOLDER / "corpus.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(path)
    assert "broken.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('decision = "paper"', 'decision = "best"', "decision 'best' is not one of sampled, paper"),
        ('decision = "paper"', "", "decision in .turns. is None"),
        ("max_utterances = 31", "max_utterances = 30", "max odd"),
    ],
)
def test_load_settings_names_a_fault_of_the_turns(tmp_path, old, new, message):
    text = (FOLDER / "paper.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_settings(path)


def test_load_settings_says_where_shipped_files_are(tmp_path):
    with pytest.raises(SettingsError, match="generation/settings"):
        load_settings(tmp_path / "none.toml")


LATER = """
[later.7]
coder.prompt = "plan_code_v2"
[later.8]
[later.30]
checks_version = 2
writer.prompt = "plan_write_v2"
"""


def with_later(tmp_path, text):
    path = tmp_path / "later.toml"
    base = (FOLDER / "corpus.toml").read_text(encoding="utf-8").partition("\n[later.")[0]
    path.write_text(base + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("profile_id", "coder", "writer", "checks_version"),
    [
        pytest.param(6, "plan_code_v1", "plan_write_v1", 1, id="before the first change"),
        pytest.param(7, "plan_code_v2", "plan_write_v1", 1, id="from the id on"),
        pytest.param(29, "plan_code_v1", "plan_write_v1", 1, id="an empty change goes back"),
        pytest.param(4000, "plan_code_v1", "plan_write_v2", 2, id="the last change holds on"),
    ],
)
def test_settings_of_a_profile_are_those_begun_last(tmp_path, profile_id, coder, writer, checks_version):
    settings = load_settings(with_later(tmp_path, LATER)).of_profile(profile_id)
    prompts = settings.asking["coder"].prompt, settings.asking["writer"].prompt
    assert (*prompts, settings.checks_version) == (coder, writer, checks_version)
    assert settings.asking["writer"].temperature == 0.8
    assert settings.prompts == sorted({coder, writer, "plan_revise_v1"})


def test_settings_name_the_prompts_of_every_profile_and_the_newest(tmp_path):
    settings = load_settings(with_later(tmp_path, LATER))
    assert settings.prompts == [
        "plan_code_v1",
        "plan_code_v2",
        "plan_revise_v1",
        "plan_write_v1",
        "plan_write_v2",
    ]
    assert settings.newest.asking["writer"].prompt == "plan_write_v2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[later.x]\n", r"\[later.x\] must name a profile's id"),
        ("[later.9]\nchecks_version = 3\n", r"\[later.9\] checks_version 3 is not one of 1, 2"),
        ("[later.9]\n[later.9.writer]\ntemper = 1\n", r"\[later.9\] unknown key 'temper' in \[writer\]"),
        ("[later.9]\nspeed = 1\n", r"\[later.9\] unknown key 'speed'"),
    ],
)
def test_load_settings_names_a_fault_of_a_later_change(tmp_path, text, message):
    with pytest.raises(SettingsError, match=message):
        load_settings(with_later(tmp_path, text))


def test_settings_up_to_a_profile_leave_out_what_begins_later(tmp_path):
    settings = load_settings(with_later(tmp_path, LATER))
    assert [first for first, _ in settings.up_to(29).later] == [7, 8]
    assert settings.up_to(29).prompts == ["plan_code_v1", "plan_code_v2", "plan_revise_v1", "plan_write_v1"]
