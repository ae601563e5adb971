"""Pictures of the card: they say what the report says, on light and dark pages alike."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from dataset_card.corpus import read_corpus
from dataset_card.pictures import DARK, LIGHT, PICTURES, write_pictures
from kmi import Label

TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture
def drawn(small_project, small_report, tmp_path):
    report = json.loads(small_report.read_text(encoding="utf-8"))
    paths = write_pictures(read_corpus(small_project / "kmi"), report, tmp_path)
    return {str(path.relative_to(tmp_path)): path.read_text(encoding="utf-8") for path in paths}


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(TEXT)]


def test_every_picture_is_drawn_for_both_pages(drawn):
    assert set(drawn) == {picture.path(theme) for picture in PICTURES for theme in (LIGHT, DARK)}
    for name, svg in drawn.items():
        theme = LIGHT if "-light" in name else DARK
        assert re.search(rf'<path [^>]*style="fill: {theme.paper}', svg), name
        assert theme.ink in svg


def test_pictures_are_the_same_every_time(drawn, small_project, small_report, tmp_path):
    report = json.loads(small_report.read_text(encoding="utf-8"))
    again = write_pictures(read_corpus(small_project / "kmi"), report, tmp_path / "again")
    assert [path.read_text(encoding="utf-8") for path in again] == list(drawn.values())


def test_label_shares_are_those_of_the_report(drawn, small_report):
    labels = json.loads(small_report.read_text(encoding="utf-8"))["groups"]["all"]["labels"]
    shown = texts(drawn["pictures/label_shares-light.svg"])
    wanted = [f"{100 * labels[label.value]['share']:.1f}" for label in Label]
    assert [text for text in shown if re.fullmatch(r"\d+\.\d", text)] == wanted
    assert all(label.value in shown for label in Label)


def test_heat_map_shows_how_often_a_label_is_answered_by_which(drawn, small_report):
    transitions = json.loads(small_report.read_text(encoding="utf-8"))["groups"]["all"]["transitions"]
    assert transitions["General"] == {"Change Talk": 4}
    shown = texts(drawn["pictures/transitions-light.svg"])
    general = [text for text in shown if re.fullmatch(r"\d+", text)][21:24]  # eighth row of three columns
    assert general == ["100", "0", "0"]


def test_curve_names_every_corpus(drawn):
    shown = texts(drawn["pictures/change_talk_curve-dark.svg"])
    assert {"this dataset", "original KMI", "AnnoMI high", "AnnoMI low"} <= set(shown)
