from kmi import Label
from metrics.page.heat_map import heat_maps, short_name


def test_shares_are_of_the_row_and_directions_apart():
    counts = {
        "Open Question": {"Change Talk": 1, "Sustain Talk": 3},
        "Change Talk": {"Open Question": 2},
        "Sustain Talk": {"Affirm": 1},
    }
    answers, replies = heat_maps("x", counts)
    assert answers.columns == ("Change Talk", "Sustain Talk")  # no turn is Neutral here
    (row,) = answers.rows
    assert (row[0], row[1], [cell.share for cell in row[2]]) == ("Open Question", 4, [0.25, 0.75])
    assert [cell.shade for cell in row[2]] == [2, 8]
    assert [label for label, _, _ in replies.rows] == ["Change Talk", "Sustain Talk"]


def test_client_turn_without_a_code_is_a_column():
    answers, _ = heat_maps("x", {"Affirm": {"(no label)": 2}})
    assert answers.columns == ("(no label)",)


def test_short_names_differ():
    assert len({short_name(label) for label in Label}) == len(Label)
