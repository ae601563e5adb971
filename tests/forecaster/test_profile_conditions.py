import json

import pytest

from forecaster.plan_record import Conditions, PlanError
from forecaster.profile_conditions import read_conditions
from kmi import Outcome, Risk, StageOfChange

PROFILE = {
    "id": 4,
    "name": "김수진",
    "stage_of_change": "contemplation",
    "resistance": "high",
    "risk": "none",
    "intended_outcome": "undecided",
}


def write(tmp_path, *profiles):
    path = tmp_path / "profiles.jsonl"
    lines = [p if isinstance(p, str) else json.dumps(p, ensure_ascii=False) for p in profiles]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_conditions_are_read_from_the_needed_fields(tmp_path):
    assert list(read_conditions(write(tmp_path, PROFILE, ""))) == [
        (
            4,
            Conditions(
                stage=StageOfChange.CONTEMPLATION,
                outcome=Outcome.UNDECIDED,
                resistance="high",
                risk=Risk.NONE,
            ),
        )
    ]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: field 'id'"),
        ({**PROFILE, "id": "5"}, "line 2: field 'id'"),
        (PROFILE, "line 2: id 4 comes twice"),
        ({**PROFILE, "id": 5, "risk": "fire"}, "line 2: field 'risk' is 'fire'; allowed: none"),
        ({**PROFILE, "id": 5, "resistance": "some"}, "line 2: resistance 'some' is unknown"),
        ({"id": 5}, "line 2: field 'stage_of_change' is None; allowed: precontemplation"),
    ],
)
def test_a_malformed_profile_is_named_by_line_and_field(tmp_path, second, message):
    with pytest.raises(PlanError, match=message):
        list(read_conditions(write(tmp_path, PROFILE, second)))


def test_missing_profiles_are_named(tmp_path):
    with pytest.raises(PlanError, match="cannot read the profiles"):
        list(read_conditions(tmp_path / "none.jsonl"))
