from itertools import pairwise

import pytest

from metrics.calibrating.annomi import read_rated_dialogues


def test_sessions_as_text_chat_alternate_and_hold_the_same_talk(annomi_path):
    as_they_are = read_rated_dialogues(annomi_path)
    chats = read_rated_dialogues(annomi_path, as_text_chat=True)
    assert sum(session.is_high for session in as_they_are) == 110
    assert len(as_they_are) == len(chats) == 133
    for before, chat in zip(as_they_are, chats, strict=True):
        assert before.dialogue.id == chat.dialogue.id
        assert len(chat.dialogue.utterances) <= len(before.dialogue.utterances)
        roles = [utterance.role for utterance in chat.dialogue.utterances]
        assert all(a is not b for a, b in pairwise(roles))


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="no AnnoMI file at .*python -m forecaster fetch"):
        read_rated_dialogues(tmp_path / "nowhere.csv")
