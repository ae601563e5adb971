import json

import pytest

from metrics.rating.exports import read_exports


@pytest.fixture
def whole(prepare):
    """The key, and the content of an export that answers everything."""
    key = prepare().key
    content = {
        "format": "kmi-rating/1",
        "packet": key.packet,
        "rater": "kim",
        "ratings": {name: dict.fromkeys(key.asked_of(name), 3) for name in key.dialogues},
        "checks": dict(key.checks),
        "preferences": dict.fromkeys(key.pairs, "tie"),
        "comments": {"D01": "좋다"},
    }
    return key, content


def write(folder, content, name="kim.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_export_keeps_every_answer(whole, tmp_path):
    key, content = whole
    (export,) = read_exports([write(tmp_path, content)], key)
    assert export.rater == "kim"
    assert len(export.ratings) == 4 * 8 and set(export.ratings.values()) == {3}
    assert export.checks == key.checks
    assert set(export.preferences) == set(key.pairs)
    assert export.n_comments == 1


def test_export_counts_open_answers_as_missing(whole, tmp_path):
    key, content = whole
    content["ratings"]["D01"]["empathy"] = None
    del content["preferences"]
    (export,) = read_exports([write(tmp_path, content)], key)
    assert len(export.ratings) == 4 * 8 - 1
    assert export.preferences == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"format": "other"}, "format: found 'other'; allowed are 'kmi-rating/1'", id="format"),
        pytest.param({"packet": "f00"}, "packet: found 'f00'; allowed are '", id="other packet"),
        pytest.param({"rater": " "}, "rater: found ' '; allowed is a name or number", id="no rater"),
        pytest.param(
            {"extra": 1}, "the file: unknown: 'extra'; allowed are 'format', 'packet'", id="unknown field"
        ),
        pytest.param({"ratings": []}, r"ratings: found \[\]; allowed is a JSON object", id="no object"),
        pytest.param(
            {"ratings": {"D99": {}}},
            "ratings: unknown: 'D99'; allowed are 'D01', 'D02', 'D03', 'D04'$",
            id="dialogue",
        ),
        pytest.param(
            {"ratings": {"D01": {"warmth": 3}}},
            "ratings.D01: unknown: 'warmth'; allowed are 'cultivating",
            id="item",
        ),
        *(
            pytest.param(
                {"ratings": {"D01": {"empathy": value}}},
                "ratings.D01.empathy: found .*; allowed are 1, 2, 3, 4, 5$",
                id=f"level {value!r}",
            )
            for value in (0, 6, 3.5, "3", True)
        ),
        pytest.param({"checks": {"D01.99": "Affirm"}}, "checks: unknown: 'D01.99'", id="utterance"),
        pytest.param(
            {"preferences": {"P01": "left"}}, "preferences.P01: found 'left'; allowed are 'D0", id="pair"
        ),
        pytest.param(
            {"comments": {"D01": 3}}, "comments.D01: found 3; allowed is a JSON string", id="comment"
        ),
    ],
)
def test_export_refuses_what_nobody_can_have_meant(whole, tmp_path, change, message):
    key, content = whole
    with pytest.raises(ValueError, match=rf"kim.json: no export of packet {key.packet[:16]}\n  {message}"):
        read_exports([write(tmp_path, content | change)], key)


def test_export_refuses_a_label_of_the_other_speaker(whole, tmp_path):
    key, content = whole
    therapist = next(
        check for check, label in key.checks.items() if label in ("General", "Open Question", "Affirm")
    )
    content["checks"][therapist] = "Change Talk"
    with pytest.raises(
        ValueError, match=f"checks.{therapist}: found 'Change Talk'; allowed are 'Simple Reflection'"
    ):
        read_exports([write(tmp_path, content)], key)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('{"rater": "kim",\n', "kim.json: line 2: not JSON", id="cut off"),
        pytest.param('{"rater": "kim", "rater": "lee"}', "kim.json: 'rater' stands twice", id="edited"),
        pytest.param("[]", r"kim.json: no export of packet \w+\n  the file: found \[\]", id="list"),
    ],
)
def test_export_refuses_another_file(whole, tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_exports([write(tmp_path, text)], whole[0])


def test_exports_refuse_two_files_of_one_rater(whole, tmp_path):
    key, content = whole
    paths = [write(tmp_path, content), write(tmp_path, content, "copy.json")]
    with pytest.raises(ValueError, match="copy.json: rater: 'kim' also made .*kim.json; keep the later"):
        read_exports(paths, key)
