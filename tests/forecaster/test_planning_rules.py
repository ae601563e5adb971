import pytest

from forecaster.planning_rules import RULES_PATH, RulesError, load_rules


def changed(tmp_path, old, new):
    text = RULES_PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_shipped_rules_load():
    assert load_rules().limits["max_closed_questions"] == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[advice]", "[advise]", "missing sections: advice; unknown sections: advise"),
        ('"Exploring" = 4', '"Explorin" = 4', "'Explorin' is no label or sublabel"),
        ("max_closed_questions = 3", "max_closed_questions = -3", "allowed: 0 or more"),
        ("[length]", "[length", "not valid TOML"),
    ],
)
def test_malformed_rules_are_refused(tmp_path, old, new, message):
    with pytest.raises(RulesError, match=message):
        load_rules(changed(tmp_path, old, new))


def test_missing_rules_are_named(tmp_path):
    with pytest.raises(RulesError, match="cannot read"):
        load_rules(tmp_path / "none.toml")


def test_every_number_of_the_rules_stands_under_a_reason():
    """A section, or the line itself, says why: a comment after the setting or anywhere in its section."""
    sections = RULES_PATH.read_text(encoding="utf-8").split("\n[")[1:]
    parents_with_reason = {s.split("]")[0].split(".")[0] for s in sections if "#" in s}
    without = [s.split("]")[0] for s in sections if s.split("]")[0].split(".")[0] not in parents_with_reason]
    assert without == []
