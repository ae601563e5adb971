import random

import pytest

from forecaster.corpus import Turn
from forecaster.paper_decision import as_paper_sees, decide_as_paper, top_labels
from kmi import Label, Role

SR, CR = Label.SIMPLE_REFLECTION, Label.COMPLEX_REFLECTION
OQ, CQ = Label.OPEN_QUESTION, Label.CLOSED_QUESTION
AF, GI, AD, GE = Label.AFFIRM, Label.GIVE_INFORMATION, Label.ADVISE, Label.GENERAL
CT, NE = Label.CHANGE_TALK, Label.NEUTRAL
KEPT, REJECTED = 0.2, 0.19  # an Open Question is rejected, and change talk affirmed, below .2


class Draws:
    """A random source that gives the numbers of a list; a choice takes the first or the last, as told."""

    def __init__(self, *numbers, last=False):
        self.numbers, self.last, self.choices = list(numbers), last, []

    def random(self):
        return self.numbers.pop(0)

    def choice(self, options):
        self.choices.append(tuple(options))
        return options[-1 if self.last else 0]


def history(*own):
    """Labels so far: the therapist's, each followed by a client turn that is no change talk."""
    return [label for therapist in own for label in (therapist, NE)]


@pytest.mark.parametrize(
    ("candidates", "labels", "draws", "is_last", "expected"),
    [
        pytest.param([OQ, SR, CR], [GE, CT], [REJECTED], False, AF, id="change talk is affirmed below .2"),
        pytest.param([SR, OQ, CR], [GE, CT], [KEPT], False, SR, id="change talk is not affirmed from .2 on"),
        pytest.param([SR, OQ, CR], [GE, CT, SR, NE], [], False, SR, id="earlier change talk draws nothing"),
        pytest.param([AD, SR, CR], history(GE), [], False, AD, id="advise first"),
        pytest.param([OQ, AD, CR], history(GE), [], False, AD, id="advise second goes before the first"),
        pytest.param(
            [OQ, AD, CR], history(AD, AD), [], True, AD, id="no rule applies to advise among the first two"
        ),
        pytest.param([SR, CR, AD], history(GE), [], False, SR, id="advise third is a candidate like others"),
        pytest.param([None, OQ, SR], history(GE), [KEPT], False, OQ, id="unparsable is passed over"),
        pytest.param([None, AD, SR], history(GE), [], False, AD, id="unparsable counts among the first two"),
        pytest.param([OQ, SR, CR], history(GE), [KEPT], False, OQ, id="open question kept from .2 on"),
        pytest.param([OQ, SR, CR], history(GE), [REJECTED], False, SR, id="open question rejected below .2"),
        pytest.param([OQ, CQ, GI], history(GE), [KEPT], True, GI, id="no question on the last turn"),
        pytest.param([GE, SR, CR], history(GE, GE), [], False, SR, id="not a third time in a row"),
        pytest.param([GE, SR, CR], history(GE, SR), [], False, GE, id="two apart are not in a row"),
        pytest.param(
            [CQ, OQ, SR], history(OQ, CQ), [KEPT], False, SR, id="no question after two of any kind"
        ),
        pytest.param([CQ, SR, CR], history(OQ, SR, CQ), [], False, CQ, id="questions not in a row"),
        pytest.param([CQ, OQ, SR], history(CQ), [], False, CQ, id="one label alone bars nothing"),
        pytest.param([SR, CR, GI], history(SR, CR, SR), [], False, GI, id="no reflection after three"),
        pytest.param([SR, CR, GI], history(CR, SR), [], False, SR, id="reflection after two"),
    ],
)
def test_decision_by_hand(candidates, labels, draws, is_last, expected):
    rng = Draws(*draws)
    assert decide_as_paper(candidates, labels, rng, is_last=is_last) is expected
    assert (rng.numbers, rng.choices) == ([], [])


@pytest.mark.parametrize(
    ("candidates", "labels", "draws", "choice"),
    [
        pytest.param([CQ, OQ, None], history(GE, OQ, CQ), [KEPT], None, id="after two questions"),
        pytest.param([SR, CR, OQ], history(SR, CR, CR), [REJECTED], (OQ, CQ), id="after two reflections"),
        pytest.param([GI, None, OQ], history(GI, GI), [REJECTED], (SR, GE), id="after anything else"),
        pytest.param([None, None, None], history(GE), [], (SR, GE), id="nothing could be parsed"),
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_decision_where_no_candidate_passes(candidates, labels, draws, choice, last):
    rng = Draws(*draws, last=last)
    decided = decide_as_paper(candidates, labels, rng)
    if choice is None:
        assert (decided, rng.choices) == (SR, [])
    else:
        assert rng.choices == [choice]
        assert decided is choice[-1 if last else 0]


def test_affirm_and_rejection_have_the_stated_probability():
    rng = random.Random(11)
    n_affirmed = sum(decide_as_paper([SR, CR, GI], [GE, CT], rng) is AF for _ in range(4000))
    n_rejected = sum(decide_as_paper([OQ, SR, CR], [GE, NE], rng) is SR for _ in range(4000))
    # 4,000 draws at .2: mean 800, standard deviation 25.3; four of them on either side
    assert abs(n_affirmed - 800) < 101
    assert abs(n_rejected - 800) < 101


def test_forecaster_sees_the_opening_question_as_general_and_the_rest_as_it_is():
    turns = [
        Turn(Role.THERAPIST, OQ, "여는 말"),
        Turn(Role.CLIENT, NE, "답"),
        Turn(Role.THERAPIST, OQ, "물음"),
    ]
    assert [turn.label for turn in as_paper_sees(turns)] == [GE, NE, OQ]
    assert [turn.text for turn in as_paper_sees(turns)] == ["여는 말", "답", "물음"]


def test_top_labels_are_the_most_probable_in_order():
    assert top_labels({SR: 0.1, CR: 0.4, OQ: 0.2, GE: 0.3}) == [CR, GE, OQ]
    assert top_labels({SR: 0.25, CR: 0.25, OQ: 0.25, GE: 0.25}) == [SR, CR, OQ]
