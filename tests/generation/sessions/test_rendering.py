import pytest

from generation.sessions.rendering import labeled_excerpt
from generation.sessions.utterance import Utterance
from kmi import Label, Role

LABELS = (Label.OPEN_QUESTION, Label.NEUTRAL)
TURNS = [
    Utterance(
        n=n,
        role=Role.CLIENT if n % 2 == 0 else Role.THERAPIST,
        ko=f"말 {n}",
        en=f"Turn {n}",
        label=LABELS[n % 2 == 0],
        sublabel=None,
    )
    for n in range(1, 10)
]


def numbers(text):
    return [line.split(".")[0] for line in text.splitlines() if not line.startswith(" ")]


@pytest.mark.parametrize(
    ("flagged", "expected"),
    [
        pytest.param({1}, ["1", "2"], id="at the start"),
        pytest.param({5}, ["…", "3", "4", "5", "6"], id="two before and one after"),
        pytest.param({2, 8}, ["1", "2", "3", "…", "6", "7", "8", "9"], id="a gap between two"),
        pytest.param({0, 4}, [str(n) for n in range(1, 10)], id="the whole session"),
    ],
)
def test_labeled_excerpt_shows_flagged_turns_and_their_neighbors(flagged, expected):
    assert numbers(labeled_excerpt(TURNS, flagged)) == expected


def test_labeled_excerpt_gives_label_and_english_of_flagged_turns_alone():
    text = labeled_excerpt(TURNS, {4})
    assert "4. 내담자 [Neutral / -]\n   말 4\n   Turn 4" in text
    assert "3. 상담자: 말 3" in text
    assert "Turn 3" not in text
