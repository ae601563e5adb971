import pytest

from generation.completions.driving import Lookup
from generation.estimate import Estimate, estimate_run
from generation.inputs import HERE, PLANS, PROFILES, Inputs, load_inputs
from generation.sessions.request import Completion

CORPUS = HERE / "settings" / "corpus.toml"


def test_estimate_drives_every_stage_and_counts_what_is_sent():
    inputs = load_inputs(PROFILES, PLANS, CORPUS, limit=2)
    expected = estimate_run(inputs, Lookup())
    assert expected.requests == {"write": 2, "code": 2, "revise": 2, "recode": 2}
    assert (expected.n_sessions, expected.n_sampled, expected.n_requests) == (2, 2, 8)
    # four system messages of 1,300 to 3,300 tokens, and the profile, plan and transcript beside
    assert 2 * 10_000 < expected.prompt_tokens < 2 * 20_000
    assert 2 * 1_500 < expected.completion_tokens < 2 * 6_000


def test_estimate_of_many_profiles_is_scaled_up_from_a_sample():
    inputs = load_inputs(PROFILES, PLANS, CORPUS, limit=1)
    many = Inputs(inputs.profiles * 120, inputs.plans, inputs.settings)
    one, all_of_them = estimate_run(inputs, Lookup()), estimate_run(many, Lookup())
    assert (all_of_them.n_sessions, all_of_them.n_sampled) == (120, 40)  # every third
    assert all_of_them.n_requests == 120 * one.n_requests
    assert all_of_them.prompt_tokens == 120 * one.prompt_tokens


def test_estimate_leaves_out_what_is_known():
    inputs = load_inputs(PROFILES, PLANS, CORPUS, limit=1)
    session = next(inputs.open_sessions())
    known = Completion(
        request_hash=session.state.hash, session="0001-1", stage="write", content="{", model="m"
    )
    expected = estimate_run(inputs, Lookup({known.request_hash: known}))
    assert expected.requests["write"] == 1  # the broken answer is known, its retry is not


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        pytest.param({"concurrency": 10}, 110, id="answers of 11 s, ten at once"),
        pytest.param({"concurrency": 1000}, 11, id="no more at once than sessions"),
        pytest.param({"concurrency": 10, "requests_per_minute": 20}, 300, id="rate of requests"),
        pytest.param({"concurrency": 10, "tokens_per_minute": 10_000}, 900, id="rate of tokens"),
    ],
)
def test_seconds_are_those_of_what_holds_a_run_up(limits, seconds):
    # 100 requests of half a second and 105,000 / 100 tokens at 100 a second: 11 s each
    expected = Estimate(100, 100, {"write": 100}, 45_000, 105_000)
    assert expected.seconds(tokens_per_second=100, **limits) == pytest.approx(seconds)
