"""What the card reads from the data."""

import pyarrow.parquet as pq
import pytest

from dataset_card.corpus import CardError, Corpus, read_corpus
from kmi import CONFIGS, Role, StageOfChange


def test_corpus_counts_rows_and_sizes_of_every_file(small_project):
    corpus = read_corpus(small_project / "kmi")
    assert [(part.path, part.n_rows) for part in corpus.parts_of("utterances")] == [
        ("data/utterances-train.parquet", 11),
        ("data/utterances-validation.parquet", 5),
        ("data/utterances-test.parquet", 6),
    ]
    for part in corpus.parts:
        path = small_project / "kmi" / part.path
        assert part.n_file_bytes == path.stat().st_size
        assert part.n_bytes == pq.ParquetFile(path).read().nbytes


def test_corpus_counts_utterances_of_each_dialogue(small_project):
    corpus = read_corpus(small_project / "kmi")
    assert corpus.lengths == [6, 5, 5, 6]  # 1 and 4 in train, 2 in validation, 3 in test; the odd close
    assert corpus.splits == ("train", "validation", "test")
    assert corpus.count_by_split("Addiction·Obsession") == [2, 1, 1]
    assert corpus.count_by_split("Family") == [0, 0, 0]


def _corpus(*dialogues: dict, split: str = "train") -> Corpus:
    return Corpus((), {split: list(dialogues)})


def _dialogue(
    number: int, n_utterances: int, risk: str = "none", prompts: tuple[str, ...] = ("plan_write_v2",)
) -> dict:
    turn = {"role": "Client", "utterance_ko": "가 나", "label": "Neutral"}
    turn |= {"planned_label": "Change Talk", "written_label": None}
    provenance = {"prompts": list(prompts)}
    return {"id": number, "risk": risk, "dialogue": [turn] * n_utterances, "provenance": provenance}


def test_example_is_the_shortest_safe_train_dialogue_by_the_newest_prompt_and_of_these_the_first():
    shortest = _dialogue(1, 2, "suicide_self_harm")
    older = _dialogue(6, 1, prompts=("plan_code_v9", "plan_write_v1"))
    assert _corpus(_dialogue(5, 3), _dialogue(3, 3), _dialogue(2, 4), shortest, older).example()["id"] == 3
    assert _corpus(shortest).example()["id"] == 1
    assert _corpus(shortest, split="test").example()["id"] == 1


def test_count_follows_the_contract_and_leaves_out_what_does_not_occur():
    corpus = _corpus(*[{"stage": stage} for stage in ("action", "contemplation", "action", "relapse")])
    assert list(corpus.count(lambda row: row["stage"], StageOfChange).items()) == [
        ("contemplation", 1),
        ("action", 2),
        ("relapse", 1),
    ]


def test_agreement_is_the_share_of_utterances_that_have_both_labels():
    corpus = _corpus(_dialogue(1, 2))
    corpus.dialogues["train"][0]["dialogue"] = [
        {"label": "Neutral", "planned_label": "Neutral", "coded_label": None},
        {"label": "Neutral", "planned_label": "Change Talk", "coded_label": None},
        {"label": "Neutral", "planned_label": None, "coded_label": None},
    ]
    assert corpus.agreement("label", "planned_label") == 0.5
    assert corpus.agreement("label", "coded_label") is None


def test_mean_characters_are_those_of_one_speaker_with_blanks():
    assert _corpus(_dialogue(1, 2)).mean_characters(Role.CLIENT) == 3


def test_missing_data_are_named_with_the_way_to_make_them(small_project, tmp_path):
    with pytest.raises(CardError, match=r"data lacks all data; run `make regenerate`"):
        read_corpus(tmp_path / "nowhere")
    (small_project / "kmi" / "data" / "messages-test.parquet").unlink()
    with pytest.raises(CardError, match=r"data lacks messages-test; run `make regenerate`"):
        read_corpus(small_project / "kmi")


def test_split_without_dialogues_is_left_out(small_project):
    for config in CONFIGS:
        (small_project / "kmi" / "data" / f"{config}-validation.parquet").unlink()
    assert read_corpus(small_project / "kmi").splits == ("train", "test")


def test_other_columns_are_refused(small_project):
    path = small_project / "kmi" / "data" / "dialogues-train.parquet"
    pq.write_table(pq.read_table(path).drop_columns("risk"), path)
    with pytest.raises(CardError, match=r"dialogues-train.parquet has other columns than kmi.py"):
        read_corpus(small_project / "kmi")


def test_damaged_file_is_named(small_project):
    (small_project / "kmi" / "data" / "dialogues-train.parquet").write_bytes(b"PAR1")
    with pytest.raises(CardError, match=r"can't read .*dialogues-train.parquet"):
        read_corpus(small_project / "kmi")
