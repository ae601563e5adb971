import json

import pytest

from generation.backends.batch_parts import read_parts
from generation.backends.batch_service import BatchService
from generation.backends.interface import BackendError
from generation.completions.batch import write_batch
from generation.completions.batch_answers import read_answers
from generation.completions.driving import custom_id
from generation.sessions.request import Message, Request
from tests.generation.backends.batch_server import Service, serving

KEY = "sk-very-secret-key"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def request(n):
    return Request(
        session=f"{n:04d}-1",
        stage="write",
        attempt=1,
        prompt="write_v1",
        messages=(Message(role="user", content=f"한국어 {n}"),),
        schema={"type": "object"},
        temperature=0.8,
        max_tokens=100,
    )


def exported(folder, n=3):
    requests = [request(i + 1) for i in range(n)]
    write_batch(folder, requests, "some-model")
    return [custom_id(one) for one in requests]


def echo(line):
    return line["body"]["messages"][-1]["content"]


def test_answers_of_a_batch_come_back_under_the_ids_of_the_requests(tmp_path):
    ids = exported(tmp_path)
    service = Service(echo, n_polls=2)
    with serving(service) as url:
        batches = BatchService(url)
        (part,) = batches.submit(tmp_path)
        assert (part.status, part.n_requests, part.batch_id) == ("validating", 3, "batch_1")
        assert not batches.refresh(tmp_path)[0].has_ended
        (ended,) = batches.refresh(tmp_path)
        assert (ended.status, ended.n_completed) == ("completed", 3)
        answers, problems = read_answers(batches.download(tmp_path))
    assert problems == []
    assert [(answer.custom_id, answer.content) for answer in answers] == [
        (name, f"한국어 {n}") for n, name in enumerate(ids, start=1)
    ]
    assert (answers[0].model, answers[0].prompt_tokens) == ("served-snapshot", 7)
    assert service.files["file-1"] == (tmp_path / "requests.jsonl").read_bytes()
    created = service.batches["batch_1"]
    assert (created["endpoint"], created["completion_window"]) == ("/v1/chat/completions", "24h")


def test_a_file_too_large_for_one_batch_goes_out_in_parts(tmp_path):
    ids = exported(tmp_path, 5)
    with serving(service := Service(echo)) as url:
        batches = BatchService(url, max_requests=2)
        assert [part.n_requests for part in batches.submit(tmp_path)] == [2, 2, 1]
        batches.refresh(tmp_path)
        answers, _ = read_answers(batches.download(tmp_path))
    assert [answer.custom_id for answer in answers] == ids
    longest = max(map(len, (tmp_path / "requests.jsonl").read_bytes().splitlines(keepends=True)))
    with serving(service) as url:
        batches = BatchService(url, max_bytes=longest)
        (tmp_path / "batch.json").unlink()
        assert [part.n_requests for part in batches.submit(tmp_path)] == [1] * 5


def test_submitting_again_submits_nothing_twice(tmp_path):
    exported(tmp_path)
    with serving(service := Service(echo)) as url:
        first = BatchService(url).submit(tmp_path)
        assert BatchService(url).submit(tmp_path) == first
        (tmp_path / "batch.json").unlink()  # as after a stop right behind the service's answer
        assert BatchService(url).submit(tmp_path) == first
    assert len(service.batches) == 1


def test_a_submission_that_was_cut_short_goes_on_with_the_part_that_is_missing(tmp_path):
    exported(tmp_path, 4)
    service = Service(echo)
    with serving(service) as url:
        batches = BatchService(url, max_requests=2)
        original = service.upload

        def upload_once(*arguments):
            service.upload = original
            service.fail_next = [("POST", "/v1/files")]
            return original(*arguments)

        service.upload = upload_once
        with pytest.raises(BackendError, match="submit: .*told to fail.*run the same command again"):
            batches.submit(tmp_path)
        assert len(read_parts(tmp_path)) == 1
        assert [part.batch_id for part in batches.submit(tmp_path)] == ["batch_1", "batch_2"]
    assert len(service.batches) == 2


def test_a_batch_that_the_service_refused_is_named_with_its_reason_and_can_be_submitted_anew(tmp_path):
    exported(tmp_path)
    with serving(service := Service(echo, ends_as="failed")) as url:
        batches = BatchService(url)
        batches.submit(tmp_path)
        with pytest.raises(BackendError, match="refused batch batch_1: line 1 is bad"):
            batches.download(tmp_path)
        service.ends_as = "completed"
        assert batches.submit(tmp_path)[0].batch_id == "batch_2"
        assert batches.download(tmp_path).exists()


def test_requests_that_failed_or_expired_are_left_over_for_the_next_export(tmp_path):
    ids = exported(tmp_path)
    service = Service(lambda line: None if line["custom_id"] == ids[1] else "x", ends_as="expired")
    with serving(service) as url:
        batches = BatchService(url)
        batches.submit(tmp_path)
        answers, problems = read_answers(batches.download(tmp_path))
    assert [answer.custom_id for answer in answers] == [ids[0], ids[2]]
    assert problems == []
    assert json.loads((tmp_path / "errors.jsonl").read_text())["custom_id"] == ids[1]


def test_download_waits_for_the_end_and_leaves_no_half_file(tmp_path):
    exported(tmp_path)
    with serving(service := Service(echo, n_polls=3)) as url:
        batches = BatchService(url)
        batches.submit(tmp_path)
        with pytest.raises(BackendError, match="batch_1 is in_progress"):
            batches.download(tmp_path)
        batches.refresh(tmp_path)
        service.fail_next = [("GET", "/v1/files/file-2/content")]
        with pytest.raises(BackendError, match="download: .*told to fail"):
            batches.download(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "batch.json",
        "brief.md",
        "errors.jsonl",
        "requests.jsonl",
    ]


def test_batches_of_other_requests_are_not_replaced_before_they_were_downloaded(tmp_path):
    exported(tmp_path, 2)
    with serving(Service(echo)) as url:
        batches = BatchService(url)
        batches.submit(tmp_path)
        exported(tmp_path, 3)
        with pytest.raises(BackendError, match="not downloaded"):
            batches.submit(tmp_path)
        exported(tmp_path, 2)
        batches.submit(tmp_path)
        batches.download(tmp_path)
        exported(tmp_path, 3)
        assert batches.submit(tmp_path)[0].n_requests == 3
        assert not (tmp_path / "answers.jsonl").exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("http://127.0.0.1:9/v1", "submit: http://127.0.0.1:9/v1: ", id="nobody there"),
        pytest.param("http://user:word@127.0.0.1/v1", "holds credentials", id="credentials in the URL"),
    ],
)
def test_errors_are_one_line_without_the_key(tmp_path, url, message):
    exported(tmp_path)
    with pytest.raises(BackendError, match=message.replace("submit", "(submit|look for batches)")) as caught:
        service = BatchService(url)
        service._client = service._client.with_options(max_retries=0)
        service.submit(tmp_path)
    assert KEY not in str(caught.value) and "\n" not in str(caught.value)


def test_errors_before_anything_was_sent_name_the_next_command(tmp_path, monkeypatch):
    service = BatchService("http://127.0.0.1:9/v1")
    with pytest.raises(BackendError, match="nothing was submitted from .*batch submit"):
        service.refresh(tmp_path)
    with pytest.raises(BackendError, match="write it with `export`"):
        service.submit(tmp_path)
    (tmp_path / "requests.jsonl").write_text("")
    with pytest.raises(BackendError, match="no session waits"):
        service.submit(tmp_path)
    (tmp_path / "batch.json").write_text('{"batches": [{}]}')
    with pytest.raises(BackendError, match="is damaged"):
        service.refresh(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(BackendError, match="no key"):
        BatchService()
