"""The page as people use it, in a real Chromium: from disk, by mouse, keyboard and on a phone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from dataset_card.corpus import read_corpus
from dataset_card.explorer.explorer_page import render_explorer

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="no Chromium: apt-get install -y chromium chromium-driver"
    ),
]
SHIPPED = Path(__file__).parents[3] / "kmi"
HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><b>굵게</b>"
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
MAX_OPEN_SECONDS = 2.0
MAX_WAIT_SECONDS = 10
N_MANY = 1000


class Page:
    """A tab with the page, and the few moves that a reader makes."""

    def __init__(self, driver: Any, path: Path) -> None:
        self.driver, self.path = driver, path

    def open(self, address: str = "") -> None:
        self.driver.get("about:blank")  # or a new address would keep what the page remembers
        self.driver.get(self.path.as_uri() + address)

    def all(self, selector: str) -> list[Any]:
        return [node for node in self.driver.find_elements("css selector", selector) if node.is_displayed()]

    def text(self, selector: str) -> str:
        return " ".join(" ".join(node.text for node in self.all(selector)).split())

    def click(self, selector: str) -> None:
        self.driver.find_element("css selector", selector).click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def choose(self, name: str, value: str) -> None:
        self.driver.find_element("name", name).send_keys(value.replace("_", " "))  # by its first letters

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; a node that the page replaces while it is read is read again."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        wait = WebDriverWait(self.driver, MAX_WAIT_SECONDS, 0.05, [StaleElementReferenceException])
        wait.until(lambda _: is_so())

    def until_listed(self, *ids: str) -> None:
        self.until(lambda: self.text("#count") == f"{len(ids)} of 4 dialogues")
        assert [node.text for node in self.all("#list strong")] == list(ids)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """A Chromium that notes every message and request."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,800"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield started
    started.quit()


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
def page(driver, rows, tmp_path) -> Iterator[Page]:
    """The page of four dialogues; it must write no message, and load nothing but itself from disk."""
    path = tmp_path / "explore.html"
    path.write_text(render_explorer(rows), encoding="utf-8")
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    yield Page(driver, path)
    assert driver.get_log("browser") == []
    sent = [entry["message"] for entry in driver.get_log("performance")]
    sent = [message for message in sent if '"Network.requestWillBeSent"' in message]
    assert sent and all("explore.html" in message or "about:blank" in message for message in sent)


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
def test_filter_narrows_the_list_and_clear_widens_it(page, name, value, ids):
    page.open()
    page.choose(name, value)
    page.until_listed(*ids)
    page.click("button[type=reset]")
    page.until_listed("1", "2", "3", "4")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("수요일은 쉬어", ["1", "3"], id="Korean"),
        pytest.param("WEDNESDAY off", ["1", "3"], id="English in capitals"),
        pytest.param(normalize("NFD", "수요일"), ["1", "3"], id="Korean, decomposed"),
        pytest.param("없는 말", [], id="nothing"),
    ],
)
def test_search_finds_korean_and_english(page, text, ids):
    page.open()
    page.driver.find_element("name", "text").send_keys(text)
    page.until_listed(*ids)


@pytest.mark.parametrize(
    ("label", "ids", "hits"), [("Sustain Talk", [], []), ("Change Talk", ["1", "3"], ["1.5"])]
)
def test_label_and_search_meet_in_one_turn_which_is_marked(page, label, ids, hits):
    page.open("#1")
    page.driver.find_element("name", "text").send_keys("wednesday")
    page.choose("label", label)
    page.until_listed(*ids)
    page.until(lambda: [node.get_attribute("id") for node in page.all(".turn.hit")] == hits)
    assert page.text("mark") == "Wednesday"


def test_plan_stands_beside_another_label(page):
    page.open("#2")
    assert "planned ≠ Simple Reflection" in page.text("[id='2.2'] .who")
    assert len(page.all(".chip.other")) == 1
    assert "as planned in 4 of 5 turns" in page.text("main")
    page.click("[name=differs]")
    page.until_listed("2")


def test_address_opens_dialogue_and_turn_with_the_profile_beside(page):
    page.open("#1.4")
    assert page.text("main h2") == "Dialogue 1" and page.driver.title.startswith("Dialogue 1 ")
    assert page.all("[id='1.4']")
    assert "간 수치가 높게 나왔다" in page.text("#profile")
    assert page.text("#list a[aria-current] strong") == "1"


def test_address_of_no_dialogue_opens_the_start(page):
    page.open("#99")
    assert page.text("main h2") == "Choose a dialogue"


def test_every_text_is_shown_as_text(page):
    page.open("#1")
    assert page.text("[id='1.0'] .ko") == HOSTILE and HOSTILE in page.text("#profile")
    assert page.driver.find_elements("css selector", "img, main b, #list b, #profile b") == []
    assert page.driver.title.startswith("Dialogue 1 ")


def test_note_stands_before_each_dialogue_with_risk(page):
    page.open("#3")
    assert "speaks of dependence on alcohol or drugs" in page.text(".note") and "109" in page.text(".note")
    assert not page.all(".turn") and page.text("#profile") == ""
    page.click(".note button")
    assert len(page.all(".turn")) == 6
    page.press("\ue014")  # right: 4 has a note of its own
    page.until(lambda: bool(page.all(".note")))
    page.press("\ue012")  # left: 3 is open
    page.until(lambda: len(page.all(".turn")) == 6)


def test_keyboard_alone_searches_opens_and_steps(page):
    page.open()
    page.press("/", "Wednesday")
    page.until_listed("1", "3")
    for _ in range(20):  # from the search to the first of the list
        page.press("\ue004")
        if page.driver.switch_to.active_element.get_attribute("href") == page.path.as_uri() + "#1":
            break
    page.press("\ue007")
    page.until(lambda: page.text("main h2") == "Dialogue 1")
    assert page.driver.switch_to.active_element.get_attribute("id") == "dialogue"
    page.press("\ue014")
    page.until(lambda: page.text("main h2") == "Dialogue 3")  # 2 is not in the list


def test_language_shows_one_text_alone(page):
    page.open("#1")
    page.choose("language", "en")
    page.until(lambda: not page.all("[id='1.1'] .ko"))
    assert page.all("[id='1.1'] .en")


@pytest.mark.parametrize("address", ["", "#1", "#3"])
def test_phone_shows_list_or_dialogue_and_never_scrolls_sideways(page, address):
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    try:
        page.open(address)
        assert bool(page.all("#list")) is (address == "") and bool(page.all("main")) is (address != "")
        assert page.driver.execute_script("return document.documentElement.scrollWidth") == PHONE["width"]
        if address:
            page.click(".all")
            page.until(lambda: bool(page.all("#list")))
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_thousand_dialogues_open_within_two_seconds(driver, tmp_path, record_property):
    shipped = [row for rows in read_corpus(SHIPPED).dialogues.values() for row in rows]
    many = [shipped[number % len(shipped)] | {"id": number + 1} for number in range(N_MANY)]
    page = Page(driver, tmp_path / "explore.html")
    page.path.write_text(render_explorer({"train": many}), encoding="utf-8")
    seconds = []
    for _ in range(3):
        page.open()
        assert page.text("#count") == f"{N_MANY} of {N_MANY} dialogues"
        seconds.append(int(driver.execute_script("return document.documentElement.dataset.readyMs")) / 1000)
    record_property("seconds", seconds)
    assert sorted(seconds)[1] <= MAX_OPEN_SECONDS, f"{page.path.stat().st_size:,} B open after {seconds} s"
