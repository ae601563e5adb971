import json

from benchmarks.loading import WAYS, loading


def test_loading_is_measured_both_ways_cold_and_warm(tmp_path):
    bars = {bar.name: bar for bar in loading(tmp_path / "loading")}
    ratios = [bars[f"load {way}, {state}, beside JSON"] for way in WAYS for state in ("cold", "warm")]
    assert all(bar.measured > 0 for bar in ratios)
    assert [bar.at_most for bar in ratios] == [1.0, 1.1, None, None]
    rows = [json.loads(line) for path in (tmp_path / "loading").glob("*.jsonl") for line in path.open()]
    assert all(bar.note.startswith(f"{len(rows)} dialogues") for bar in ratios)
    assert bars["parquet beside JSON, size"].measured <= 0.25
    assert bars["first streamed row"].holds
