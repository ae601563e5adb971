from kmi import Label, Risk, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.evaluation import ScoreSettings
from metrics.readers import Reading, Refusal
from metrics.registry import METRICS
from metrics.report import build_report
from metrics.tables import render_report


def report_of(*risks, refused=()):
    turns = tuple(
        Utterance(role=label.role, label=label)
        for label in (Label.GENERAL, Label.NEUTRAL, Label.COMPLEX_REFLECTION, Label.OPEN_QUESTION)
    )
    dialogues = tuple(Dialogue(id=str(i), utterances=turns, risk=risk) for i, risk in enumerate(risks))
    return build_report(
        Reading(dialogues, tuple(refused)), source="chats", settings=ScoreSettings(n_resamples=9)
    )


def test_tables_show_every_metric_beside_the_reference():
    text = render_report(report_of(None))
    assert "chats: 1 dialogues, 4 utterances" in text
    for metric in METRICS:
        assert f"\n{metric.title} " in text
    ratio = next(line for line in text.splitlines() if line.startswith("R/(R+Q)"))
    # one reflection, one question: .50 of 1 dialogue; AnnoMI high .51
    assert "0.50" in ratio
    assert "0.51 [0.46, 0.56]" in ratio


def test_tables_show_groups_only_where_there_are_some():
    assert "standard (" not in render_report(report_of(None, None))
    assert "standard (2)" in render_report(report_of(Risk.NONE, Risk.NONE, Risk.ALCOHOL_DRUGS))


def test_tables_state_refused_dialogues():
    assert "refused: 1 dialogues" in render_report(report_of(None, refused=[Refusal("row 2", "why")]))


def test_client_turns_without_a_label_are_listed_only_where_they_occur():
    assert "(no label)" not in render_report(report_of(None))
    turns = (Utterance(role=Role.THERAPIST, label=Label.AFFIRM), Utterance(role=Role.CLIENT, label=None))
    reading = Reading((Dialogue(id="1", utterances=turns),), ())
    text = render_report(build_report(reading, source="x", settings=ScoreSettings(n_resamples=9)))
    assert "(no label)" in text
