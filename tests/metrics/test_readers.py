import json

import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

from kmi import Label
from metrics.readers import read_dialogues

LABELS = list(Label)


def row(number, *labels, **columns):
    turns = [{"role": Label(label).role.value, "utterance_ko": "네.", "label": label} for label in labels]
    return {"id": number, "dialogue": turns, **columns}


def utterance_rows(dialogue_id, *labels):
    return [
        {
            "dialogue_id": dialogue_id,
            "index": index,
            "role": ["Therapist", "Client"].index(Label(label).role.value),
            "label": LABELS.index(label),
            "category_en": "Family",
        }
        for index, label in enumerate(labels)
    ]


def write_parquet(path, rows):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


ROWS = [row(1, "General", "Neutral"), row(2, "Open Question", "Change Talk", "Affirm")]
EXPECTED = [(Label.GENERAL, Label.NEUTRAL), (Label.OPEN_QUESTION, Label.CHANGE_TALK, Label.AFFIRM)]


def test_json_list_json_object_jsonl_and_parquet_give_the_same_dialogues(tmp_path):
    (tmp_path / "list.json").write_text(json.dumps(ROWS))
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps(r) for r in ROWS) + "\n\n")
    write_parquet(tmp_path / "rows.parquet", ROWS)
    (tmp_path / "one.json").write_text(json.dumps(ROWS[1]))
    for name in ("list.json", "lines.jsonl", "rows.parquet"):
        assert [d.labels for d in read_dialogues(str(tmp_path / name)).dialogues] == EXPECTED
    assert [d.labels for d in read_dialogues(str(tmp_path / "one.json")).dialogues] == EXPECTED[1:]


def test_byte_order_mark_of_windows_editors_is_no_fault(tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps(ROWS[0]), encoding="utf-8-sig")
    (tmp_path / "x.json").write_text(json.dumps(ROWS), encoding="utf-8-sig")
    assert len(read_dialogues(str(tmp_path)).dialogues) == 3


def test_dataset_repository_is_read_by_config_with_splits_from_file_names(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "README.md").write_text("a card")
    (tmp_path / "manifest.json").write_text("{}")
    for number, split in enumerate(("train", "validation", "test")):
        write_parquet(tmp_path / "data" / f"dialogues-{split}.parquet", [row(number, "General", "Neutral")])
        write_parquet(
            tmp_path / "data" / f"utterances-{split}.parquet", utterance_rows(number, "Advise", "Neutral")
        )
        write_parquet(
            tmp_path / "data" / f"messages-{split}.parquet",
            [{"opening": "안녕하세요.", "messages": [{"role": "user", "content": "네."}], "closing": None}],
        )
    default = read_dialogues(str(tmp_path)).dialogues
    assert sorted(d.split for d in default) == ["test", "train", "validation"]
    assert {d.labels for d in default} == {(Label.GENERAL, Label.NEUTRAL)}
    utterances = read_dialogues(str(tmp_path), config="utterances", split="test").dialogues
    assert [(d.id, d.labels, d.category) for d in utterances] == [
        ("2", (Label.ADVISE, Label.NEUTRAL), "Family")
    ]
    messages = read_dialogues(str(tmp_path), config="messages")
    assert len(messages.refused) == 3
    assert "no utterance has a 'label'" in messages.refused[0].reason
    assert "let `python -m metrics code` give labels first" in messages.refused[0].reason


def test_utterance_rows_are_ordered_by_index_and_gathered_by_dialogue(tmp_path):
    rows = utterance_rows(5, "General", "Neutral", "Affirm")[::-1] + utterance_rows(6, "Advise")
    path = write_parquet(tmp_path / "utterances-train.parquet", rows)
    dialogues = read_dialogues(str(path)).dialogues
    assert [(d.id, d.split, len(d.labels)) for d in dialogues] == [("5", "train", 3), ("6", "train", 1)]
    assert dialogues[0].labels == (Label.GENERAL, Label.NEUTRAL, Label.AFFIRM)


@pytest.mark.parametrize("lost", [0, 1])
def test_half_a_dialogue_of_utterance_rows_is_refused(tmp_path, lost):
    rows = utterance_rows(5, "General", "Neutral", "Affirm")
    del rows[lost]
    reading = read_dialogues(str(write_parquet(tmp_path / "u.parquet", rows)))
    assert reading.dialogues == ()
    assert reading.refused[0].where == "u.parquet, row 1, dialogue_id 5"
    assert "allowed is each of 0 to 1 once, so utterances are missing" in reading.refused[0].reason


def test_folder_of_files_reads_all_of_them(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(ROWS))
    (tmp_path / "b.jsonl").write_text(json.dumps(ROWS[0]))
    (tmp_path / "notes.txt").write_text("not data")
    assert len(read_dialogues(str(tmp_path)).dialogues) == 3


def test_refused_dialogues_are_listed_and_the_others_stay_whole(tmp_path):
    bad = row(3, "General")
    bad["dialogue"][0]["label"] = "Greeting"
    (tmp_path / "x.jsonl").write_text("\n".join(json.dumps(r) for r in (ROWS[0], bad, ROWS[0], ROWS[1])))
    reading = read_dialogues(str(tmp_path / "x.jsonl"))
    assert [d.labels for d in reading.dialogues] == EXPECTED
    assert [refusal.where for refusal in reading.refused] == ["x.jsonl, line 2", "x.jsonl, line 3"]
    assert reading.refused[0].reason.startswith(
        "dialogue[0].label: 'Greeting' is not a label of the Therapist"
    )
    assert reading.refused[1].reason == "id: '1' was used before, at x.jsonl, line 1"


def test_hub_id_goes_through_load_dataset(monkeypatch):
    asked = []

    def load_dataset(path, config):
        asked.append((path, config))
        return DatasetDict(train=Dataset.from_list([ROWS[0]]), test=Dataset.from_list([ROWS[1]]))

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    reading = read_dialogues("owner/counseling", config="dialogues")
    assert asked == [("owner/counseling", "dialogues")]
    assert [(d.split, d.labels) for d in reading.dialogues] == [("train", EXPECTED[0]), ("test", EXPECTED[1])]


def test_class_ids_take_the_names_of_their_own_dataset(tmp_path, monkeypatch):
    # another order than the contract's: 0 is Change Talk, 1 is Advise; roles reversed too
    features = Features(
        dialogue_id=Value("int64"),
        index=Value("int64"),
        role=ClassLabel(names=["Client", "Therapist"]),
        label=ClassLabel(names=["Change Talk", "Advise"]),
    )
    turns = [(1, 1), (0, 0), (1, 1), (0, None)]
    rows = [{"dialogue_id": 1, "index": i, "role": r, "label": a} for i, (r, a) in enumerate(turns)]
    dataset = Dataset.from_list(rows, features=features)
    expected = (Label.ADVISE, Label.CHANGE_TALK, Label.ADVISE, None)
    dataset.to_parquet(tmp_path / "u.parquet")
    assert read_dialogues(str(tmp_path / "u.parquet")).dialogues[0].labels == expected
    monkeypatch.setattr("datasets.load_dataset", lambda path, config: DatasetDict(test=dataset))
    assert read_dialogues("owner/counseling").dialogues[0].labels == expected


def test_hub_failure_is_one_clear_error(monkeypatch):
    def load_dataset(path, config):
        raise ConnectionError("Couldn't reach the Hub\nlong trace")

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    with pytest.raises(ValueError, match=r"^owner/none: .* \(Couldn't reach the Hub\)$"):
        read_dialogues("owner/none")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("x.json", b'[\n{"id": 1,]', r"x\.json: line 2: not JSON", id="broken JSON"),
        pytest.param("x.jsonl", b'{}\n{"id"', r"x\.jsonl: line 2: not JSON", id="half a line"),
        pytest.param("x.parquet", b"PAR0", r"x\.parquet: not a Parquet file", id="foreign Parquet"),
        pytest.param("x.json", b'["\xff"]', r"x\.json: not UTF-8", id="foreign encoding"),
        pytest.param(
            "x.csv", b"a,b", r"x\.csv: unknown kind of file '\.csv'; allowed are", id="unknown kind"
        ),
    ],
)
def test_unreadable_file_is_an_error_with_its_place(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_dialogues(str(tmp_path / name))


def test_missing_source_config_and_split_are_named(tmp_path):
    with pytest.raises(ValueError, match="no such file or folder"):
        read_dialogues(str(tmp_path / "nowhere.json"))
    with pytest.raises(ValueError, match=r"the folder holds no file \*\.parquet"):
        read_dialogues(str(tmp_path))
    write_parquet(tmp_path / "dialogues-train.parquet", ROWS)
    with pytest.raises(ValueError, match="no files of config 'messages'; configs found: dialogues"):
        read_dialogues(str(tmp_path), config="messages")
    with pytest.raises(ValueError, match="no dialogue of split 'test'; splits found: train"):
        read_dialogues(str(tmp_path), split="test")
