import json

from generation.results import Results
from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion
from generation.sessions.session import Finished, Rejection


def completion(request_hash, **values):
    values = {"session": "0001-1", "stage": "write", "content": "글", "model": "m"} | values
    return Completion(request_hash=request_hash, **values)


def dialogue(number, split="train"):
    return {"id": number, "split": split, "dialogue": [{"utterance_ko": "네"}] * number}


OUTCOMES = {
    2: Outcome(
        "0003", Finished(dialogue(3, "test")), (completion("b"),), ("1번 차례 (korean): x",), n_asked=1
    ),
    0: Outcome("0001", Finished(dialogue(1)), (completion("d", prompt_tokens=5, completion_tokens=2),)),
    3: Outcome("0004", None, (completion("a"),), error="boom"),
    1: Outcome(
        "0002", Rejection("0002", Reason.SCHEMA, "no"), (completion("c", model="n"),), ("schema: no",)
    ),
}


def test_results_come_back_in_the_order_of_the_sessions_whoever_ended_first(tmp_path):
    with Results(tmp_path / "out" / "part") as results:
        for n, outcome in OUTCOMES.items():
            results.add(n, outcome)
        assert list(results.dialogues()) == [dialogue(1), dialogue(3, "test")]
        assert list(results.rejected()) == [
            {"id": 2, "reason": "schema", "detail": "no", "completions": ["c"]}
        ]
        assert [row["request_hash"] for row in results.completions()] == ["a", "b", "c", "d"]
        assert next(results.completions())["content"] == "글"


def test_results_count_by_hand():
    results = Results.of(OUTCOMES[n] for n in sorted(OUTCOMES))
    assert (results.n_dialogues, results.n_rejected, results.n_unfinished, results.n_ended) == (2, 1, 1, 4)
    assert (results.n_utterances, results.n_asked, results.n_completions) == (4, 1, 4)
    assert results.splits == {"train": 1, "test": 1}
    assert results.rejections == {"schema": 1}
    assert results.complaints == {"korean": 1, "schema": 1}
    assert results.models == {"m", "n"}
    assert results.tokens == {"prompt": 5, "completion": 2, "completions_without_count": 3}
    assert results.errors == {"boom": 1}


def test_results_of_a_killed_run_are_replaced_and_the_scratch_file_goes(tmp_path):
    path = tmp_path / "part"
    path.write_bytes(b"left by a run that was killed")
    with Results(path) as results:
        assert list(results.dialogues()) == []
        assert path.exists()
    assert list(tmp_path.iterdir()) == []


def test_rows_are_read_one_after_another(tmp_path):
    with Results(tmp_path / "part") as results:
        for n in range(3):
            results.add(n, Outcome(f"{n:04d}", Finished(dialogue(n + 1)), ()))
        rows = results.dialogues()
        assert json.dumps(next(rows)) == json.dumps(dialogue(1))
        assert len(list(rows)) == 2
