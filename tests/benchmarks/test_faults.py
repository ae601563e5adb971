import json

import pytest

from benchmarks.faults import Fault, FaultShares, spoil_label


def test_each_fault_comes_as_often_as_its_share_says():
    shares = FaultShares(rate_limit=0.1, drop=0.05, wrong_label=0.02)
    drawn = [shares.draw(f"request {n}".encode(), 1) for n in range(4000)]
    for fault, share in ((Fault.RATE_LIMIT, 0.1), (Fault.DROP, 0.05), (Fault.WRONG_LABEL, 0.02)):
        assert drawn.count(fault) / 4000 == pytest.approx(share, abs=0.015)
    assert set(drawn) == {Fault.RATE_LIMIT, Fault.DROP, Fault.WRONG_LABEL, None}


def test_a_fault_of_the_content_stays_and_another_passes():
    lasting, passing = FaultShares(wrong_label=0.5), FaultShares(drop=0.5)
    body = next(f"{n}".encode() for n in range(100) if lasting.draw(f"{n}".encode(), 1))
    assert {lasting.draw(body, n) for n in range(1, 20)} == {Fault.WRONG_LABEL}
    assert {passing.draw(body, n) for n in range(1, 20)} == {Fault.DROP, None}


def test_shares_beyond_the_whole_are_refused():
    with pytest.raises(ValueError, match="all together at most 1"):
        FaultShares(drop=0.6, truncate=0.6)


@pytest.mark.parametrize(
    "answer",
    [
        {"ko": "네", "label": "Neutral", "sublabel": "Following"},
        {"ko": "네", "sublabel": "Following"},
        {"codes": [{"n": 1, "label": "General"}]},
        {"revisions": [{"n": 1, "label": "General"}]},
        {"utterances": [], "changes": []},
    ],
)
def test_spoil_label_puts_a_label_that_does_not_exist(answer):
    spoiled = spoil_label(json.dumps(answer))
    assert "Resistance" in spoiled or "Mirroring" in spoiled
    assert set(json.loads(spoiled)) == set(answer)
