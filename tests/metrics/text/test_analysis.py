import pytest

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.text.analysis import Language, analyze_dialogues, is_in_language

KOREAN, ENGLISH = Language


def said(*texts):
    turns = [
        Utterance(role=Role.THERAPIST, label=Label.GENERAL, sublabel="Greeting", text_ko=ko, text_en=en)
        for ko, en in texts
    ]
    return Dialogue(id="1", utterances=tuple(turns), profile={"situation": ["버스에서 내렸다."]})


@pytest.mark.parametrize(
    ("texts", "korean", "english"),
    [
        pytest.param([("네.", "Yes.")], True, True, id="both"),
        pytest.param([("네.", None), ("네.", None), (None, "OK")], True, False, id="one turn without Hangul"),
        pytest.param([(None, None)], False, False, id="labels alone"),
        pytest.param([(" ", "Yes.")], False, True, id="blank"),
    ],
)
def test_dialogue_is_in_a_language_if_half_of_its_turns_are(texts, korean, english):
    assert is_in_language(said(*texts), KOREAN) is korean
    assert is_in_language(said(*texts), ENGLISH) is english


def test_analysis_keeps_labels_sublabels_and_texts_of_the_other_language():
    (dialogue,) = analyze_dialogues([said((" 네. ", None), (None, "OK"))], KOREAN)
    assert [(turn.text, turn.sublabel) for turn in dialogue.turns] == [
        ("네.", "Greeting"),
        ("OK", "Greeting"),
    ]


def test_facts_are_the_nouns_of_the_situation_in_korean_alone():
    dialogue = said(("네.", "Yes."))
    assert analyze_dialogues([dialogue], KOREAN)[0].facts == {"버스"}
    assert analyze_dialogues([dialogue], ENGLISH)[0].facts == frozenset()


def test_progress_sees_every_utterance_once():
    seen = []

    def progress(words, total):
        seen.append(total)
        for word in words:
            seen.append(word.tokens)
            yield word

    analyze_dialogues([said(("네.", "Yes.")), said(("네.", "No."))], ENGLISH, progress)
    assert seen == [2, ("yes",), ("no",)]
