import pytest

from kmi import Label, Risk, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.rating.content_notes import WORDS, content_notes


def dialogue(risk=None):
    return Dialogue(
        id="1", utterances=(Utterance(role=Role.THERAPIST, label=Label.GENERAL, text_ko="네."),), risk=risk
    )


@pytest.mark.parametrize(
    ("risk", "text", "expected"),
    [
        (Risk.NONE, "날씨가 좋네요.", ()),
        (Risk.VIOLENCE_ABUSE, "날씨가 좋네요.", (Risk.VIOLENCE_ABUSE,)),
        (None, "가끔 죽고 싶다는 생각이 들어요.", (Risk.SUICIDE_SELF_HARM,)),
        (Risk.NONE, "I was drinking, then he beat me.", (Risk.ALCOHOL_DRUGS, Risk.VIOLENCE_ABUSE)),
    ],
)
def test_notes_come_from_the_column_or_from_words_of_any_source(risk, text, expected):
    assert content_notes(dialogue(risk), [text]) == expected


def test_notes_know_words_for_every_kind_of_risk():
    assert set(WORDS) == set(Risk) - {Risk.NONE}
