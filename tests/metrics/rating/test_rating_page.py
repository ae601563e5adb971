import base64
import hashlib
import json
import re

from metrics.rating.rating_page import PAGE, SCRIPTS
from tests.metrics.rating.conftest import HOSTILE


def data_of(page):
    text = page.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', text).group(1))


def test_page_data_gives_every_text_back_and_hides_sources_and_labels(prepare):
    page = prepare().page
    data = data_of(page)
    texts = [utterance["text"] for dialogue in data["dialogues"] for utterance in dialogue["utterances"]]
    assert HOSTILE in texts
    assert all(set(utterance) == {"role", "text"} for d in data["dialogues"] for utterance in d["utterances"])
    assert set(data["dialogues"][0]) == {"id", "language", "category", "notes", "utterances"}
    whole = page.read_text(encoding="utf-8")
    assert "alpha" not in whole and "beta" not in whole


def test_page_holds_no_script_but_its_own_and_its_policy_names_that(prepare):
    text = prepare().page.read_text(encoding="utf-8")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert [attributes for attributes, _ in scripts] == [' type="application/json" id="data"', ""]
    digest = base64.b64encode(hashlib.sha256(scripts[1][1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy.replace("&#43;", "+")


def test_page_needs_nothing_from_outside(prepare):
    text = prepare().page.read_text(encoding="utf-8")
    assert re.findall(r"https?://|url\(|@import|<link|<iframe", text) == []


def test_scripts_never_read_text_as_markup():
    script = "".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function", script) == []


def test_named_raters_get_the_same_packet_in_orders_of_their_own(prepare):
    kim, lee, again = (data_of(prepare("--rater", name).page) for name in ("kim", "lee", "kim"))
    assert kim["packet"] == lee["packet"]
    assert kim["order"] != lee["order"] and sorted(kim["order"]) == sorted(lee["order"])
    assert kim == again
