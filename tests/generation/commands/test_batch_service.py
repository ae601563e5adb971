import json

import pytest

from generation.__main__ import main
from tests.generation.backends.batch_server import Service, serving
from tests.generation.stand_in_session import stand_in_line, write_inputs


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.chdir(tmp_path)
    return [*write_inputs(tmp_path, 2), "--store", "store.sqlite"]


def batch_run(inputs, url):
    arguments = ["--out", "rounds", "--base-url", url, "--model", "m", "--every", "0.01"]
    return main(["batch", "run", *inputs, *arguments])


def run(inputs):
    return main(["run", "--backend", "store", *inputs, "--out", "out"])


def test_batch_run_asks_round_after_round_until_every_session_has_ended(tmp_path, inputs, capsys):
    with serving(service := Service(stand_in_line)) as url:
        assert batch_run(inputs, url) == 0
    # one utterance a session and round, three to five of them; the last round finds nothing to ask
    n_asked = [batch["request_counts"]["total"] for batch in service.batches.values()]
    assert run(inputs) == 0
    rows = [json.loads(line) for line in (tmp_path / "out" / "dialogues.jsonl").read_text().splitlines()]
    lengths = [len(row["dialogue"]) for row in rows]
    assert n_asked == [sum(length > n for length in lengths) for n in range(max(lengths))]
    assert rows[0]["provenance"]["model"] == "served-snapshot"
    assert "sk-secret" not in capsys.readouterr().out


def test_batch_run_that_was_stopped_goes_on_where_it_was(tmp_path, inputs):
    service = Service(stand_in_line)
    with serving(service) as url:
        service.fail_next = [("GET", "/v1/files/file-4/content")]
        assert batch_run(inputs, url) == 1
        assert len(service.batches) == 2
        assert batch_run(inputs, url) == 0
    assert len({batch["metadata"]["requests_sha256"] for batch in service.batches.values()}) == len(
        service.batches
    )
    assert run(inputs) == 0


def test_batch_run_stops_where_nothing_is_answered(inputs, capsys):
    with serving(service := Service(lambda line: None)) as url:
        assert batch_run(inputs, url) == 1
    assert "no request of the last round was answered" in capsys.readouterr().err
    assert len(service.batches) == 1


def test_batch_run_needs_the_name_of_a_model(inputs, capsys):
    assert main(["batch", "run", *inputs, "--out", "rounds"]) == 1
    assert "give it with --model" in capsys.readouterr().err


def test_steps_by_hand_give_the_answers_to_import(tmp_path, inputs, capsys):
    assert main(["export", *inputs, "--out", "batch", "--model", "m"]) == 0
    with serving(Service(stand_in_line)) as url:
        folder = ["--folder", "batch", "--base-url", url]
        assert main(["batch", "submit", *folder]) == 0
        assert main(["batch", "poll", *folder, "--wait", "--every", "0.01"]) == 0
        assert "batch_1 completed, 2 of 2 answered" in capsys.readouterr().out
        assert main(["batch", "download", *folder]) == 0
    assert main(["import", "batch/answers.jsonl", *inputs]) == 0
    assert "2 accepted" in capsys.readouterr().out


def test_run_from_the_store_alone_asks_nobody_and_says_what_is_missing(inputs, capsys):
    assert run(inputs) == 1
    assert "not recorded" in capsys.readouterr().err
