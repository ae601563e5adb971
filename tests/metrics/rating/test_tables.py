from metrics.rating.collecting import build_report
from metrics.rating.exports import Export
from metrics.rating.packet import Key, KeyDialogue
from metrics.rating.tables import render_report

KEY = Key(
    packet="ab" * 32,
    command="",
    sources=("ours", "theirs"),
    items={"empathy": None},
    dialogues={
        "D01": KeyDialogue(source="theirs", id="1", category=None, language="ko"),
        "D02": KeyDialogue(source="ours", id="9", category=None, language="ko"),
    },
    checks={"D01.1": "General"},
    pairs={"P01": ("D01", "D02")},
)


def lines_of(key, *exports):
    return [" ".join(line.split()) for line in render_report(build_report(key, exports)).splitlines()]


def test_tables_show_progress_means_agreement_preferences_and_labels():
    kim = Export(
        rater="kim",
        ratings={("D01", "empathy"): 2, ("D02", "empathy"): 4},
        checks={"D01.1": "General"},
        preferences={"P01": "D02"},
    )
    lee = Export(
        rater="lee", ratings={("D01", "empathy"): 2, ("D02", "empathy"): 4}, checks={}, preferences={}
    )
    lines = lines_of(KEY, kim, lee)
    assert "Packet abababababababab, 2 raters" in lines
    assert "kim: ratings 2 of 2, checks 1 of 1, preferences 1 of 1; complete" in lines
    assert "lee: ratings 2 of 2, checks 0 of 1, preferences 0 of 1; 2 missing" in lines
    assert "empathy 4.00 [–, –] n=1 2.00 [–, –] n=1" in lines
    assert "empathy 1.00 1.00 1.00 1.00 2" in lines
    assert any(line.startswith("ours over theirs 1.00 [0.21, 1.00] 1 0 0 1") for line in lines)
    assert any(line.startswith("Therapist, theirs 1.00 [0.21, 1.00]") for line in lines)


def test_tables_leave_out_what_was_not_asked_or_has_one_rater():
    key = Key(
        packet=KEY.packet,
        command="",
        sources=KEY.sources,
        items=KEY.items,
        dialogues=KEY.dialogues,
        checks={},
        pairs={},
    )
    text = "\n".join(lines_of(key, Export(rater="kim", ratings={}, checks={}, preferences={})))
    assert "Agreement needs two raters or more." in text
    assert "preference" not in text and "label check" not in text
    assert "empathy – [–, –] n=0" in text
