import json

import pytest

from generation.__main__ import main
from generation.completions.recording import write_recording
from generation.completions.store import CompletionStore
from tests.generation.stand_in_endpoint import serving
from tests.generation.stand_in_session import write_inputs

pytestmark = pytest.mark.heavy
ray = pytest.importorskip("ray")

RESULTS = ("dialogues.jsonl", "rejected.jsonl", "manifest.json")
N_PROFILES = 12


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Two nodes of one core each, so that one worker is not where the store is."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("OPENAI_API_KEY", "sk-secret")
        nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        nodes.add_node(num_cpus=1)
        ray.init(address=nodes.address, log_to_driver=False)
        yield
        ray.shutdown()
        nodes.shutdown()


@pytest.fixture
def inputs(tmp_path):
    return write_inputs(tmp_path, N_PROFILES)


def run(out, inputs, *options, engine="ray"):
    return main(["run", *inputs, "--out", str(out), "--engine", engine, "--workers", "2", *map(str, options)])


def results(out):
    return {name: (out / name).read_bytes() for name in RESULTS}


def recorded(store, path):
    """The content of a store as the bytes of a recording."""
    with CompletionStore(store, read_only=True) as completions:
        write_recording(path, completions)
    return path.read_bytes()


def asking(server, store):
    return ["--backend", "openai", "--base-url", server.url, "--model", "m", "--store", store]


def test_results_and_store_have_the_bytes_of_the_local_engine(tmp_path, inputs):
    with serving() as server:
        stores = [tmp_path / "local.sqlite", tmp_path / "ray.sqlite"]
        assert run(tmp_path / "local", inputs, *asking(server, stores[0]), engine="local") == 0
        n_local, server.n_asked = server.n_asked, 0
        assert run(tmp_path / "ray", inputs, *asking(server, stores[1])) == 0
        assert server.n_asked == n_local
    assert results(tmp_path / "ray") == results(tmp_path / "local")
    local, on_ray = (recorded(store, store.with_suffix(".jsonl.gz")) for store in stores)
    assert on_ray == local
    figures = json.loads((tmp_path / "ray" / "run.json").read_text())
    assert figures["requests"]["answered"] == n_local
    assert figures["tokens"]["prompt"] == 12 * n_local
    assert figures["sessions"]["finished"] == N_PROFILES


def test_a_run_goes_on_from_the_store_that_the_local_engine_began(tmp_path, inputs):
    store = tmp_path / "store.sqlite"
    with serving() as server:
        assert run(tmp_path / "a", inputs, *asking(server, store), "--limit", 5, engine="local") == 0
        n_first = server.n_asked
        assert run(tmp_path / "b", inputs, *asking(server, store)) == 0
        n_all = server.n_asked
        assert run(tmp_path / "c", inputs, *asking(server, store)) == 0
        assert server.n_asked == n_all > n_first
    with CompletionStore(store, read_only=True) as completions:
        assert len(completions) == n_all
    assert results(tmp_path / "b") == results(tmp_path / "c")


def test_a_recording_is_replayed_to_the_same_bytes(tmp_path, inputs):
    store = tmp_path / "store.sqlite"
    with serving() as server:
        run(tmp_path / "local", inputs, *asking(server, store), engine="local")
    recorded(store, tmp_path / "recording" / "0001.jsonl.gz")
    replay = ["--backend", "replay", "--recording", tmp_path / "recording"]
    assert run(tmp_path / "ray", inputs, *replay) == 0
    assert results(tmp_path / "ray") == results(tmp_path / "local")


def test_a_refused_key_ends_the_run_with_its_reason_and_nothing_is_lost(tmp_path, inputs, capsys):
    with serving(status=401) as server:
        assert run(tmp_path / "out", inputs, *asking(server, tmp_path / "store.sqlite")) == 1
    error = capsys.readouterr().err
    assert "refuses the key in OPENAI_API_KEY" in error and "sk-secret" not in error
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["counts"]["unfinished"] == N_PROFILES


def test_a_cap_is_shared_by_the_workers_and_ends_the_run_with_its_own_code(tmp_path, inputs, capsys):
    store = tmp_path / "store.sqlite"
    with serving(prompt_tokens=792) as server:
        options = ["--max-tokens", 16_000, "--concurrency", 4]
        assert run(tmp_path / "out", inputs, *asking(server, store), *options) == 3
        assert 0 < server.n_asked * 800 <= 16_000
    assert "the cap of 8,000 tokens is reached" in capsys.readouterr().err


def test_a_store_that_another_process_writes_is_named(tmp_path, inputs, capsys):
    store = tmp_path / "store.sqlite"
    with CompletionStore(store), serving() as server:
        assert run(tmp_path / "out", inputs, *asking(server, store)) == 1
    assert "is being written by another process" in capsys.readouterr().err


def test_more_workers_than_cores_is_an_error_and_no_endless_wait(tmp_path, inputs, capsys):
    with serving() as server:
        assert run(tmp_path / "out", inputs, *asking(server, tmp_path / "s.sqlite"), "--workers", "64") == 1
    assert "fewer than --workers 64" in capsys.readouterr().err
