import random

import pytest

from forecaster.corpus import Turn
from generation.sessions.decision import decide, next_label
from kmi import THERAPIST_LABELS, Label, Role

EVEN = dict.fromkeys(THERAPIST_LABELS, 1 / 8)
OQ, CQ, SR, CT, ST = (
    Label.OPEN_QUESTION,
    Label.CLOSED_QUESTION,
    Label.SIMPLE_REFLECTION,
    Label.CHANGE_TALK,
    Label.SUSTAIN_TALK,
)


def drawn(labels, **options):
    rng = random.Random(7)
    return {decide(EVEN, labels, rng, **options) for _ in range(400)}


@pytest.mark.parametrize(
    ("labels", "options", "absent"),
    [
        pytest.param([OQ, Label.NEUTRAL], {}, {Label.GENERAL}, id="general never"),
        pytest.param(
            [OQ, ST], {}, {CQ, Label.GIVE_INFORMATION, Label.ADVISE, Label.GENERAL}, id="sustain talk"
        ),
        pytest.param(
            [OQ, CT], {}, {CQ, Label.GIVE_INFORMATION, Label.ADVISE, Label.GENERAL}, id="change talk"
        ),
        pytest.param([SR, Label.NEUTRAL] * 2, {}, {SR, Label.GENERAL}, id="third in a row"),
        pytest.param([SR, Label.NEUTRAL], {"is_last": True}, {OQ, CQ, Label.GENERAL}, id="last"),
    ],
)
def test_decide_draws_every_label_but_the_barred(labels, options, absent):
    assert drawn(labels, **options) == set(THERAPIST_LABELS) - absent


def test_decide_follows_the_forecast():
    forecast = dict.fromkeys(THERAPIST_LABELS, 0.0) | {OQ: 0.75, SR: 0.25}
    rng = random.Random(3)
    n_questions = sum(decide(forecast, [SR, Label.NEUTRAL], rng) is OQ for _ in range(2000))
    # 2,000 draws at .75: mean 1,500, standard deviation 19.4; four of them on either side
    assert abs(n_questions - 1500) < 78


class Remembering:
    """Forecasts a question, then information, then a reflection, and remembers the labels it was shown."""

    def predict_proba(self, history):
        self.seen = [turn.label for turn in history]
        return dict.fromkeys(THERAPIST_LABELS, 0.0) | {CQ: 0.5, Label.GIVE_INFORMATION: 0.3, SR: 0.2}


TURNS = [Turn(label.role, label) for label in (OQ, CT, SR, ST, CQ, Label.NEUTRAL, CQ, Label.NEUTRAL)]


def test_paper_rule_shows_the_last_six_utterances_and_decides_over_the_top_three():
    forecaster = Remembering()
    # two questions in a row, so the first candidate is barred and the second taken
    assert next_label("paper", forecaster, TURNS, random.Random(1)) is Label.GIVE_INFORMATION
    assert forecaster.seen == [turn.label for turn in TURNS[-6:]]
    next_label("paper", forecaster, TURNS[:2], random.Random(4))
    assert forecaster.seen == [Label.GENERAL, CT]


def test_our_rule_shows_every_utterance_as_it_is():
    forecaster = Remembering()
    drawn = {next_label("sampled", forecaster, TURNS, random.Random(n)) for n in range(40)}
    assert drawn == {Label.GIVE_INFORMATION, SR}
    assert forecaster.seen == [turn.label for turn in TURNS]
    assert {turn.role for turn in TURNS} == set(Role)
