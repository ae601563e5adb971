"""What is refused as a finished dialogue, and that the message says where."""

from collections.abc import Callable
from typing import Any

import pytest

from generation.dataset_rows import check_dialogue


def put(*path: Any) -> Callable[[dict], None]:
    """Make a change that sets the value at the end of a path."""
    *keys, last, value = path

    def change(dialogue: dict) -> None:
        for key in keys:
            dialogue = dialogue[key]
        dialogue[last] = value

    return change


def drop(*path: Any) -> Callable[[dict], None]:
    """Make a change that removes what a path ends at."""

    def change(dialogue: dict) -> None:
        for key in path[:-1]:
            dialogue = dialogue[key]
        del dialogue[path[-1]]

    return change


def test_finished_dialogue_passes(small_dialogues):
    for dialogue in small_dialogues:
        check_dialogue(dialogue)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(drop("risk"), "missing in the dialogue: risk", id="column missing"),
        pytest.param(put("context", "?"), "unknown in the dialogue: context", id="column unknown"),
        pytest.param(drop("profile", "region"), "missing in profile: region", id="profile field missing"),
        pytest.param(put("id", "7"), "id is '7', not int", id="id as text"),
        pytest.param(put("session_attempt", True), "session_attempt is True, not int", id="truth as number"),
        pytest.param(
            put("profile", "situation", "하나"), r"profile.situation is '하나', not list", id="text as list"
        ),
        pytest.param(
            put("profile", "situation", 1, None), r"situation\[1\] is None, not str", id="null in list"
        ),
        pytest.param(
            put("dialogue", 2, "label", None), r"dialogue\[2\].label is None, not str", id="no label"
        ),
        pytest.param(put("split", "dev"), "split is 'dev'; allowed: train, validation, test", id="split"),
        pytest.param(
            put("category_en", "Work"), "category_en is 'Work'; allowed: Mental Health", id="category"
        ),
        pytest.param(
            put("category_ko", "가족"), "category_ko is '가족', but the dialogue says", id="Korean name"
        ),
        pytest.param(put("profile", "risk", "none"), "profile.risk is 'none', but", id="risk of the profile"),
        pytest.param(
            put("dialogue", 1, "role", "Therapist"), r"dialogue\[1\].role is 'Therapist'", id="role"
        ),
        pytest.param(
            put("dialogue", 1, "label", "Affirm"),
            r"dialogue\[1\].label is 'Affirm'; allowed: Change",
            id="speaker",
        ),
        pytest.param(
            put("dialogue", 2, "sublabel", "Scaling"), r"dialogue\[2\].sublabel is 'Scaling'", id="sublabel"
        ),
        pytest.param(put("dialogue", 2, "utterance_en", " "), r"utterance_en is blank", id="no English"),
        pytest.param(put("dialogue", []), "0 utterances", id="empty dialogue"),
        pytest.param(put("provenance", []), r"provenance is \[\], not an object", id="provenance"),
    ],
)
def test_malformed_dialogue_is_refused_with_field_and_value(small_dialogues, change, message):
    change(small_dialogues[0])
    with pytest.raises(ValueError, match=message):
        check_dialogue(small_dialogues[0])
