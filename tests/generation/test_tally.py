import json

import pytest

from generation.backends.meter import Meter
from generation.backends.pacing import Gate
from generation.results import Results
from generation.tally import RUN_FILE, RunFileError, Tally, read_run_file


def test_tally_writes_what_it_counts_and_the_file_is_read_back(tmp_path):
    meter, gate = Meter(price_in=1.0, price_out=1.0), Gate(4)
    meter.failures["5xx"] += 1
    meter.spend(500_000, 500_000, is_estimate=True)
    gate.lowest = 1.0
    about = {"backend": "openai", "model": "m", "base_url": "http://localhost/v1", "options": {}}
    tally = Tally(2, about, Results(), meter, gate)
    tally.write(tmp_path)
    record = read_run_file(tmp_path)
    assert (record["state"], record["model"], record["base_url"]) == ("running", "m", "http://localhost/v1")
    assert record["tokens"] == {"prompt": 500_000, "completion": 500_000, "estimated_answers": 1}
    assert (record["cost_usd"], record["failures"]) == (1.0, {"5xx": 1})
    assert record["requests"] == {"answered": 0, "under_way": 0, "limit_now": 4, "lowest_limit": 1}
    assert record["seconds_left"] is None
    assert record["peak_memory_mb"] > 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "does not exist; give the folder that `run --out` writes to", id="missing"),
        pytest.param("{", "is not JSON", id="no JSON"),
        pytest.param(json.dumps([]), "holds no figures of a run", id="another file"),
    ],
)
def test_reading_what_is_no_run_file_is_a_clear_error(tmp_path, text, message):
    if text is not None:
        (tmp_path / RUN_FILE).write_text(text)
    with pytest.raises(RunFileError, match=message):
        read_run_file(tmp_path)
