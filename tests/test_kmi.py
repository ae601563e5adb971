"""The contract: labels, columns, the conversion of the published release, and the key of the cache."""

import json
import os
from collections import Counter

import pytest

import kmi
from kmi import SUBLABELS, Category, Label, Role, Sublabel, features


def test_every_label_has_a_speaker_a_korean_name_a_definition_and_sublabels():
    for label in Label:
        assert label.role in Role
        assert label.name_ko and label.definition.endswith(".")
        assert SUBLABELS[label]


def test_labels_of_the_two_speakers_do_not_overlap_and_leave_none_out():
    assert set(kmi.THERAPIST_LABELS) | set(kmi.CLIENT_LABELS) == set(Label)
    assert not set(kmi.THERAPIST_LABELS) & set(kmi.CLIENT_LABELS)
    assert set(kmi.MAIN_ACT_ORDER) == set(kmi.THERAPIST_LABELS)


def test_every_sublabel_belongs_to_a_label():
    assert {sublabel for sublabels in SUBLABELS.values() for sublabel in sublabels} == set(Sublabel)


def test_label_equals_the_string_of_the_release():
    assert Label.SIMPLE_REFLECTION == "Simple Reflection" and str(Label("Affirm")) == "Affirm"
    assert json.dumps([Sublabel.DOUBLE_SIDED, Category.CAREER_EMPLOYMENT]) == (
        '["Double-Sided", "Career\\u00b7Employment"]'
    )


def test_category_names_are_those_of_the_release():
    assert [category.name_ko for category in Category] == [
        "정신건강",
        "대인관계",
        "자아·성격",
        "취업·진로",
        "학업·고시",
        "중독·집착",
        "가족",
    ]


def test_dialogues_keep_the_columns_of_the_release_in_front():
    columns = features("dialogues")
    assert list(columns)[:4] == ["id", "category_ko", "category_en", "dialogue"] == list(features("original"))
    turn = columns.arrow_schema.field("dialogue").type.value_type
    assert [turn.field(n).name for n in range(4)] == ["role", "utterance_ko", "utterance_en", "label"]


def test_profile_columns_are_the_profile_fields_with_lists_where_there_are_several_facts():
    profile = features("dialogues").arrow_schema.field("profile").type
    types = {profile.field(n).name: str(profile.field(n).type) for n in range(profile.num_fields)}
    assert tuple(types) == kmi.PROFILE_FIELDS
    assert types.pop("age") == "int32"
    assert {name for name, kind in types.items() if kind.startswith("list")} == set(kmi.PROFILE_LISTS)


def test_utterances_code_role_label_and_sublabel_in_the_order_of_the_contract():
    columns = features("utterances")
    assert columns["role"].names == ["Therapist", "Client"]
    assert columns["label"].names == [label.value for label in Label]
    assert columns["sublabel"].names == [sublabel.value for sublabel in Sublabel]
    assert all(type(name) is str for name in columns["label"].names)


def test_features_of_an_unknown_config_names_the_known_ones():
    with pytest.raises(ValueError, match="'turns'; choose one of dialogues, utterances, messages, original"):
        features("turns")


def _record(number: int, category_ko: str = "정신건강", **turn: object) -> dict:
    client = {"role": "Client", "utterance_ko": "네.", "utterance_en": "Yes.", **turn}
    therapist = {
        "role": "Therapist",
        "utterance_ko": "어때요?",
        "utterance_en": "How?",
        "label": "Open Question",
    }
    return {"id": number, "category": category_ko, "turns": 2, "dialogue": [therapist, client]}


def _splits(records: list[dict]) -> dict:
    return kmi.original_splits(json.dumps(records).encode(), "kmi.json")


def test_original_split_takes_the_ninth_and_tenth_of_each_category_by_hash():
    records = [_record(number) for number in range(1, 11)]
    records += [_record(number, "가족") for number in range(11, 21)]
    # `printf 정신건강/1 | sha256sum` and so on: 10 9 3 4 6 7 2 1 | 5 | 8; 13 12 11 16 18 19 15 14 | 17 | 20
    ids = {split: table["id"].to_pylist() for split, table in _splits(records).items()}
    assert ids["validation"] == [5, 17]
    assert ids["test"] == [8, 20]
    assert ids["train"] == [1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19]
    assert {split: table["id"].to_pylist() for split, table in _splits(records[::-1]).items()} == ids


def test_original_split_of_a_thousand_is_exact_and_stratified():
    categories = [category.name_ko for category in Category]
    tables = _splits([_record(number, categories[number % 7]) for number in range(1000)])
    assert {split: table.num_rows for split, table in tables.items()} == {
        "train": 800,
        "validation": 100,
        "test": 100,
    }
    assert set(Counter(tables["test"]["category_ko"].to_pylist()).values()) <= {14, 15}


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        pytest.param({}, None, id="missing"),
        pytest.param({"label": None}, None, id="null"),
        pytest.param({"label": "-"}, None, id="dash"),
        pytest.param({"label": "None"}, None, id="the word None"),
        pytest.param({"label": "Change Talk"}, "Change Talk", id="change talk stays"),
    ],
)
def test_original_client_label_reads_null_where_there_is_none(turn, expected):
    row = _splits([_record(1, **turn)])["train"].to_pylist()[0]
    assert [turn["label"] for turn in row["dialogue"]] == ["Open Question", expected]


def test_original_takes_both_shapes_of_category():
    early, released = _record(1, "취업·진로"), _record(2, "취업·진로")
    released |= {"category_ko": released.pop("category"), "category_en": "Career·Employment"}
    rows = _splits([early, released])["train"].to_pylist()
    assert [(row["category_ko"], row["category_en"]) for row in rows] == [
        ("취업·진로", "Career·Employment")
    ] * 2
    assert list(rows[0]) == ["id", "category_ko", "category_en", "dialogue"]


def _without(record: dict, key: str) -> dict:
    turn = record["dialogue"][1]
    (turn if key in turn else record).pop(key)
    return record


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        pytest.param([_record(1), _record(1)], "an id occurs twice", id="id twice"),
        pytest.param([_without(_record(1), "utterance_en")], "utterance_en", id="no English"),
        pytest.param([_without(_record(1), "dialogue")], "dialogue", id="no dialogue"),
        pytest.param([_without(_record(1), "category")], "category", id="no category"),
        pytest.param([_record(1, role="상담사")], "상담사", id="unknown role"),
        pytest.param([_record(1, "기타")], "기타", id="unknown category"),
        pytest.param([_record(1, utterance_ko=3)], "int", id="number for text"),
        pytest.param({"data": []}, "indices", id="not a list"),
    ],
)
def test_original_in_another_shape_is_refused_with_the_shape_wanted(records, fault):
    with pytest.raises(ValueError, match=r"kmi.json does not have the shape of the release, \[\{id") as error:
        _splits(records)
    assert fault in str(error.value)


def test_original_cut_short_is_refused():
    with pytest.raises(ValueError, match="does not have the shape of the release"):
        kmi.original_splits(json.dumps([_record(1)]).encode()[:-9], "kmi.json")


def test_fingerprint_changes_with_the_data_and_with_nothing_else(tmp_path):
    data, note = tmp_path / "a.parquet", tmp_path / "note.txt"
    data.write_bytes(b"one")
    os.utime(data, ns=(1, 1))
    first = kmi.fingerprint(tmp_path)
    note.write_bytes(b"not data")
    assert kmi.fingerprint(tmp_path) == first
    os.utime(data, ns=(1, 2))
    second = kmi.fingerprint(tmp_path)
    data.write_bytes(b"three")
    os.utime(data, ns=(1, 2))
    third = kmi.fingerprint(tmp_path)
    assert len({first, second, third, kmi.fingerprint(tmp_path, str(note))}) == 4
