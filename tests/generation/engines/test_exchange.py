from generation.backends.choice import BackendChoice
from generation.backends.meter import Meter
from generation.engines.exchange import add_counts, counts_of, share_of


def test_a_worker_gets_an_equal_share_of_rates_and_caps():
    choice = BackendChoice(kind="openai", model="m", concurrency=10, requests_per_minute=90)
    meter = Meter(price_in=1.0, price_out=4.0, max_cost=6.0, max_tokens=1000)
    share, caps = share_of(choice, meter, 3)
    assert (share.concurrency, share.requests_per_minute, share.tokens_per_minute) == (3, 30.0, None)
    assert (caps.max_cost, caps.max_tokens, caps.price_out) == (2.0, 333, 4.0)
    assert share_of(choice, meter, 40)[0].concurrency == 1


def test_counts_of_workers_add_up_though_each_tells_its_sum_so_far():
    driver, worker = Meter(), Meter()
    worker.n_answered, worker.retries["429"] = 2, 1
    worker.spend(100, 10)
    before = counts_of(worker)
    add_counts(driver, before, None)
    worker.n_answered = 5
    worker.retries.update({"429": 2, "timeout": 1})
    worker.spend(50, 5)
    add_counts(driver, counts_of(worker), before)
    assert (driver.n_answered, driver.prompt_tokens, driver.completion_tokens) == (5, 150, 15)
    assert driver.retries == {"429": 3, "timeout": 1}
