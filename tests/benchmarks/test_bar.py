import pytest

from benchmarks.bar import Bar, table


@pytest.mark.parametrize(
    ("bar", "holds"),
    [
        pytest.param(Bar(name="x", measured=0.85, at_least=0.85), True, id="at the bar"),
        pytest.param(Bar(name="x", measured=0.84, at_least=0.85), False, id="below"),
        pytest.param(Bar(name="x", measured=11.1, at_most=11), False, id="above"),
        pytest.param(Bar(name="x", measured=3), None, id="only told"),
    ],
)
def test_a_bar_holds_at_its_value(bar, holds):
    assert bar.holds is holds
    assert bar.as_record()["holds"] is holds


def test_a_table_says_which_bar_falls_short():
    lines = table(
        [Bar(name="a", measured=1, at_most=2), Bar(name="b", measured=12345, at_most=2)]
    ).splitlines()
    assert lines[1].split() == ["a", "1", "<=", "2", "holds"]
    assert lines[2].split() == ["b", "12,345", "<=", "2", "SHORT"]
