import json
import sys

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.bar import Bar
from benchmarks.safety import faults, kills
from benchmarks.workload import BenchError


def test_faults_at_a_small_scale_lose_nothing_and_count_everything(tmp_path):
    found = list(faults(tmp_path, n_sessions=10, n_utterances=5))
    assert [bar.holds for bar in found] == [True] * 3, [bar.note for bar in found]


def test_a_kill_at_a_small_scale_changes_no_byte_and_little_is_asked_again(tmp_path):
    found = list(kills(tmp_path, n_kills=1, n_sessions=6, n_utterances=5))
    assert [bar.holds for bar in found] == [True] * 2, [bar.note for bar in found]


@pytest.mark.parametrize(
    ("bars", "code"),
    [
        pytest.param([Bar(name="a", measured=1, at_most=2)], 0, id="holds"),
        pytest.param([Bar(name="a", measured=3, at_most=2)], 1, id="falls short"),
        pytest.param(None, 1, id="can't be measured"),
    ],
)
def test_main_prints_writes_and_judges(tmp_path, monkeypatch, capsys, bars, code):
    def measure(folder):
        if bars is None:
            raise BenchError("no server")
        return bars

    monkeypatch.setitem(BENCHMARKS, "tokens", measure)
    out = tmp_path / "bench.json"
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "tokens", "--out", str(out)])
    assert main() == code
    written = json.loads(out.read_text())
    assert written["bars"] == [bar.as_record() for bar in bars or ()]
    assert bool(written["failures"]) is (bars is None)
    assert ("no server" in capsys.readouterr().err) is (bars is None)
