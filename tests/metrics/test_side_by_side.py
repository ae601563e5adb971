from metrics.evaluation import ScoreSettings
from metrics.readers import Table, parse_tables
from metrics.registry import METRICS
from metrics.report import build_report
from metrics.side_by_side import render_reports
from metrics.tables import render_report

QUICK = ScoreSettings(n_resamples=9)


def report(name, label, **texts):
    turns = [
        {"role": "Therapist", "label": "General", **texts},
        {"role": "Therapist", "label": label, **texts},
    ]
    return build_report(
        parse_tables([Table(name, None, [("1", {"dialogue": turns})])]), source=name, settings=QUICK
    )


def test_one_report_is_shown_by_itself():
    one = report("ours", "Affirm")
    assert render_reports([one]) == render_report(one)


def test_sources_are_columns_beside_the_reference():
    lines = render_reports(
        [report("ours", "Simple Reflection"), report("theirs", "Open Question")]
    ).splitlines()
    head = next(line.split() for line in lines if line.startswith("metric"))
    assert head[2:4] == ["ours", "theirs"]
    # a reflection alone, a question alone, and R/(R+Q) of AnnoMI high
    line = next(line for line in lines if line.startswith("R/(R+Q)"))
    assert line.split()[3:5] == ["1.00", "0.00"] and "0.51 [0.46, 0.56]" in line
    assert sum(line.startswith(tuple(f"{metric.title} " for metric in METRICS)) for line in lines) == len(
        METRICS
    )


def test_text_that_one_source_alone_has_leaves_a_dash():
    with_text, without = report("ours", "Affirm", utterance_en="Well done again."), report("theirs", "Affirm")
    line = next(x for x in render_reports([with_text, without]).splitlines() if x.startswith("closing"))
    assert line.split()[3:5] == ["0.00", "–"]
