import pytest

from kmi import Label
from metrics.competence import miti_fair_share, miti_good_share

SR, CR, OQ, CQ, AF, GI, AD, GE, CT, ST, NE = Label


@pytest.mark.parametrize(
    ("labels", "fair", "good"),
    [
        # R:Q = 5/5 = 1 and %CR = 2/5 = 40: both fair thresholds met exactly
        pytest.param([SR] * 3 + [CR] * 2 + [OQ] * 5, 1, 0, id="fair at the threshold"),
        # R:Q = 4/2 = 2 and %CR = 2/4 = 50: both good thresholds met exactly
        pytest.param([SR] * 2 + [CR] * 2 + [OQ, CQ], 1, 1, id="good at the threshold"),
        # R:Q = 4/5
        pytest.param([CR] * 4 + [OQ] * 5, 0, 0, id="too many questions"),
        # %CR = 1/3 = 33
        pytest.param([SR, SR, CR, OQ], 0, 0, id="too few complex"),
        # R:Q = 5/1 and %CR = 2/5 = 40
        pytest.param([SR, CR, CR, SR, SR, OQ], 1, 0, id="2 of 5 complex is fair, not good"),
        pytest.param([CR, GE, CT], 1, 1, id="no question: R:Q counts as reached"),
        pytest.param([OQ, AF], 0, 0, id="no reflection"),
        pytest.param([GE], 0, 0, id="neither"),
    ],
)
def test_miti_share_equals_hand_check(labels, fair, good):
    assert (miti_fair_share(labels), miti_good_share(labels)) == (fair, good)
