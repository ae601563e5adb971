from pathlib import Path

import pytest

import generation.inputs
from generation.inputs import InputsError, Shard, load_inputs

GENERATION = Path(generation.inputs.__file__).parent


@pytest.mark.parametrize("n_shards", [1, 2, 5])
def test_shards_hold_each_position_once(n_shards):
    shards = [Shard(number, n_shards) for number in range(1, n_shards + 1)]
    assert [sum(shard.holds(position) for shard in shards) for position in range(12)] == [1] * 12


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "-1/2", "1/2/3", ""])
def test_a_malformed_shard_is_refused(text):
    with pytest.raises(InputsError, match="such as 2/4"):
        Shard.parse(text)


def test_mode_turns_needs_no_plans_and_brings_a_forecaster(tmp_path):
    inputs = load_inputs(
        GENERATION / "profiles" / "profiles.jsonl",
        tmp_path / "none.jsonl",
        GENERATION / "settings" / "default.toml",
        Shard(2, 3),
        limit=2,
    )
    assert [profile.id for profile in inputs.profiles] == [2, 5]
    assert inputs.forecaster is not None
    assert next(inputs.open_sessions()).state.stage == "therapist"
