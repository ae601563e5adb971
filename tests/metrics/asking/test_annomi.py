from itertools import pairwise

import pytest

from kmi import Label, Role
from metrics.asking.annomi import read_annomi_transcripts, read_rated_dialogues


def test_annomi_gives_labeled_transcripts_by_quality(annomi_path):
    annomi = read_annomi_transcripts(annomi_path)
    assert {quality: len(group) for quality, group in annomi.items()} == {"high": 110, "low": 23}
    transcripts = [*annomi["high"], *annomi["low"]]
    assert len({transcript.digest for transcript in transcripts}) == 133
    assert all(transcript.target_behavior for transcript in transcripts)
    assert {turn.label for t in transcripts for turn in t.turns if turn.role is Role.CLIENT} == {
        Label.CHANGE_TALK,
        Label.SUSTAIN_TALK,
        Label.NEUTRAL,
    }


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


def test_annomi_that_is_missing_says_how_to_get_it(tmp_path):
    with pytest.raises(ValueError, match="python -m forecaster fetch"):
        read_annomi_transcripts(tmp_path / "AnnoMI-full.csv")
    with pytest.raises(ValueError, match="python -m forecaster fetch"):
        read_rated_dialogues(tmp_path / "AnnoMI-full.csv")
