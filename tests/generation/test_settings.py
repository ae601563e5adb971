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
