import pytest

from kmi import Category, Label, Risk, Role, features
from metrics.rows import CLASSES, class_name, parse_row, parse_turn

OPENING = {"role": "Therapist", "utterance_ko": "안녕하세요.", "utterance_en": "Hello.", "label": "General"}


def dialogue_with(*turns, **columns):
    return {"id": 7, "dialogue": [OPENING, *turns], **columns}


def client(label):
    return {"role": "Client", "utterance_ko": "네.", "utterance_en": "Yes.", "label": label}


def test_row_of_ours_keeps_every_column_metrics_need():
    row = dialogue_with(
        {**client("Change Talk"), "sublabel": "Desire", "planned_label": "Neutral"},
        split="validation",
        category_ko="가족",
        category_en="Family",
        risk="alcohol_drugs",
        profile={"age": 44},
    )
    dialogue = parse_row(row, default_id="x")
    assert (dialogue.id, dialogue.split, dialogue.category) == ("7", "validation", "Family")
    assert dialogue.risk is Risk.ALCOHOL_DRUGS
    assert dialogue.profile == {"age": 44}
    assert dialogue.labels == (Label.GENERAL, Label.CHANGE_TALK)
    assert dialogue.utterances[1].sublabel == "Desire"
    assert (dialogue.utterances[0].text_ko, dialogue.utterances[0].text_en) == ("안녕하세요.", "Hello.")


@pytest.mark.parametrize("missing", [None, "", "-", "None"])
def test_missing_client_label_is_null_in_every_spelling(missing):
    assert parse_row(dialogue_with(client(missing)), default_id="x").labels[1] is None


def test_client_turn_without_the_field_is_null_and_neutral_is_not():
    turn = {"role": "Client", "utterance_ko": "네."}
    labels = parse_row(dialogue_with(turn, client("Neutral")), default_id="x").labels
    assert labels[1:] == (None, Label.NEUTRAL)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"category": "정신건강"}, Category.MENTAL_HEALTH, id="Korean name, as in the sample"),
        pytest.param({"category_ko": "가족"}, Category.FAMILY, id="release, Korean alone"),
        pytest.param({"category": "Sleep"}, "Sleep", id="a user's own"),
        pytest.param({}, None, id="none"),
    ],
)
def test_category_is_the_english_name(columns, expected):
    assert parse_row(dialogue_with(**columns), default_id="x").category == expected


def test_messages_with_labels_are_read_in_either_role_name():
    row = {
        "messages": [
            {"role": "system", "content": "You are a counselor."},
            {"role": "user", "content": "술을 줄이고 싶어요."},
            {"role": "assistant", "content": "What makes you say so?", "label": "Open Question"},
            {"role": "Client", "content": "Hm.", "label": "Sustain Talk"},
            {"role": "Therapist", "content": "Hm.", "label": "Simple Reflection"},
        ]
    }
    dialogue = parse_row(row, default_id="chat 1", split="test")
    assert (dialogue.id, dialogue.split, dialogue.risk) == ("chat 1", "test", None)
    assert dialogue.labels == (None, Label.OPEN_QUESTION, Label.SUSTAIN_TALK, Label.SIMPLE_REFLECTION)
    assert (dialogue.utterances[0].text_ko, dialogue.utterances[0].text_en) == ("술을 줄이고 싶어요.", None)
    assert dialogue.utterances[1].text_en == "What makes you say so?"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param([1], r"expected an object with 'dialogue' or 'messages', found \[1\]", id="no object"),
        pytest.param(
            {"text": "x"}, "neither 'dialogue' nor 'messages' found; the row has 'text'", id="no turns"
        ),
        pytest.param({"dialogue": "x"}, "dialogue: expected a list of utterances, found 'x'", id="no list"),
        pytest.param({"dialogue": []}, "no utterance by the Therapist among 0", id="empty"),
        pytest.param(
            dialogue_with(3), r"dialogue\[1\]: expected an object .* found 3", id="turn is no object"
        ),
        pytest.param(
            dialogue_with({"role": "Doctor", "label": None}),
            r"dialogue\[1\]\.role: 'Doctor' is not a role; allowed are 'Therapist', 'Client'",
            id="unknown role",
        ),
        pytest.param(
            dialogue_with({"role": ["x"]}), r"dialogue\[1\]\.role: \['x'\] is not a role", id="odd role"
        ),
        pytest.param(
            dialogue_with(client("Change")),
            r"dialogue\[1\]\.label: 'Change' is not a label of the Client; allowed are 'Change Talk'",
            id="unknown label",
        ),
        pytest.param(
            dialogue_with(client("Advise")),
            r"dialogue\[1\]\.label: 'Advise' is not a label of the Client",
            id="label of the other speaker",
        ),
        pytest.param(
            dialogue_with({"role": "Therapist"}),
            r"dialogue\[1\]\.label: missing; a Therapist needs one of 'Simple Reflection'",
            id="therapist without a label",
        ),
        pytest.param(
            dialogue_with(risk="maybe"),
            "risk: 'maybe' is not a kind of risk; allowed are 'none', 'suicide_self_harm'",
            id="unknown risk",
        ),
        pytest.param(
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
            "messages: no utterance has a 'label', and these metrics need labels",
            id="messages without labels",
        ),
    ],
)
def test_bad_row_says_field_value_and_what_is_allowed(row, message):
    with pytest.raises(ValueError, match=message):
        parse_row(row, default_id="x")


def test_class_ids_follow_the_contract():
    turn = parse_turn({"role": 0, "label": list(Label).index(Label.AFFIRM), "sublabel": -1}, "row")
    assert (turn.role, turn.label, turn.sublabel) == (Role.THERAPIST, Label.AFFIRM, None)
    assert parse_turn({"role": 1, "label": -1}, "row").label is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param(
            {"dialogue": [{**OPENING, "utterance_ko": 5}]},
            "dialogue[0].utterance_ko: 5 is not a text; allowed is a string, or none",
            id="number for a text",
        ),
        pytest.param(
            {"messages": [{"role": "assistant", "label": "Affirm", "content": [{"type": "text"}]}]},
            "messages[0].content: [{'type': 'text'}] is not a text; allowed is a string, or none",
            id="parts for a text",
        ),
        pytest.param(
            {"dialogue": [OPENING], "profile": "a man of 40"},
            "profile: 'a man of 40' is not an object; allowed is one with fields, or none",
            id="text for a profile",
        ),
        pytest.param(
            {"dialogue": [OPENING], "profile": {"situation": "lost his job"}},
            "profile.situation: 'lost his job' is not a list of texts",
            id="text for a list",
        ),
    ],
)
def test_field_of_a_wrong_kind_is_refused_before_it_is_analyzed(row, message):
    with pytest.raises(ValueError) as raised:
        parse_row(row, default_id="x")
    assert str(raised.value) == message


@pytest.mark.parametrize("column", ["role", "label", "sublabel"])
def test_class_names_equal_those_of_the_published_utterances(column):
    assert features("utterances")[column].names == [str(name) for name in CLASSES[column]]


def test_class_id_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"row 3\.label: class id 11 is out of range; allowed are -1 to 10"):
        class_name(11, "label", "row 3")
