import json
from dataclasses import FrozenInstanceError, fields

import pytest
from jsonschema import Draft202012Validator

from generation.client_profile import MAX_FAULTS_SHOWN, SCHEMA_PATH, Profile, ProfileError, load_profiles
from kmi import PROFILE_FIELDS, SPLITS, Category, Outcome, Risk, StageOfChange

DETAIL_RULE = "allowed: null where risk is 'none', a text where it is not"


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))


def record(**changes):
    """A good record: nobody in the shipped file; `changes` spoil it."""
    return {
        "id": 1,
        "split": "train",
        "category": "Family",
        "name": "홍길순",
        "address": "길순 씨",
        "age": 30,
        "age_group": "30-39",
        "gender": "female",
        "region": "서울",
        "occupation": "사서",
        "household": "혼자 산다",
        "referred_by": "self",
        "referral_reason": "스스로 신청했다",
        "situation": ["하나", "둘", "셋", "넷", "다섯", "여섯"],
        "target_behavior": "일요일에 어머니에게 전화하는 것",
        "reasons_for_change": ["가", "나", "다"],
        "reasons_against_change": ["라", "마", "바"],
        "stage_of_change": "action",
        "resistance": "low",
        "speech_style": "해요체",
        "risk": "none",
        "risk_detail": None,
        "intended_outcome": "small_step",
    } | changes


def write(path, *lines):
    """Write lines, records as JSON and bytes as they are."""
    encoded = [
        line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines
    ]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return path


def faults_of(path):
    with pytest.raises(ProfileError) as caught:
        load_profiles(path)
    return [line.strip() for line in str(caught.value).split("\n")[1:]]


# The schema


def test_schema_is_valid_draft_2020_12(schema):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


CONTRACT = {
    "split": SPLITS,
    "category": Category,
    "stage_of_change": StageOfChange,
    "risk": Risk,
    "intended_outcome": Outcome,
}


@pytest.mark.parametrize(("field", "values"), CONTRACT.items(), ids=CONTRACT)
def test_schema_enum_equals_contract(schema, field, values):
    assert schema["properties"][field]["enum"] == [str(value) for value in values]


def test_schema_fields_equal_profile_fields_and_all_are_required(schema):
    names = [field.name for field in fields(Profile)]
    assert list(schema["properties"]) == names
    assert schema["required"] == names
    assert schema["additionalProperties"] is False


# Reading


def test_load_profiles_reads_types_and_order(tmp_path):
    path = write(
        tmp_path / "p.jsonl", record(id=7), record(id=3, risk="alcohol_drugs", risk_detail="소주 두 병")
    )
    first, second = load_profiles(path)
    assert (first.id, second.id) == (7, 3)
    assert first.category is Category.FAMILY
    assert first.situation == ("하나", "둘", "셋", "넷", "다섯", "여섯")
    assert second.risk is Risk.ALCOHOL_DRUGS
    with pytest.raises(FrozenInstanceError):
        first.age = 31


def test_load_profiles_turns_whole_floats_into_integers(tmp_path):
    (profile,) = load_profiles(write(tmp_path / "p.jsonl", record(age=30.0)))
    assert type(profile.age) is int


def test_as_record_gives_back_the_line_without_id_split_and_category(tmp_path):
    (profile,) = load_profiles(write(tmp_path / "p.jsonl", record()))
    expected = {name: value for name, value in record().items() if name not in ("id", "split", "category")}
    assert profile.as_record() == expected
    assert type(profile.as_record()["risk"]) is str
    assert tuple(profile.as_record()) == PROFILE_FIELDS


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        pytest.param(
            record(stage_of_change="ready"),
            "field stage_of_change: found 'ready'; allowed: 'precontemplation', 'contemplation', "
            "'preparation', 'action'",
            id="enum",
        ),
        pytest.param(record(age=12), "field age: found 12; allowed: at least 13", id="minimum"),
        pytest.param(record(age=81), "field age: found 81; allowed: at most 80", id="maximum"),
        pytest.param(record(age="30"), "field age: found '30'; allowed: integer", id="type"),
        pytest.param(
            record(age=45),
            "field age: found 45, but age_group is '30-39'; correct one",
            id="age above its group",
        ),
        pytest.param(
            record(age=59, age_group="60+"),
            "field age: found 59, but age_group is '60+'; correct one",
            id="age below an open group",
        ),
        pytest.param(
            record(situation=["하나"]),
            "field situation: found ['하나']; allowed: at least 5 items, not 1",
            id="too few items",
        ),
        pytest.param(
            record(reasons_for_change=["가", 5, "다"]),
            "field reasons_for_change[1]: found 5; allowed: string",
            id="item in a list",
        ),
        pytest.param(
            record(reasons_for_change=["가", "가", "다"]),
            "field reasons_for_change: found ['가', '가', '다']; allowed: items that differ",
            id="item twice",
        ),
        pytest.param(
            record(name=""), "field name: found ''; allowed: at least 1 characters, not 0", id="empty text"
        ),
        pytest.param(
            record(name="홍길순\n"),
            "field name: found '홍길순\\n'; allowed: one line of text without blanks around it",
            id="line break",
        ),
        pytest.param(
            record(risk_detail="있음"),
            f"field risk_detail: found '있음'; {DETAIL_RULE}",
            id="detail without risk",
        ),
        pytest.param(
            record(risk="violence_abuse"),
            f"field risk_detail: found None; {DETAIL_RULE}",
            id="risk without detail",
        ),
        pytest.param(
            {name: value for name, value in record().items() if name != "risk"},
            "field risk: missing; every field of profile.schema.json is required",
            id="missing field",
        ),
        pytest.param([], "field (whole line): found []; allowed: object", id="not an object"),
        pytest.param(b"", "whole line: found a blank line; delete it", id="blank line"),
        pytest.param(
            b'{"id": 1',
            "column 9: invalid JSON (Expecting ',' delimiter); write one JSON object a line, without a BOM",
            id="half a line",
        ),
        pytest.param(
            b'{"id": 1, "id": 2}', "field id: found twice in one object; keep one", id="repeated key"
        ),
        pytest.param(
            rb'{"name": "\ud83d"}',
            "whole line: holds half a character (a lone \\u surrogate); correct it",
            id="lone surrogate",
        ),
        pytest.param(
            b'{"name": "\xb1\xe6"}',
            "byte 11: found 0xb1, not UTF-8; save the file as UTF-8",
            id="another encoding",
        ),
    ],
)
def test_load_profiles_names_line_field_value_and_what_is_allowed(tmp_path, bad, fault):
    if isinstance(bad, dict):
        bad = bad | {"id": 2}
    assert faults_of(write(tmp_path / "p.jsonl", record(id=1), bad, record(id=3))) == [f"line 2, {fault}"]


def test_load_profiles_lists_allowed_fields_for_an_unknown_one(tmp_path):
    (fault,) = faults_of(write(tmp_path / "p.jsonl", record(mood="sad")))
    assert fault.startswith("line 1, field mood: unknown; allowed: id, split, category, name, ")


def test_load_profiles_keeps_an_odd_field_name_on_one_line(tmp_path):
    (fault,) = faults_of(write(tmp_path / "p.jsonl", record() | {"a\nb": 1}))
    assert fault.startswith("line 1, field 'a\\nb': unknown; allowed: ")


def test_load_profiles_reports_every_bad_line(tmp_path):
    path = write(
        tmp_path / "p.jsonl", record(age=5), b"", record(id=2, gender="f", risk="high"), record(id=3)
    )
    assert [fault.split(":")[0] for fault in faults_of(path)] == [
        "line 1, field age",
        "line 2, whole line",
        "line 3, field gender",
        "line 3, field risk",
        "line 3, field risk_detail",
    ]


def test_load_profiles_refuses_an_id_used_twice(tmp_path):
    path = write(tmp_path / "p.jsonl", record(id=4), record(id=5), record(id=4))
    assert faults_of(path) == ["line 3, field id: found 4, already used on line 1; number anew"]


def test_load_profiles_bounds_the_report(tmp_path):
    faults = faults_of(write(tmp_path / "p.jsonl", *[record(id=0)] * 50))
    assert len(faults) == MAX_FAULTS_SHOWN + 1
    assert faults[-1] == "and 30 more"


def test_load_profiles_shortens_long_values(tmp_path):
    (fault,) = faults_of(write(tmp_path / "p.jsonl", record(name="가" * 700)))
    assert fault == f"line 1, field name: found '{'가' * 56}...; allowed: at most 600 characters, not 700"


def test_load_profiles_refuses_a_byte_order_mark(tmp_path):
    (fault,) = faults_of(write(tmp_path / "p.jsonl", b"\xef\xbb\xbf" + json.dumps(record()).encode()))
    assert fault.startswith("line 1, column 1: invalid JSON")


def test_load_profiles_refuses_an_empty_file(tmp_path):
    with pytest.raises(ProfileError, match="holds no profile"):
        load_profiles(write(tmp_path / "p.jsonl", b""))


def test_load_profiles_names_a_missing_file(tmp_path):
    with pytest.raises(ProfileError, match=r"none\.jsonl: No such file or directory; check the path"):
        load_profiles(tmp_path / "none.jsonl")


def test_profile_refuses_a_risk_without_detail(tmp_path):
    (profile,) = load_profiles(write(tmp_path / "p.jsonl", record()))
    values = {field.name: getattr(profile, field.name) for field in fields(Profile)}
    with pytest.raises(ProfileError, match="risk_detail: found None, but risk is 'alcohol_drugs'"):
        Profile(**values | {"risk": Risk.ALCOHOL_DRUGS})
