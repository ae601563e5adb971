"""The page: one file, nothing from outside, every text of the sources escaped."""

import re
import shutil
from html import unescape
from html.parser import HTMLParser

import pytest

from metrics.comparing.comparison import build_comparison
from metrics.evaluation import ScoreSettings
from metrics.page.policy import source_hash
from metrics.page.report_page import render_page
from metrics.readers import Reading, Refusal, Table, parse_tables
from metrics.registry import METRICS
from metrics.report import report_scores
from metrics.scores import compute_scores

QUICK = ScoreSettings(n_resamples=20)
HOSTILE = "<img src=x onerror=alert(1)>\"'&</style></title><script>alert(1)</script>"
LABELS = ("General", "Neutral", "Open Question", "Change Talk", "Complex Reflection", "Sustain Talk")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")


def scores(name, n=6, text="I smoke every day now."):
    roles = ("Therapist", "Client") * 3
    turns = [
        {"role": role, "label": label, "utterance_en": f"{text} {label}"}
        for role, label in zip(roles, LABELS, strict=True)
    ]
    reading = parse_tables([Table(name, None, [(f"row {i}", {"dialogue": turns}) for i in range(n)])])
    return compute_scores(Reading(reading.dialogues, (Refusal(f"row {name}", name),)), name)


@pytest.fixture(scope="module")
def hostile():
    first, second = scores(HOSTILE, text=HOSTILE), scores("theirs")
    reports = [report_scores(one, settings=QUICK) for one in (first, second)]
    return render_page(reports, build_comparison(first, second, settings=QUICK))


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_page_allows_its_own_style_and_nothing_else(hostile):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', hostile)[1]
    style = re.search(r"<style>(.*?)</style>", hostile, re.DOTALL)[1]
    assert unescape(policy) == (
        f"default-src 'none'; style-src '{source_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style and "@import" not in style


def test_no_text_of_a_source_becomes_markup(hostile):
    tags = Tags()
    tags.feed(hostile)
    names = {tag for tag, _ in tags.found}
    assert names.isdisjoint({"script", "img", "link", "iframe", "object", "form", "base"})
    for _, attributes in tags.found:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert "&lt;script&gt;alert(1)" in hostile


def test_page_shows_every_metric_each_source_and_the_reference():
    reports = [report_scores(scores(name), settings=QUICK) for name in ("ours", "theirs")]
    page = render_page(reports)
    for metric in METRICS:
        if reports[0]["groups"]["all"]["metrics"][metric.name]["mean"] is not None:
            assert f"<b>{metric.title.replace('>', '&gt;')}</b>" in page
    for text in (
        "ours",
        "theirs",
        "AnnoMI high",
        "AnnoMI low",
        "original KMI",
        "Change talk along the session",
    ):
        assert text in page
    assert 'id="differences"' not in page


def test_comparison_is_on_the_page_with_its_notes(hostile):
    assert 'id="differences"' in hostile
    assert "permutation test of ranks" in hostile


def test_page_is_the_same_every_time():
    report = report_scores(scores("ours"), settings=QUICK)
    assert render_page([report]) == render_page([report])


def test_source_without_client_labels_has_no_curve():
    turns = [{"role": "Therapist", "label": "Affirm"}, {"role": "Client", "label": None}]
    reading = parse_tables([Table("x", None, [("row 1", {"dialogue": turns})])])
    page = render_page([report_scores(compute_scores(reading, "x"), settings=QUICK)])
    assert 'id="curve"' not in page


@pytest.mark.heavy
@pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="no Chromium: apt-get install -y chromium chromium-driver"
)
@pytest.mark.parametrize("width", [360, 1280])
def test_page_fits_the_window_and_breaks_no_policy(hostile, tmp_path, width):
    from selenium import webdriver

    path = tmp_path / "page.html"
    path.write_text(hostile, encoding="utf-8")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(path.as_uri())
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert driver.execute_script("return document.styleSheets.length") == 1
        assert driver.get_log("browser") == []
    finally:
        driver.quit()
