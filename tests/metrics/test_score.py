import math

import pytest

from metrics.score import score_dialogues, score_each_dialogue

CHANGE = {"role": "user", "label": "Change Talk", "content": "I want to stop."}
NEUTRAL = {"role": "user", "label": "Neutral", "content": "I went out."}
REFLECTION = {"role": "assistant", "label": "Simple Reflection", "content": "You want to stop."}
QUESTION = {"role": "assistant", "label": "Open Question", "content": "How come?"}
CHATS = [
    {"messages": [QUESTION, CHANGE, REFLECTION, NEUTRAL, QUESTION]},
    {"messages": [QUESTION, NEUTRAL, QUESTION]},
]


def test_collection_gets_means_of_what_is_defined_and_nothing_else():
    values = score_dialogues(CHATS)
    # without the opening: one reflection and one question, then a question alone
    assert values["reflection_share"] == pytest.approx((0.5 + 0.0) / 2)
    # only the first chat has change talk
    assert values["reflection_after_change_talk_probability"] == 1.0
    assert "reflection_after_sustain_talk_probability" not in values
    assert "closing_share_en" in values and "label_divergence" in values
    assert all(math.isfinite(value) and type(value) is float for value in values.values())


def test_texts_can_be_left_out_and_names_prefixed():
    values = score_dialogues(CHATS, with_texts=False, prefix="mi/")
    assert all(name.startswith("mi/") and not name.endswith("_en") for name in values)


def test_each_dialogue_gets_its_values_with_nan_where_undefined():
    first, second = score_each_dialogue(CHATS)
    assert first["reflection_after_change_talk_probability"] == 1.0
    assert math.isnan(second["reflection_after_change_talk_probability"])
    assert first.keys() == second.keys()


def test_dialogue_without_text_gets_label_metrics_alone():
    bare = {"messages": [{"role": "assistant", "label": "Affirm"}]}
    with_text, without = score_each_dialogue([CHATS[0], bare])
    assert "closing_share_en" in with_text and "closing_share_en" not in without


def test_refused_dialogue_is_named_with_field_and_what_is_allowed():
    with pytest.raises(
        ValueError, match=r"(?s)1 of 2 .*dialogues\[1\]: messages\[0\]\.label: 'Praise' is not"
    ):
        score_dialogues([CHATS[0], {"messages": [{"role": "assistant", "label": "Praise"}]}])
    with pytest.raises(ValueError, match="dialogues: no dialogue to score"):
        score_dialogues([])
