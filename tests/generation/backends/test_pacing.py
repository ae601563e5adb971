import asyncio
import time

import pytest

from generation.backends.pacing import Gate, Pace


def in_loop(steps):
    return asyncio.run(asyncio.wait_for(steps(), timeout=5))


def test_pace_gives_each_amount_its_time_and_corrects_what_was_booked_wrongly():
    pace = Pace(per_minute=120)  # half a second each
    assert pace.book(2, now=10.0) == 10.0
    assert pace.book(1, now=10.2) == 11.0
    pace.correct(-1)
    assert pace.book(1, now=10.3) == 11.0
    pace.correct(4)
    assert pace.book(1, now=10.4) == 13.5
    assert pace.book(1, now=60.0) == 60.0


def test_gate_halves_once_for_all_that_were_under_way_and_grows_by_one_a_round():
    async def steps():
        gate = Gate(8)
        entries = [await gate.enter(1) for _ in range(8)]
        for entry in entries:
            gate.refuse(entry, 0)
            gate.leave()
        assert gate.limit == 4
        later = await gate.enter(1)
        gate.refuse(later, 0)
        gate.leave()
        assert (gate.limit, gate.lowest) == (2, 2)
        for _ in range(3):  # 2, 2.5, 2.9, 3.24: two answers are a round at 2
            gate.accept(0)
        assert gate.limit == pytest.approx(3.245, abs=0.001)
        for _ in range(100):
            gate.accept(0)
        assert (gate.limit, gate.lowest) == (8, 2)

    in_loop(steps)


def test_gate_never_closes_for_good():
    async def steps():
        gate = Gate(4)
        for _ in range(10):
            gate.refuse(await gate.enter(1), 0)
            gate.leave()
        assert gate.limit == 1

    in_loop(steps)


def test_gate_lets_in_as_many_as_its_limit_and_in_their_order():
    async def steps():
        gate, inside, order = Gate(2), 0, []

        async def work(name):
            nonlocal inside
            await gate.enter(1)
            inside += 1
            assert inside <= 2
            order.append(name)
            await asyncio.sleep(0)
            inside -= 1
            gate.leave()

        await asyncio.gather(*(work(name) for name in range(7)))
        assert order == list(range(7))

    in_loop(steps)


def test_gate_opens_for_everyone_only_after_the_wait_that_a_refusal_asks_for():
    async def steps():
        gate = Gate(4)
        entry = await gate.enter(1)
        began = time.monotonic()
        gate.refuse(entry, 0.1)
        gate.leave()
        await gate.enter(1)
        assert time.monotonic() - began >= 0.1

    in_loop(steps)


@pytest.mark.parametrize(
    ("rates", "tokens", "seconds"),
    [
        pytest.param({"requests_per_minute": 1200}, 1, 0.15, id="three more requests, 50 ms each"),
        pytest.param({"tokens_per_minute": 60_000}, 50, 0.15, id="three times 50 tokens, 1 ms each"),
    ],
)
def test_gate_keeps_rates(rates, tokens, seconds):
    async def steps():
        gate = Gate(16, **rates)
        began = time.monotonic()
        await asyncio.gather(*(gate.enter(tokens) for _ in range(4)))
        assert seconds <= time.monotonic() - began < seconds + 1

    in_loop(steps)


def test_gate_gives_the_slot_of_a_cancelled_request_to_the_next():
    async def steps():
        gate = Gate(1, requests_per_minute=0.001)
        first = asyncio.create_task(gate.enter(1))
        await first
        waiting_for_slot = asyncio.create_task(gate.enter(1))
        await asyncio.sleep(0)
        gate.leave()
        await asyncio.sleep(0)
        waiting_for_slot.cancel()
        await asyncio.gather(waiting_for_slot, return_exceptions=True)
        gate._requests = None
        await gate.enter(1)

    in_loop(steps)
