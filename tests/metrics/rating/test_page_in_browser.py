"""The rating page in a real browser: whole ratings by mouse and by keyboard, and what it must withstand."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from metrics.__main__ import main
from tests.metrics.rating.conftest import HOSTILE

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="no Chromium: apt-get install -y chromium chromium-driver"
    ),
]
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
WITHOUT_STORAGE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } })"
)


class Page:
    """One browser, with the few moves that a rater makes."""

    def __init__(self, downloads: Path) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = BROWSER
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        self.downloads = downloads

    def open(self, path: Path) -> None:
        self.driver.get(path.as_uri())

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements("css selector", selector)

    def one(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def click(self, selector: str) -> None:
        element = self.one(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def press(self, keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def number_left(self) -> int:
        return int("".join(filter(str.isdigit, self.one("#left").text)) or 0)

    def dialogues_shown(self) -> list[str]:
        return [section.get_attribute("data-dialogue") for section in self.all("section.dialogue")]

    def checks_shown(self) -> list[str]:
        names = [question.get_attribute("data-question") for question in self.all(".question")]
        return [name for name in names if "." in name]

    def choose(self, question: str, value: object) -> None:
        self.click(f'[data-question="{question}"] input[value="{value}"]')

    def export(self) -> Path:
        before = set(self.downloads.iterdir())
        self.click("#left")
        self.click("#export")
        from selenium.webdriver.support.ui import WebDriverWait

        def arrived(_: object) -> Path | None:
            new = [path for path in set(self.downloads.iterdir()) - before if path.suffix == ".json"]
            return new[0] if new else None

        return WebDriverWait(self.driver, 20).until(arrived)

    def scrolls_sideways(self) -> bool:
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )


@pytest.fixture
def new_page(tmp_path: Path) -> Iterator[Callable[[], Page]]:
    """A function that starts a browser with an empty profile."""
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    pages = []

    def start() -> Page:
        pages.append(Page(downloads))
        return pages[-1]

    yield start
    for page in pages:
        page.driver.quit()


def rate_by_mouse(page: Page, key: Any, levels: dict[str, int]) -> None:
    """Give the dialogue on the screen its source's level for every item, and the data's labels."""
    (dialogue,) = page.dialogues_shown()
    if page.all(".open-note"):
        page.click(".open-note")
    for item in key.asked_of(dialogue):
        page.choose(f"{dialogue}/{item}", levels[key.dialogues[dialogue].source])
    for check in page.checks_shown():
        page.choose(check, key.checks[check])


def test_two_raters_rate_everything_and_collect_gives_what_they_clicked(prepare, new_page, tmp_path, capsys):
    prepared = prepare("--pairs", "2")
    key = prepared.key
    total = 4 * 8 + 4 * 2 + 2

    page = new_page()
    page.open(prepared.page)
    page.click("#next")
    assert page.one("#rater").is_displayed(), "nobody starts without a name"
    page.one("#rater").send_keys("김하나")
    page.click("#next")
    assert page.number_left() == total
    rate_by_mouse(page, key, {"alpha": 4, "beta": 2})
    page.click("#next")
    rate_by_mouse(page, key, {"alpha": 4, "beta": 2})
    page.one("textarea").send_keys("둘째 대화")
    (second,) = page.dialogues_shown()
    assert page.number_left() == total - 20

    page.driver.refresh()
    assert page.number_left() == total - 20
    assert page.dialogues_shown() == [second]
    assert page.one("textarea").get_property("value") == "둘째 대화"
    half = page.export()
    assert main(["rate", "collect", str(half), "--key", str(prepared.key_path)]) == 0
    assert (
        "김하나: ratings 16 of 32, checks 4 of 8, preferences 0 of 2; 22 missing" in capsys.readouterr().out
    )

    page = new_page()  # another device
    page.open(prepared.page)
    page.click("#left")
    assert page.one("#rater").is_displayed()
    page.one("#rater").send_keys("x")
    page.click("#left")
    page.one("#import").send_keys(str(half))
    assert page.number_left() == total - 20
    page.click("[data-task]:has(.open)")
    for _ in range(2):
        rate_by_mouse(page, key, {"alpha": 4, "beta": 2})
        page.click("#next")
    for _ in range(2):
        shown = page.dialogues_shown()
        while page.all(".open-note"):
            page.click(".open-note")
        (better,) = [name for name in shown if key.dialogues[name].source == "alpha"]
        page.click(f'.question input[value="{better}"]')
        page.click("#next")
    assert page.number_left() == 0
    first_export = page.export()
    assert json.loads(first_export.read_text(encoding="utf-8"))["comments"] == {second: "둘째 대화"}

    second_export = rate_by_keyboard(new_page(), prepare("--pairs", "2", "--rater", "lee"))
    capsys.readouterr()
    words = ["rate", "collect", str(first_export), str(second_export), "--key", str(prepared.key_path)]
    assert main([*words, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [rater["rater"] for rater in report["raters"]] == ["김하나", "lee"]
    assert all(rater["ratings"] == [32, 32] and rater["checks"] == [8, 8] for rater in report["raters"])
    # 김하나: alpha 4, beta 2; lee: alpha 5, beta 2. See the hand count in test_collecting.py
    for figures in report["items"].values():
        assert figures["sources"]["alpha"]["mean"] == 4.5
        assert figures["sources"]["beta"]["mean"] == 2.0
        assert figures["agreement"]["mean_weighted_kappa"] == pytest.approx(1 - 2 / 14)
        assert figures["agreement"]["icc_2_k"] == pytest.approx(4 / 4.25)
    (preferences,) = report["preferences"]  # each pair: alpha (1) and a tie (.5)
    assert (preferences["wins"], preferences["ties"], preferences["win_rate"]) == (2, 2, 0.75)
    for role in ("Therapist", "Client"):
        if found := report["labels"][role]["all"]["n_utterances"]:
            assert report["labels"][role]["all"]["agreement_share"] == 1.0
            assert report["labels"][role]["all"]["n_cannot_tell"] == found


def rate_by_keyboard(page: Page, prepared: Any) -> Path:
    """Rate all without a mouse: alpha 5, beta 2, no label can be told, every pair a tie."""
    page.open(prepared.page)
    assert page.one("#rater").get_property("value") == "lee"
    page.press("n")
    while not page.all("#export"):
        shown = page.dialogues_shown()
        if len(shown) == 1:
            level = {"alpha": "5", "beta": "2"}[prepared.key.dialogues[shown[0]].source]
            page.press(level * len(prepared.key.asked_of(shown[0])) + "0" * len(page.checks_shown()))
            assert page.driver.switch_to.active_element.tag_name == "textarea"
            page.press("n1\t")
            assert page.one("textarea").get_property("value") == "n1", "in a comment, keys are text"
            page.one("#main").send_keys("n")
        else:
            page.press("2")
            page.one("#main").send_keys("n")
    return page.export()


def test_text_of_a_dialogue_is_shown_as_text_and_nothing_leaves_the_page(prepare, new_page):
    prepared = prepare()
    page = new_page()
    page.open(prepared.page)
    page.one("#rater").send_keys("kim")
    found = []
    for _ in range(4):
        page.click("#next")
        if page.all(".open-note"):
            page.click(".open-note")
        found += [said.text for said in page.all(".dialogue .said")]
        visible = page.one("body").text + page.driver.page_source.split('id="data"')[0]
        assert "alpha" not in visible and "beta" not in visible
        assert "Affirm" not in page.one(".dialogue").text
    assert HOSTILE in found
    assert page.driver.execute_script("return window.hacked === undefined && !document.querySelector('img')")
    assert page.driver.get_log("browser") == []
    page.driver.execute_async_script("fetch('https://example.org').catch(() => null).then(arguments[0])")
    messages = [entry["message"] for entry in page.driver.get_log("browser")]
    assert messages and all("Content Security Policy" in message for message in messages), messages


def test_dialogue_with_risk_is_shown_after_a_note(prepare, new_page):
    page = new_page()
    prepared = prepare()
    page.open(prepared.page)
    page.one("#rater").send_keys("kim")
    for _ in range(4):
        page.click("#next")
        (dialogue,) = page.dialogues_shown()
        if prepared.key.dialogues[dialogue].source == "beta":
            assert "술을 안 드셨네요" not in page.one("#main").text
            assert "109" in page.one(".note").text
            page.click(".open-note")
        assert len(page.all(".dialogue .said")) == 7
        assert not page.all(".note")


@pytest.mark.parametrize("languages", [0, 1])
def test_page_fits_a_phone_in_both_languages(prepare, new_page, languages):
    page = new_page()
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    page.open(prepare().page)
    for _ in range(languages):
        page.click("#language")
    page.one("#rater").send_keys("kim")
    screens = 0
    while True:
        assert not page.scrolls_sideways(), f"screen {screens}"
        small = [
            b.text for b in page.all("button, .question label") if b.is_displayed() and b.size["height"] < 36
        ]
        assert small == [], "too small for a finger"
        if page.all("#export"):
            break
        page.click("#next")
        if page.all(".open-note"):
            page.click(".open-note")
        screens += 1
    assert screens == 4 + 2 + 1


def test_language_switch_keeps_answers_and_speaks_the_other_language(prepare, new_page):
    page = new_page()
    page.open(prepare().page)
    page.one("#rater").send_keys("kim")
    page.click("#next")
    (dialogue,) = page.dialogues_shown()
    page.choose(f"{dialogue}/empathy", 4)
    legends = []
    for _ in range(2):
        legends.append(page.one(f'[data-question="{dialogue}/empathy"] legend').text)
        assert page.all(f'[data-question="{dialogue}/empathy"] input[value="4"]:checked')
        page.click("#language")
    assert sorted(legends) == ["Empathy", "공감"]


def test_page_without_storage_says_so_and_still_exports(prepare, new_page):
    page = new_page()
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WITHOUT_STORAGE})
    page.open(prepare().page)
    assert page.one("#storage").get_attribute("class") == "not_saved"
    page.one("#rater").send_keys("kim")
    page.click("#next")
    (dialogue,) = page.dialogues_shown()
    page.choose(f"{dialogue}/empathy", 4)
    assert json.loads(page.export().read_text(encoding="utf-8"))["ratings"] == {dialogue: {"empathy": 4}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"packet": "0"}, "another packet"),
        ({"format": "other"}, "not a file exported from this page"),
        ({"ratings": {"D01": {"empathy": 9}}}, "ratings.D01"),
        ({"checks": {"D99.1": "Affirm"}}, "checks.D99.1"),
    ],
)
def test_page_refuses_to_import_what_it_did_not_export(prepare, new_page, tmp_path, change, message):
    prepared = prepare()
    export = {"format": "kmi-rating/1", "packet": prepared.key.packet, "rater": "kim"} | change
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    page = new_page()
    page.open(prepared.page)
    page.one("#rater").send_keys("kim")
    page.click("#left")
    page.one("#import").send_keys(str(path))
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(page.driver, 10).until(lambda _: page.one("#message").text)
    assert message in page.one("#message").text
    assert page.number_left() == 4 * 8 + 4 * 2 + 2


def test_import_asks_before_it_replaces_answers(prepare, new_page, tmp_path):
    prepared = prepare()
    export = {"format": "kmi-rating/1", "packet": prepared.key.packet, "rater": "kim"}
    path = tmp_path / "kim.json"
    path.write_text(json.dumps(export | {"ratings": {"D01": {"empathy": 1}}}), encoding="utf-8")
    page = new_page()
    page.open(prepared.page)
    page.one("#rater").send_keys("kim")
    page.click("#next")
    page.press("33")
    before = page.number_left()
    page.click("#left")
    page.one("#import").send_keys(str(path))
    page.driver.switch_to.alert.dismiss()
    assert page.number_left() == before
    page.one("#import").send_keys(str(path))
    page.driver.switch_to.alert.accept()
    assert page.number_left() == before + 1
