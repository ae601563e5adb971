"""What stands in the page: the dialogues, whole and harmless, and colors that can be told from the ground."""

import json
import re

import pytest

from dataset_card.__main__ import main
from dataset_card.explorer.explorer_page import (
    FOLDER,
    RISK_NOTES,
    label_code,
    page_data,
    render_explorer,
    source_hash,
)
from kmi import DATA_VERSION, Label, Risk

HOSTILE = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)><!-- &lt; \u2028'


@pytest.fixture
def rows(small_dialogues):
    """Two dialogues by split, the first with hostile texts."""
    first, second = small_dialogues[:2]
    first["dialogue"][0]["utterance_ko"] = first["profile"]["name"] = HOSTILE
    return {"train": [first], "test": [second]}


def _embedded(page: str) -> str:
    return page.split('<script type="application/json" id="data">')[1].split("</script>")[0]


def test_page_holds_every_dialogue_as_it_is(rows):
    data = json.loads(_embedded(render_explorer(rows)))
    expected = [rows["test"][0] | {"split": "test"}, rows["train"][0] | {"split": "train"}]
    assert data["dialogues"] == expected  # by id: 1, 3
    assert data["version"] == DATA_VERSION


def test_hostile_text_leaves_no_markup_behind(rows):
    page = render_explorer(rows)
    assert "<img" not in page and "<!--" not in page and "taken</" not in page
    assert page.count("<script") == page.count("</script>") == 2
    assert not re.search(r"[<>&]", _embedded(page))


def test_policy_allows_the_own_style_and_script_and_nothing_from_outside(rows):
    page = render_explorer(rows)
    style = page.split("<style>")[1].split("</style>")[0]
    script = page.split("<script>")[1].split("</script>")[0]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy == (
        f"default-src 'none'; style-src '{source_hash(style)}'; script-src '{source_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?:|//\w|innerHTML|url\(|@import", page.replace(HOSTILE, ""))


def test_filters_offer_what_occurs_in_the_order_of_the_contract(rows):
    assert page_data(rows)["filters"] == {
        "category_en": [("Addiction·Obsession", "Addiction·Obsession 중독·집착")],
        "label": [
            ("Complex Reflection", "Complex Reflection 복합 반영"),
            ("Affirm", "Affirm 인정"),
            ("General", "General 일반"),
            ("Change Talk", "Change Talk 변화 대화"),
            ("Sustain Talk", "Sustain Talk 유지 대화"),
        ],
        "stage_of_change": [("contemplation", "contemplation")],
        "split": [("train", "train"), ("test", "test")],
        "risk": [("alcohol_drugs", "alcohol drugs")],
    }


def test_every_risk_has_a_note_and_every_label_a_code_of_its_own():
    assert set(RISK_NOTES) == set(Risk) and all(RISK_NOTES[risk] for risk in Risk if risk is not Risk.NONE)
    assert len({label_code(label) for label in Label}) == len(Label)


def _luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = color.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_label_colors_stand_out_from_the_ground(theme):
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme == "dark"]
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", block))
    for ground in ("page", "card"):
        assert all(_contrast(colors[text], colors[ground]) >= 4.5 for text in ("text", "quiet", "link"))
        for label in Label:  # WCAG 2.2, 1.4.11: 3 to 1 for what is no text
            assert _contrast(colors[label.lower().replace(" ", "-")], colors[ground]) >= 3, label
    assert _contrast(colors["text"], colors["mark"]) >= 4.5


def test_command_writes_the_page(small_project, tmp_path, capsys):
    out = tmp_path / "explore.html"
    assert main(["explore", "--data", str(small_project / "kmi"), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"open {out.as_uri()}\n"
    assert len(json.loads(_embedded(out.read_text(encoding="utf-8")))["dialogues"]) == 4
