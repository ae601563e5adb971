import pytest

from generation.backends.interface import CapReachedError
from generation.backends.meter import Meter, MeterError


def test_meter_counts_tokens_and_cost():
    meter = Meter(price_in=2.0, price_out=10.0)
    meter.start(90)
    meter.end()
    meter.spend(100_000, 5_000)
    meter.spend(50_000, 5_000, is_estimate=True)
    assert (meter.tokens, meter.n_estimated, meter.n_under_way) == (160_000, 1, 0)
    assert meter.cost == pytest.approx(0.15 * 2 + 0.01 * 10)
    assert Meter().cost is None


def test_a_cap_on_tokens_leaves_room_for_what_is_under_way():
    meter = Meter(max_tokens=1000)
    meter.start(100)
    meter.start(100)
    for _ in range(2):
        meter.spend(200, 50)
        meter.end()
    meter.start(100)  # 500 spent, 250 the mean: this one and one more fit
    meter.start(100)
    with pytest.raises(
        CapReachedError, match=r"cap of 1,000 tokens is reached \(500 tokens spent\).*--max-tokens"
    ):
        meter.start(100)
    assert meter.n_under_way == 2


def test_a_cap_counts_prompts_before_anything_was_answered():
    meter = Meter(max_tokens=250)
    meter.start(100)
    meter.start(100)
    with pytest.raises(CapReachedError):
        meter.start(100)


def test_a_cap_on_the_cost_stops_before_it():
    meter = Meter(price_in=1.0, price_out=2.0, max_cost=1.0)
    meter.start(10)
    meter.spend(400_000, 50_000)  # $0.50
    meter.end()
    meter.start(10)
    meter.spend(400_000, 51_000)  # $0.502
    meter.end()
    with pytest.raises(CapReachedError, match=r"\$1.00 is reached \(\$1.00 spent\)") as caught:
        meter.start(10)
    assert caught.value.is_fatal


def test_a_cap_on_the_cost_needs_prices():
    with pytest.raises(MeterError, match="needs the prices"):
        Meter(max_cost=1.0, price_in=1.0)


@pytest.mark.parametrize("name", ["price_in", "price_out", "max_tokens"])
@pytest.mark.parametrize("value", [-1, float("nan")])
def test_values_below_zero_are_refused(name, value):
    with pytest.raises(MeterError, match=name):
        Meter(**{name: value})
