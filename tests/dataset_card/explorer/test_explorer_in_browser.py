"""The page as people use it, in a real Chromium: from disk, by mouse, keyboard and on a phone."""

import shutil
from copy import deepcopy
from pathlib import Path
from unicodedata import normalize

import pytest

from dataset_card.corpus import read_corpus
from dataset_card.explorer.explorer_page import render_explorer

pytestmark = pytest.mark.heavy
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium here (Debian: apt-get install chromium)", allow_module_level=True)

SHIPPED = Path(__file__).parents[3] / "kmi"
HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><b>굵게</b>"
MAX_OPEN_SECONDS = 2.0
N_MANY = 1000


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def rows(small_dialogues):
    """Dialogue 1 without risk and with hostile texts, 2 with another plan, 3 and 4 with risk."""
    by_id = {row["id"]: row for row in small_dialogues}
    by_id[1]["risk"] = by_id[2]["risk"] = "none"
    by_id[1]["dialogue"][0]["utterance_ko"] = by_id[1]["profile"]["target_behavior"] = HOSTILE
    by_id[2]["dialogue"][2]["planned_label"] = "Simple Reflection"
    by_id[2]["stage_of_change"] = "action"
    return {"train": [by_id[1], by_id[4]], "validation": [by_id[2]], "test": [by_id[3]]}


@pytest.fixture
def visit(browser, rows, tmp_path):
    """Open the page from disk at an address within it; every request but the file itself is an error."""
    path = tmp_path / "explore.html"
    path.write_text(render_explorer(rows), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1300, "height": 800})
    faults = []

    def open_page(address: str = "", width: int | None = None):
        page = context.new_page()
        if width:
            page.set_viewport_size({"width": width, "height": 800})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda request: faults.append(request.url) if ".html" not in request.url else None)
        page.goto(path.as_uri() + address)
        return page

    yield open_page
    context.close()
    assert faults == []


def _listed(page) -> list[str]:
    return page.locator("#list li:visible strong").all_inner_texts()


def _wait_for_count(page, n: int) -> None:
    expect(page.locator("#count")).to_have_text(f"{n} of 4 dialogues")


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        pytest.param("stage_of_change", "action", ["2"], id="stage"),
        pytest.param("split", "train", ["1", "4"], id="split"),
        pytest.param("risk", "alcohol_drugs", ["3", "4"], id="risk"),
        pytest.param("category_en", "Addiction·Obsession", ["1", "2", "3", "4"], id="category"),
        pytest.param("label", "Sustain Talk", ["1", "2", "3", "4"], id="label"),
    ],
)
def test_filter_narrows_the_list(visit, name, value, ids):
    page = visit()
    page.locator(f"select[name={name}]").select_option(value)
    _wait_for_count(page, len(ids))
    assert _listed(page) == ids
    page.get_by_role("button", name="Clear").click()
    _wait_for_count(page, 4)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("수요일은 쉬어", ["1", "3"], id="Korean"),
        pytest.param("WEDNESDAY off", ["1", "3"], id="English in capitals"),
        pytest.param(normalize("NFD", "수요일"), ["1", "3"], id="decomposed"),
        pytest.param("없는 말", [], id="nothing"),
    ],
)
def test_search_finds_korean_and_english(visit, text, ids):
    page = visit()
    page.get_by_label("Search").fill(text)
    _wait_for_count(page, len(ids))
    assert _listed(page) == ids


def test_label_and_search_meet_in_one_turn_which_is_marked(visit):
    page = visit("#1")
    page.get_by_label("Search").fill("wednesday")
    page.locator("select[name=label]").select_option("Sustain Talk")
    _wait_for_count(page, 0)
    page.locator("select[name=label]").select_option("Change Talk")
    _wait_for_count(page, 2)
    assert page.locator(".turn.hit").get_attribute("id") == "1.5"
    assert page.locator("mark").all_inner_texts() == ["Wednesday"]


def test_plan_stands_beside_another_label(visit):
    page = visit("#2")
    assert "planned ≠ Simple Reflection" in " ".join(page.locator("[id='2.2'] .who").inner_text().split())
    assert page.locator(".chip.other").count() == 1
    assert "as planned in 4 of 5 turns" in page.locator("main").inner_text()
    page.get_by_label("Plan and label differ").check()
    _wait_for_count(page, 1)
    assert _listed(page) == ["2"]


def test_address_opens_dialogue_and_turn_with_the_profile_beside(visit):
    page = visit("#1.4")
    assert page.get_by_role("heading", name="Dialogue 1").is_visible()
    assert page.locator("[id='1.4']").is_visible()
    assert page.title().startswith("Dialogue 1 ")
    assert "간 수치가 높게 나왔다" in page.locator("#profile").inner_text()
    assert page.locator("#list a[aria-current]").count() == 1
    page.goto(page.url.split("#")[0] + "#99")
    expect(page.get_by_role("heading", name="Choose a dialogue")).to_be_visible()


def test_every_text_is_shown_as_text(visit):
    page = visit("#1")
    assert page.locator("[id='1.0'] .ko").inner_text() == HOSTILE
    assert page.locator("main b, main img, #list b, #list img").count() == 0
    assert page.title().startswith("Dialogue 1 ")


def test_note_stands_before_a_dialogue_with_risk(visit):
    page = visit("#3")
    assert "speaks of dependence on alcohol or drugs" in page.locator("main").inner_text()
    assert "109" in page.locator("main").inner_text()
    assert page.locator(".turn").count() == 0 and page.locator("#profile").inner_text() == ""
    page.get_by_role("button", name="Show the dialogue").press("Enter")
    expect(page.locator(".turn")).to_have_count(6)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".note")).to_be_visible()  # 4 has its own
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".turn")).to_have_count(6)


def test_keyboard_alone_searches_opens_and_steps(visit):
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("Wednesday")
    _wait_for_count(page, 2)
    assert page.locator("input[name=text]").input_value() == "Wednesday"
    page.locator("#list li:visible a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.url.endswith("#1")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**#3")  # 2 does not match
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("#3")


def test_language_shows_one_text_alone(visit):
    page = visit("#1")
    page.get_by_label("Language").select_option("en")
    expect(page.locator("[id='1.1'] .ko")).to_be_hidden()
    assert page.locator("[id='1.1'] .en").is_visible()


@pytest.mark.parametrize("address", ["", "#1", "#3"])
def test_phone_shows_list_or_dialogue_and_never_scrolls_sideways(visit, address):
    page = visit(address, width=360)
    assert page.locator("#list").is_visible() is (address == "")
    assert page.locator("main").is_visible() is (address != "")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    if address:
        page.get_by_role("link", name="All dialogues").click()
        expect(page.locator("#list")).to_be_visible()


def test_a_thousand_dialogues_open_within_two_seconds(browser, tmp_path, record_property):
    shipped = [row for rows in read_corpus(SHIPPED).dialogues.values() for row in rows]
    many = [deepcopy(shipped[number % len(shipped)]) | {"id": number + 1} for number in range(N_MANY)]
    path = tmp_path / "explore.html"
    path.write_text(render_explorer({"train": many}), encoding="utf-8")
    seconds = []
    for _ in range(3):
        page = browser.new_page()
        page.goto(path.as_uri())
        assert page.locator("#list li").count() == N_MANY
        seconds.append(int(page.evaluate("document.documentElement.dataset.readyMs")) / 1000)
        page.close()
    record_property("seconds", seconds)
    assert sorted(seconds)[1] <= MAX_OPEN_SECONDS, f"{path.stat().st_size:,} B open after {seconds} s"
