from benchmarks.forecaster_bench import forecaster, milliseconds, read_histories
from kmi import Role


def test_histories_end_with_the_client_and_have_text():
    histories = read_histories(30)
    assert len(histories) == 30
    assert all(history[-1].role is Role.CLIENT for history in histories)
    assert all(turn.text for history in histories for turn in history)


def test_milliseconds_calls_once_an_argument_and_once_to_warm_up():
    calls = []
    assert milliseconds(calls.append, [1, 2, 3]) >= 0
    assert calls == [3, 1, 2, 3]


def test_first_bars_are_measured():
    bars = forecaster()
    first, loading = next(bars), next(bars)
    assert first.measured > 0
    assert loading.at_most == 0.3 and loading.holds
