import json

import pytest

from metrics.__main__ import main
from metrics.rating.packet import Key


def test_prepare_writes_the_key_into_a_folder_apart_and_says_what_to_send(sources, tmp_path, capsys):
    assert main(["rate", "prepare", *sources, "--n", "1", "--out", str(tmp_path / "out" / "page.html")]) == 0
    (key_path,) = (tmp_path / "out" / "keys").iterdir()
    assert Key.load(key_path).sources == ("alpha", "beta")
    first, second = capsys.readouterr().out.splitlines()
    assert "page.html: dialogues 2, utterances to label 6, pairs 1; send this file, and no other" in first
    assert str(key_path) in second and "keep it from raters" in second


def test_key_holds_the_command_that_rebuilds_the_packet_and_no_path(prepare, sources, tmp_path):
    prepared = prepare("--category", "Family", "--random-seed", "5")
    assert str(tmp_path) not in prepared.key_path.read_text(encoding="utf-8")
    words = prepared.key.command.split()[3:]
    words[words.index("alpha=PATH")] = f"alpha={sources[0]}"
    words[words.index("beta=PATH")] = f"beta={sources[1]}"
    words[words.index("packet.html")] = str(tmp_path / "again.html")
    assert main([*words, "--key", str(tmp_path / "again.json")]) == 0
    assert Key.load(tmp_path / "again.json") == prepared.key


def test_prepare_warns_of_topics_that_tell_a_source(sources, tmp_path, capsys):
    rows = json.loads((tmp_path / "beta.json").read_text(encoding="utf-8"))
    rows = [row | {"category_en": "Family"} for row in rows]
    (tmp_path / "beta.json").write_text(json.dumps(rows), encoding="utf-8")
    words = ["rate", "prepare", *sources, "--out", str(tmp_path / "page.html"), "--n"]
    assert main([*words, "2"]) == 0
    assert "note:" not in capsys.readouterr().out
    assert main([*words, "3"]) == 0
    assert "may tell raters the source: Mental Health; --category draws" in capsys.readouterr().out


def test_category_draws_from_that_category_alone(prepare):
    key = prepare("--category", "Family").key
    assert {dialogue.category for dialogue in key.dialogues.values()} == {"Family"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--out", "page.pdf"],
            "--out page.pdf: unknown kind of file '.pdf'; allowed are .html, .htm, .md, .txt",
        ),
        (["--items", "all"], "--items 'all' is no set of items; allowed are expert, reading"),
        (["--n", "9"], "alpha: 4 dialogues to draw from, 9 asked for; lower --n"),
        (["--category", "Pets"], "no dialogue of category ['Pets']; categories found: Family, Mental Health"),
    ],
)
def test_prepare_says_what_is_allowed(sources, tmp_path, monkeypatch, capsys, options, message):
    monkeypatch.chdir(tmp_path)
    assert main(["rate", "prepare", *sources, "--out", "page.html", *options]) == 1
    assert message in capsys.readouterr().err


def test_prepare_asks_for_names_of_sources_that_share_one(sources, tmp_path, capsys):
    assert main(["rate", "prepare", sources[0], sources[0], "--out", str(tmp_path / "page.html")]) == 1
    assert (
        "the source's name 'alpha' is empty or taken; name each source: NAME=PATH" in capsys.readouterr().err
    )


def test_prepare_refuses_a_source_with_bad_dialogues_unless_they_are_skipped(sources, tmp_path, capsys):
    rows = json.loads((tmp_path / "alpha.json").read_text(encoding="utf-8"))
    rows[0]["dialogue"][0]["label"] = "Wrong"
    (tmp_path / "alpha.json").write_text(json.dumps(rows), encoding="utf-8")
    words = ["rate", "prepare", *sources, "--n", "1", "--out", str(tmp_path / "page.html")]
    assert main(words) == 1
    assert (
        "1 of 4 dialogues refused, the first at alpha.json, row 1: dialogue[0].label"
        in capsys.readouterr().err
    )
    assert main([*words, "--skip-refused"]) == 0


def test_collect_writes_the_report_and_prints_tables(prepare, tmp_path, capsys):
    prepared = prepare()
    ratings = {name: {"empathy": 4} for name in prepared.key.dialogues}
    export = {"format": "kmi-rating/1", "packet": prepared.key.packet, "rater": "kim", "ratings": ratings}
    path = tmp_path / "kim.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    out = tmp_path / "report.json"
    capsys.readouterr()
    assert main(["rate", "collect", str(path), "--key", str(prepared.key_path), "--out", str(out)]) == 0
    assert "kim: ratings 4 of 32, checks 0 of 8" in capsys.readouterr().out
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["items"]["empathy"]["sources"]["alpha"]["mean"] == 4.0
    assert main(["rate", "collect", str(path), "--key", str(prepared.key_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report


def test_collect_names_the_file_that_is_no_good(prepare, tmp_path, capsys):
    prepared = prepare()
    path = tmp_path / "kim.json"
    path.write_text('{"format": "kmi-rating/1", "packet": "0", "rater": "kim"}', encoding="utf-8")
    assert main(["rate", "collect", str(path), "--key", str(prepared.key_path)]) == 1
    assert f"error: {path}: no export of packet" in capsys.readouterr().err
