import json
import threading
import time

import pytest

from benchmarks.faults import FaultShares
from benchmarks.mock_server import Mock
from benchmarks.workload import make_workload
from generation.__main__ import main
from generation.completions.store import CompletionStore
from generation.tally import read_run_file

KEY = "sk-very-secret-key"
PASSING_FAULTS = FaultShares(rate_limit=0.1, server_error=0.05, drop=0.05, broken_body=0.05, truncate=0.03)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setattr("generation.backends.endpoint.wait_seconds", lambda *_: 0.001)


@pytest.fixture
def workload(tmp_path):
    return make_workload(tmp_path / "workload", 6, n_utterances=5)


def run(workload, url, name, *more, concurrency=4):
    _, _, _, *arguments = workload.command(url, name, concurrency, *more)
    return main(arguments)


def files(workload, name):
    return {path.name: path.read_bytes() for path in (workload.folder / name).iterdir() if path.is_file()}


def test_a_run_that_meets_faults_ends_like_one_that_meets_none_and_counts_them(workload, serve_mock, capsys):
    clean, faulty = Mock(), Mock(shares=PASSING_FAULTS)
    assert run(workload, serve_mock(clean), "clean") == 0
    assert run(workload, serve_mock(faulty), "faulty") == 0
    results = {"dialogues.jsonl", "rejected.jsonl", "manifest.json"}
    expected, found = (
        {name: data for name, data in files(workload, run_name).items() if name in results}
        for run_name in ("clean", "faulty")
    )
    assert expected == found
    figures = read_run_file(workload.folder / "faulty")
    assert figures["retries"] == {
        cause: faulty.counts[fault]
        for cause, fault in (
            ("429", "rate_limit"),
            ("5xx", "server_error"),
            ("broken_body", "broken_body"),
            ("dropped_connection", "drop"),
            ("truncated", "truncate"),
        )
        if faulty.counts[fault]
    }
    assert sum(figures["retries"].values()) == faulty.counts["requests"] - clean.counts["requests"] > 0
    assert (figures["state"], figures["failures"], figures["requests"]["answered"]) == ("finished", {}, 30)
    assert "retries: " in capsys.readouterr().err


def test_the_run_says_whom_it_asks_and_keeps_the_key_out_of_every_file(workload, serve_mock, capsys):
    url = serve_mock(Mock())
    assert run(workload, url, "run") == 0
    assert capsys.readouterr().err.splitlines()[0] == f"asking mock at {url}"
    found = files(workload, "run")
    assert {"run.json", "manifest.json", "dialogues.jsonl", "completions.sqlite"} <= set(found)
    assert all(KEY.encode() not in data for data in found.values())
    assert "results.part" not in found
    assert read_run_file(workload.folder / "run")["base_url"] == url


def test_a_run_that_reaches_its_cap_keeps_everything_and_goes_on_without_asking_again(
    workload, serve_mock, capsys
):
    mock = Mock(latency_seconds=0.01)
    url = serve_mock(mock)
    assert run(workload, url, "run", "--max-tokens", "20000") == 3
    told = capsys.readouterr()
    assert "the cap of 20,000 tokens is reached" in told.err.splitlines()[-1]
    assert "run the same command again" in told.err
    figures = read_run_file(workload.folder / "run")
    spent = figures["tokens"]["prompt"] + figures["tokens"]["completion"]
    assert 14_000 < spent <= 20_000
    assert (figures["state"], figures["stopped_by"][:7]) == ("unfinished", "the cap")
    assert figures["requests"]["under_way"] == 0
    with CompletionStore(workload.folder / "run" / "completions.sqlite", read_only=True) as store:
        assert len(store) == mock.counts["requests"] == figures["requests"]["answered"]
    assert run(workload, url, "run") == 0
    assert (mock.counts["requests"], mock.counts["asked_again"]) == (30, 0)


def test_a_cap_on_the_cost_needs_prices_and_holds(workload, serve_mock, capsys):
    mock = Mock()
    url = serve_mock(mock)
    assert run(workload, url, "run", "--max-cost", "1") == 1
    assert "needs the prices of a million tokens" in capsys.readouterr().err
    assert mock.counts["requests"] == 0
    prices = ("--price-in", "1", "--price-out", "2")
    assert run(workload, url, "run", "--max-cost", "0.02", *prices, concurrency=1) == 3
    assert 0.01 < read_run_file(workload.folder / "run")["cost_usd"] <= 0.02


def test_the_rate_of_requests_is_kept(workload, serve_mock):
    mock = Mock()
    began = time.monotonic()
    assert run(workload, serve_mock(mock), "run", "--requests-per-minute", "3000", concurrency=6) == 0
    assert time.monotonic() - began >= 29 * 0.02
    assert mock.counts["requests"] == 30


def test_status_tells_of_a_run_while_it_goes_on_and_after(workload, serve_mock, capsys):
    out = workload.folder / "run"
    running = threading.Thread(
        target=run, args=(workload, serve_mock(Mock(latency_seconds=0.25)), "run"), daemon=True
    )
    running.start()
    while not (out / "run.json").exists() or not read_run_file(out)["requests"]["under_way"]:
        assert running.is_alive()
        time.sleep(0.02)
    capsys.readouterr()
    assert main(["status", str(out)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()[:3]
    assert first.startswith(f"{out}: running; openai mock http://127.0.0.1:")
    assert " of 6 sessions, finished " in second
    assert " under way, " in second
    assert third == "requests at once: 4 now, 4 at the lowest"
    running.join(timeout=30)
    assert main(["status", str(out)]) == 0
    assert f"{out}: finished; " in capsys.readouterr().out


def test_status_knows_a_run_that_was_killed(workload, serve_mock, capsys):
    out = workload.folder / "run"
    assert run(workload, serve_mock(Mock()), "run") == 0
    figures = read_run_file(out) | {"state": "running", "updated_at": "2025-01-01T00:00:00+00:00"}
    (out / "run.json").write_text(json.dumps(figures))
    capsys.readouterr()
    assert main(["status", str(out)]) == 0
    assert "no longer written to for" in capsys.readouterr().out.splitlines()[0]


def test_a_run_stopped_from_the_keyboard_says_so_in_its_figures(workload, serve_mock, monkeypatch, capsys):
    async def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("generation.commands.run.drive_all", interrupted)
    assert run(workload, serve_mock(Mock()), "run") == 130
    figures = read_run_file(workload.folder / "run")
    assert (figures["state"], figures["stopped_by"]) == ("stopped", "the keyboard")


def test_estimate_tells_requests_tokens_money_and_time(workload, capsys):
    more = ["--price-in", "1", "--price-out", "10", "--concurrency", "2", "--tokens-per-second", "10"]
    store = ["--store", str(workload.folder / "none.sqlite")]
    assert main(["estimate", *workload.inputs, *store, *more]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("an estimate for 6 sessions")
    assert lines[2] == "requests: 30 (therapist 18, client 12)"
    assert lines[3].startswith("tokens: ")
    n_in, n_out = (int(part.split()[0].replace(",", "")) for part in lines[3][8:].split(", "))
    assert lines[4].startswith(f"cost: ${(n_in + 10 * n_out) / 1e6:.2f}, ")
    seconds = (30 * 0.5 + n_out / 10) / 2
    assert lines[5] == f"time: {round(seconds / 60)} min with 2 requests at once, 10 tokens a second each"


def test_estimate_comes_near_what_the_run_then_takes(workload, serve_mock, capsys):
    store = ["--store", str(workload.folder / "none.sqlite")]
    assert main(["estimate", *workload.inputs, *store]) == 0
    line = capsys.readouterr().out.splitlines()[3]
    n_in = int(line[8:].split()[0].replace(",", ""))
    assert run(workload, serve_mock(Mock()), "run") == 0
    assert n_in == pytest.approx(read_run_file(workload.folder / "run")["tokens"]["prompt"], rel=0.1)
    assert not (workload.folder / "none.sqlite").exists()


def test_an_error_that_stops_the_run_is_in_its_figures_without_the_key(
    workload, serve_mock, monkeypatch, capsys
):
    class Spent(Mock):
        def answer(self, body):
            if self.counts["requests"] < 7:
                return super().answer(body)
            error = {"message": f"no money left for {KEY}", "code": "insufficient_quota"}
            return 429, json.dumps({"error": error}).encode()

    assert run(workload, serve_mock(Spent()), "run", concurrency=1) == 1
    figures = read_run_file(workload.folder / "run")
    assert "no money left for ***" in figures["stopped_by"]
    assert (figures["state"], figures["failures"]) == ("unfinished", {"refused": 1})
    assert main(["status", str(workload.folder / "run")]) == 0
    told = capsys.readouterr()
    assert "stopped by 0002-1-therapist-03-1: " in told.out
    assert KEY not in told.out + told.err
    assert all(KEY.encode() not in data for data in files(workload, "run").values())
