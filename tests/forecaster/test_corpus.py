import pytest

from forecaster.corpus import (
    CorpusError,
    Session,
    Turn,
    drop_backchannels,
    merge_turns,
    read_annomi,
    select_variant,
)
from kmi import Label, Role

T, C = Role.THERAPIST, Role.CLIENT


def therapist(utterance_id, text, main, **subtypes):
    return {
        "utterance_id": utterance_id,
        "interlocutor": "therapist",
        "utterance_text": text,
        "main_therapist_behaviour": main,
        **subtypes,
    }


def client(utterance_id, text, talk):
    return {
        "utterance_id": utterance_id,
        "interlocutor": "client",
        "utterance_text": text,
        "client_talk_type": talk,
    }


def read(path):
    return read_annomi(path, check_sha256=False)


def session(*turns):
    return Session(1, "high", "sleep", tuple(Turn(*turn) for turn in turns))


@pytest.mark.parametrize(
    ("main", "column", "subtype", "expected"),
    [
        ("reflection", "reflection_subtype", "simple", Label.SIMPLE_REFLECTION),
        ("reflection", "reflection_subtype", "complex", Label.COMPLEX_REFLECTION),
        ("question", "question_subtype", "open", Label.OPEN_QUESTION),
        ("question", "question_subtype", "closed", Label.CLOSED_QUESTION),
        ("therapist_input", "therapist_input_subtype", "information", Label.GIVE_INFORMATION),
        ("therapist_input", "therapist_input_subtype", "advice", Label.ADVISE),
        ("therapist_input", "therapist_input_subtype", "options", Label.GENERAL),
        ("therapist_input", "therapist_input_subtype", "negotiation", Label.GENERAL),
    ],
)
def test_read_annomi_maps_main_behavior_and_subtype(write_csv, main, column, subtype, expected):
    sessions = read(write_csv(therapist(0, "You sleep badly these days.", main, **{column: subtype})))
    assert sessions == [
        Session(7, "high", "sleep", (Turn(T, expected, "You sleep badly these days."),)),
    ]


def test_read_annomi_derives_affirm_from_other_only(write_csv):
    path = write_csv(
        therapist(0, "That's great.", "other"),
        client(1, "I slept.", "neutral"),
        therapist(2, "That's great.", "reflection", reflection_subtype="simple"),
    )
    assert [turn.label for turn in read(path)[0].turns] == [
        Label.AFFIRM,
        Label.NEUTRAL,
        Label.SIMPLE_REFLECTION,
    ]


def test_read_annomi_takes_the_majority_of_annotators(write_csv):
    path = write_csv(
        client(0, "I might stop.", "change"),
        client(0, "I might stop.", "neutral"),
        client(0, "I might stop.", "change"),
    )
    assert [turn.label for turn in read(path)[0].turns] == [Label.CHANGE_TALK]


def test_read_annomi_votes_on_the_main_behavior_before_the_subtype(write_csv):
    # Two votes for reflection (simple, complex) against one for an open question: reflection wins, and of its
    # two subtypes, one vote each, the first of MAIN_ACT_ORDER. Voting on labels at once would tie.
    path = write_csv(
        therapist(0, "You want to stop, why?", "question", question_subtype="open"),
        therapist(0, "You want to stop, why?", "reflection", reflection_subtype="simple"),
        therapist(0, "You want to stop, why?", "reflection", reflection_subtype="complex"),
    )
    assert read(path)[0].turns[0].label is Label.COMPLEX_REFLECTION


def test_read_annomi_breaks_a_tie_of_clients_toward_change(write_csv):
    path = write_csv(client(0, "I might.", "sustain"), client(0, "I might.", "change"))
    assert read(path)[0].turns[0].label is Label.CHANGE_TALK


def test_read_annomi_orders_turns_by_utterance_id(write_csv):
    path = write_csv(client(2, "Second turn here.", "neutral"), client(1, "First turn here.", "neutral"))
    assert [turn.text for turn in read(path)[0].turns] == ["First turn here.", "Second turn here."]


def test_read_annomi_says_how_to_get_a_missing_file(tmp_path):
    with pytest.raises(CorpusError, match="forecaster fetch"):
        read(tmp_path / "none.csv")


def test_read_annomi_refuses_another_file(write_csv):
    with pytest.raises(CorpusError, match="sha256"):
        read_annomi(write_csv(client(0, "Hello there.", "neutral")))


def test_read_annomi_names_a_missing_column(write_csv):
    path = write_csv(
        client(0, "Hello.", "neutral"), columns=["transcript_id", "utterance_id", "utterance_text"]
    )
    with pytest.raises(CorpusError, match=r"lacks the column\(s\) mi_quality"):
        read(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (client(0, "Hello.", "maybe"), r"row 3: client_talk_type 'maybe' is unknown; allowed: change"),
        (therapist(0, "Hello.", "song"), r"row 3: code song/n/a is unknown"),
        (
            therapist(0, "Hello.", "question", question_subtype="sideways"),
            r"row 3: code question/sideways is unknown",
        ),
        ({"utterance_id": 0, "interlocutor": "dog"}, r"row 3: interlocutor 'dog' is unknown"),
        ({"utterance_id": "x", "interlocutor": "client"}, r"row 3: .*whole numbers"),
    ],
)
def test_read_annomi_names_the_row_of_an_unknown_code(write_csv, row, message):
    first = {**client(0, "Hi.", "neutral"), "transcript_id": 1}
    with pytest.raises(CorpusError, match=message):
        read(write_csv(first, row))


def test_read_annomi_refuses_an_empty_file(write_csv):
    with pytest.raises(CorpusError, match="no rows"):
        read(write_csv())


def test_turn_refuses_a_label_of_the_other_speaker():
    with pytest.raises(ValueError, match="belongs to the Client"):
        Turn(T, Label.CHANGE_TALK, "I want to stop.")


def test_drop_backchannels_keeps_what_carries_meaning():
    kept = drop_backchannels(
        session(
            (T, Label.GENERAL, "Mm-hmm."),
            (C, Label.CHANGE_TALK, "I really do."),
            (T, Label.AFFIRM, "Great."),
            (T, Label.GENERAL, "Let us begin now."),
            (C, Label.NEUTRAL, "It was on Monday."),
        )
    )
    assert [turn.text for turn in kept.turns] == ["Great.", "Let us begin now.", "It was on Monday."]


def test_merge_turns_takes_the_main_act_and_joins_the_text():
    merged = merge_turns(
        session(
            (T, Label.OPEN_QUESTION, "Why now?"),
            (T, Label.SIMPLE_REFLECTION, "You are tired."),
            (C, Label.NEUTRAL, "Yes."),
            (C, Label.SUSTAIN_TALK, "But I like it."),
        )
    )
    assert merged.turns == (
        Turn(T, Label.SIMPLE_REFLECTION, "Why now? You are tired."),
        Turn(C, Label.SUSTAIN_TALK, "Yes. But I like it."),
    )


def test_merge_turns_prefers_change_talk_to_sustain_talk():
    merged = merge_turns(
        session((C, Label.SUSTAIN_TALK, "I like it."), (C, Label.CHANGE_TALK, "I want to stop."))
    )
    assert [turn.label for turn in merged.turns] == [Label.CHANGE_TALK]


def test_select_variant_refuses_an_unknown_one():
    with pytest.raises(ValueError, match="allowed: full, dialogue"):
        select_variant([], "short")


def test_annomi_has_its_known_size(annomi):
    assert (len(annomi), sum(len(s.turns) for s in annomi)) == (133, 9699)
    assert sum(s.quality == "high" for s in annomi) == 110
