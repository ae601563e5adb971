"""Rows, files and digest of the dataset from finished dialogues written by hand."""

import hashlib
import json

import pyarrow.parquet as pq
import pytest

from generation import dataset
from generation.dataset import DatasetError, dataset_rows, read_rows, rows_digest, write_dataset
from kmi import CONFIGS, SPLITS, Label, Sublabel, features


def test_utterance_rows_hold_class_ids_and_the_previous_utterance(small_dialogues):
    rows = dataset_rows(small_dialogues)["utterances", "validation"]
    assert [row["index"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[0] == {
        "dialogue_id": 2,
        "index": 0,
        "role": 0,
        "label": list(Label).index(Label.GENERAL),
        "sublabel": list(Sublabel).index(Sublabel.GREETING),
        "utterance_ko": "안녕하세요, 윤서 씨. 오늘 어떤 일로 오셨어요?",
        "utterance_en": "Hello, Yunseo. What brings you here?",
        "previous_utterance_ko": None,
        "previous_utterance_en": None,
        "category_en": "Addiction·Obsession",
        "stage_of_change": "contemplation",
        "risk": "alcohol_drugs",
    }
    assert rows[3]["previous_utterance_ko"] == "술자리를 줄이고 싶은 마음이 있으시군요."
    assert (rows[3]["role"], rows[3]["label"], rows[3]["sublabel"]) == (1, 9, None)


def test_messages_run_from_user_to_assistant_whoever_ends_the_dialogue(small_dialogues):
    rows = dataset_rows(small_dialogues)
    ends_with_client, ends_with_therapist = rows["messages", "test"][0], rows["messages", "validation"][0]
    for row in (ends_with_client, ends_with_therapist):
        assert row["opening"] == "안녕하세요, 윤서 씨. 오늘 어떤 일로 오셨어요?"
        assert [turn["role"] for turn in row["messages"]] == ["user", "assistant", "user", "assistant"]
        assert row["messages"][-1]["content"] == "다음 주 약속을 정해 보시는군요. 고맙습니다."
    assert ends_with_client["closing"] == "네, 수요일은 쉬어 볼게요."
    assert ends_with_therapist["closing"] is None


def test_rows_are_sorted_by_id_and_stay_in_their_split(small_dialogues):
    rows = dataset_rows(small_dialogues)
    assert {split: [row["id"] for row in rows["dialogues", split]] for split in SPLITS} == {
        "train": [1, 4],
        "validation": [2],
        "test": [3],
    }
    assert "split" not in rows["dialogues", "train"][0]
    assert [row["dialogue_id"] for row in rows["utterances", "train"]] == [1] * 6 + [4] * 5


def test_write_dataset_tells_what_it_wrote(small_dialogues, tmp_path):
    summary = write_dataset(small_dialogues, tmp_path)
    assert summary.n_rows == {
        "dialogues": {"train": 2, "validation": 1, "test": 1},
        "utterances": {"train": 11, "validation": 5, "test": 6},
        "messages": {"train": 2, "validation": 1, "test": 1},
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{config}-{split}.parquet" for config in CONFIGS for split in SPLITS
    )


def test_written_files_read_back_to_the_same_rows_and_digest(small_dialogues, tmp_path):
    summary = write_dataset(small_dialogues, tmp_path)
    assert read_rows(tmp_path) == dataset_rows(small_dialogues)
    assert rows_digest(read_rows(tmp_path)) == summary.digest


def test_same_dialogues_in_any_order_give_the_same_bytes(small_dialogues, tmp_path):
    first = write_dataset(small_dialogues, tmp_path / "a")
    second = write_dataset(reversed(small_dialogues), tmp_path / "b")
    assert first == second
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_files_hold_the_schema_of_the_contract_without_metadata_of_datasets(small_dialogues, tmp_path):
    write_dataset(small_dialogues, tmp_path)
    for config in CONFIGS:
        file = pq.ParquetFile(tmp_path / f"{config}-test.parquet")
        assert file.schema_arrow.equals(features(config).arrow_schema)
        assert b"huggingface" not in (file.metadata.metadata or {})
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_rows_digest_is_the_hash_of_canonical_json(small_dialogues):
    rows = {(config, split): [] for config in CONFIGS for split in SPLITS}
    rows["messages", "test"] = [{"b": "가", "a": None}]
    lines = [[config, split, rows[config, split]] for config in CONFIGS for split in SPLITS]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines[:-1])
    text += '["messages","test",[{"a":null,"b":"가"}]]\n'
    assert rows_digest(rows) == hashlib.sha256(text.encode()).hexdigest()


def test_rows_digest_changes_with_one_character(small_dialogues):
    before = rows_digest(dataset_rows(small_dialogues))
    small_dialogues[0]["dialogue"][2]["utterance_en"] += " "
    assert rows_digest(dataset_rows(small_dialogues)) != before


def test_split_without_dialogues_has_no_file_and_loses_the_old_one(small_dialogues, tmp_path):
    write_dataset(small_dialogues, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    summary = write_dataset([row for row in small_dialogues if row["split"] != "test"], tmp_path)
    assert summary.n_rows["dialogues"] == {"train": 2, "validation": 1, "test": 0}
    names = {path.name for path in tmp_path.iterdir()}
    assert "notes.txt" in names and not any("test" in name for name in names)
    assert rows_digest(read_rows(tmp_path)) == summary.digest


def test_failure_while_writing_leaves_the_old_files_as_they_were(small_dialogues, tmp_path, monkeypatch):
    write_dataset(small_dialogues, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    small_dialogues[0]["dialogue"][0]["utterance_ko"] = "다른 글"
    write_table, written = pq.write_table, []

    def fill_the_disk(table, path, **options):
        if len(written) == 4:
            raise OSError(28, "No space left on device")
        written.append(path)
        write_table(table, path, **options)

    monkeypatch.setattr(dataset.pq, "write_table", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        write_dataset(small_dialogues, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_id_that_occurs_twice_is_refused(small_dialogues, tmp_path):
    with pytest.raises(DatasetError, match="dialogue 3 occurs twice"):
        write_dataset([*small_dialogues, small_dialogues[0]], tmp_path)
    assert not list(tmp_path.iterdir())


def test_profile_in_two_splits_is_refused(small_dialogues):
    small_dialogues[0]["profile"] = small_dialogues[1]["profile"]
    with pytest.raises(DatasetError, match=r"dialogues 3 \(test\) and 1 \(train\) have the same profile"):
        dataset_rows(small_dialogues)


def test_missing_files_are_named_with_the_way_to_make_them(tmp_path):
    with pytest.raises(DatasetError, match=f"no file of the dataset in {tmp_path}; run `make regenerate`"):
        read_rows(tmp_path)


def test_damaged_file_is_named(small_dialogues, tmp_path):
    write_dataset(small_dialogues, tmp_path)
    (tmp_path / "messages-test.parquet").write_bytes(b"PAR1 cut short")
    with pytest.raises(DatasetError, match=r"can't read .*messages-test.parquet"):
        read_rows(tmp_path)
