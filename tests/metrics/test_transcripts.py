import json

import pytest

from kmi import Label, Role
from metrics.transcripts import Transcript, Turn, parse_transcript, read_transcripts

HELLO = {"role": "Therapist", "utterance_ko": " 어떻게\n지내세요? ", "utterance_en": "How are you?"}
FINE = {"role": "Client", "utterance_en": "Fine.", "label": "-"}


def test_parse_transcript_needs_no_labels_and_prefers_korean():
    row = {"id": 7, "dialogue": [HELLO, FINE], "profile": {"target_behavior": "평일 음주"}, "risk": "none"}
    transcript = parse_transcript(row, default_id="x", split="test")
    assert [(turn.n, turn.role, turn.ko, turn.label) for turn in transcript.turns] == [
        (1, Role.THERAPIST, "어떻게 지내세요?", None),
        (2, Role.CLIENT, "Fine.", None),
    ]
    assert (transcript.id, transcript.split, transcript.target_behavior) == ("7", "test", "평일 음주")
    assert set(transcript.kept) == {"id", "profile", "risk"}


def test_parse_transcript_keeps_labels_and_class_ids():
    turn = HELLO | {"label": list(Label).index(Label.OPEN_QUESTION)}
    assert parse_transcript({"dialogue": [turn]}, default_id="x").turns[0].label is Label.OPEN_QUESTION


def test_parse_transcript_puts_opening_and_closing_around_a_chat():
    chat = [{"role": "system", "content": "s"}, {"role": "user", "content": "b"}]
    chat.append({"role": "assistant", "content": "c"})
    row = {"opening": "a", "messages": chat, "closing": "d"}
    assert [turn.ko for turn in parse_transcript(row, default_id="x").turns] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param([], "expected an object", id="no object"),
        pytest.param({"dialogue": "text"}, "expected a list of utterances", id="no list"),
        pytest.param({"dialogue": [{"role": "Nurse"}]}, r"dialogue\[0\].role: 'Nurse'", id="role"),
        pytest.param({"dialogue": [{"role": "Client"}]}, r"dialogue\[0\]: no text", id="no text"),
        pytest.param({"dialogue": [HELLO | {"label": "Praise"}]}, "'Praise' is not a label", id="label"),
        pytest.param({"dialogue": [FINE]}, "no utterance by the Therapist", id="no therapist"),
    ],
)
def test_parse_transcript_says_what_is_wrong(row, message):
    with pytest.raises(ValueError, match=message):
        parse_transcript(row, default_id="x")


def test_digest_follows_speakers_and_words_alone():
    def digest(role, text, **more):
        turns = (Turn(n=1, role=Role.THERAPIST, text_ko="네."), Turn(n=2, role=role, text_ko=text, **more))
        return Transcript(id="1", turns=turns).digest

    same = digest(Role.CLIENT, "그래요 ")
    assert digest(Role.CLIENT, "그래요", label=Label.NEUTRAL) == same
    assert digest(Role.THERAPIST, "그래요") != same


def test_read_transcripts_names_the_place_of_a_bad_dialogue(tmp_path):
    path = tmp_path / "chats.jsonl"
    path.write_text(json.dumps({"dialogue": [HELLO]}) + "\n" + json.dumps({"dialogue": [FINE]}) + "\n")
    with pytest.raises(
        ValueError, match="1 dialogues can't be read; chats.jsonl, line 2: no utterance by the"
    ):
        read_transcripts(str(path))
