import pytest

from kmi import Label
from metrics.coding.measures import Coded, measure_coder, render_measures

SR, CR, OQ, CQ = (
    Label.SIMPLE_REFLECTION,
    Label.COMPLEX_REFLECTION,
    Label.OPEN_QUESTION,
    Label.CLOSED_QUESTION,
)
AF, GE = Label.AFFIRM, Label.GENERAL


def coded(*pairs, n_words=9):
    return [Coded(group=str(n), given=a, coded=b, n_words=n_words) for n, (a, b) in enumerate(pairs)]


def measured(utterances):
    return {row["title"]: row for row in measure_coder(utterances)}


def test_measures_merge_what_they_say():
    rows = measured(coded((SR, CR), (OQ, CQ), (AF, GE), (GE, GE)))
    assert rows["therapist, 8 labels"]["accuracy"] == 0.25
    assert rows["therapist, 7 labels"]["accuracy"] == 0.5  # Affirm counts as General
    assert rows["reflection or not"]["kappa"] == rows["question or not"]["kappa"] == 1.0
    assert rows["simple or complex reflection"]["n"] == 1
    assert "client, 3 labels" not in rows


def test_measures_of_the_client_count_client_turns_alone():
    rows = measured(
        coded(
            (Label.CHANGE_TALK, Label.CHANGE_TALK),
            (Label.SUSTAIN_TALK, Label.NEUTRAL),
            (Label.NEUTRAL, Label.NEUTRAL),
            (SR, SR),
        )
    )
    assert rows["client, 3 labels"]["n"] == 3
    assert rows["change talk or not"]["kappa"] == 1.0
    assert rows["sustain talk or not"]["kappa"] == pytest.approx(0.0)  # never found: chance


def test_backchannels_do_not_count_among_longer_turns():
    rows = measured([*coded((GE, GE), n_words=3), *coded((SR, CR), (SR, SR), n_words=4)])
    assert rows["therapist, 7 labels"]["n"] == 3
    assert rows["therapist, 7 labels, over 3 words"]["n"] == 2


def test_render_measures_shows_the_human_ceiling():
    table = render_measures("title", measure_coder(coded((SR, SR), (OQ, OQ))))
    (line,) = [line for line in table.splitlines() if line.startswith("question or not")]
    assert line.split()[3:] == ["2", "1.00", "[1.00,", "1.00]", "0.87", "1.00", "[1.00,", "1.00]"]
