"""The card's text, and the command that writes it."""

import json
import re

import pytest

from dataset_card.__main__ import main
from dataset_card.columns import column_texts, utterance_texts
from dataset_card.corpus import CardError
from dataset_card.render import CANARY, CARDS, Sources, cell, render_card
from generation.dataset import write_dataset
from kmi import CONFIGS, DATA_VERSION, PROFILE_FIELDS, SUBLABELS, Label


@pytest.fixture
def card(small_project, small_report) -> str:
    return render_card(Sources.read(small_project / "kmi", small_report))


def _section(card: str, heading: str) -> str:
    return card.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_card_is_the_same_every_time(small_project, small_report, card):
    assert render_card(Sources.read(small_project / "kmi", small_report)) == card


def test_card_counts_what_the_data_hold(card):
    # Dialogues of 6, 5, 5 and 6 utterances: 22 in all, 5.5 on average.
    assert "4 synthetic Korean counseling dialogues" in card and "22 utterances" in card
    assert f"This is version {DATA_VERSION}." in card
    assert "- Utterances of a dialogue: 5.5 on average, 5 to 6." in _section(card, "Statistics")
    assert "- Stage of change: contemplation 4." in _section(card, "Statistics")
    splits = _section(card, "Splits")
    assert (
        "| config | train | validation | test |\n| --- | --- | --- | --- |\n| `dialogues` | 2 | 1 | 1 |"
        in splits
    )
    assert "| Addiction·Obsession | 중독·집착 | 2 | 1 | 1 |" in splits
    assert "- 4 of 4 dialogues take up a risk" in _section(card, "Safety")


def test_card_defines_every_label_and_lists_its_sublabels(card):
    labels = _section(card, "Labels")
    for label in Label:
        row = f"| {label.role} | {label} | {label.name_ko} | {label.definition} | "
        assert row + ", ".join(SUBLABELS[label]) + " |" in labels
    assert " | 4 | 33.3 % |\n| Client | Change Talk" in labels  # General: 4 of the therapist's 12 turns


def test_card_describes_every_column_and_profile_field(card):
    columns = _section(card, "Configs and columns")
    for config in CONFIGS:
        for name, text in column_texts(config).items():
            assert f"| `{name}` | {text} |" in columns
    assert all(f"| `{name}` | {text} |" in columns for name, text in utterance_texts().items())
    assert all(f"`{field}`" in columns for field in PROFILE_FIELDS)


def test_card_shows_the_example_in_both_languages(card):
    example = _section(card, "Example")
    assert example.count("\n| Therapist |") == 3 and example.count("\n| Client |") == 2
    texts = "요즘 술을 줄여야 하나 싶어요. | Lately I wonder whether I should drink less."
    assert f"| Client | Change Talk: Need | {texts} |" in example


def test_card_shortens_a_long_example_and_says_so(small_project, small_report, small_dialogues):
    for dialogue in small_dialogues:
        dialogue["dialogue"] += dialogue["dialogue"][:6] * 3 if len(dialogue["dialogue"]) == 6 else []
    long = [dialogue for dialogue in small_dialogues if dialogue["id"] in (1, 2, 3)]
    write_dataset(long, small_project / "kmi" / "data")
    from metrics.__main__ import main as score

    score(["score", str(small_project / "kmi"), "--n-resamples", "20", "--out", str(small_report)])
    example = _section(render_card(Sources.read(small_project / "kmi", small_report)), "Example")
    assert "The first 12 of its 24 utterances:" in example
    assert example.count("\n| Therapist |") + example.count("\n| Client |") == 12


def test_card_gives_help_lines_licenses_and_sources(card):
    assert all(number in _section(card, "Safety") for number in ("109", "1577-0199", "1388"))
    attribution = _section(card, "License and attribution")
    assert all(word in attribution for word in ("CC BY 4.0", "2502.05651", "uccollab/AnnoMI"))
    assert all(key in _section(card, "Citation") for key in ("kim2025kmi", "wu2022annomi"))


def test_card_sets_the_report_beside_the_reference(card, small_report):
    report = json.loads(small_report.read_text(encoding="utf-8"))
    high = report["reference"]["metrics"]["percent_complex_reflections"]["annomi_high"]["mean"]
    row = next(
        line for line in _section(card, "Quality: MI metrics").splitlines() if line.startswith("| %CR |")
    )
    assert "| percent | higher | 100.0" in row  # every reflection of the small dataset is complex
    assert f"| {high:.1f} " in row


def test_card_names_only_the_modes_that_the_data_used(card):
    assert "mode `plan`" in card and "mode `turns`" not in card


def test_report_that_lacks_a_value_is_refused(small_project, small_report):
    report = json.loads(small_report.read_text(encoding="utf-8"))
    del report["settings"]["confidence"]
    small_report.write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(CardError, match=r"report lacks what the card needs .*confidence"):
        render_card(Sources.read(small_project / "kmi", small_report))


def test_cell_keeps_markup_in_a_text_from_acting():
    assert cell("a | b\n*c* ~~d~~ [e](f) <g>") == r"a &#124; b \*c\* \~\~d\~\~ \[e\](f) &lt;g>"


def test_command_writes_both_cards_and_pictures_beside_the_data(small_project, small_report, card, capsys):
    folder = small_project / "kmi"
    assert main(["render", "--data", str(folder), "--report", str(small_report)]) == 0
    assert (folder / "README.md").read_text(encoding="utf-8") == card
    assert sorted(path.name for path in folder.iterdir()) == ["README.ko.md", "README.md", "data", "pictures"]
    shown = set(re.findall(r'(?:src|srcset)="([^"]+)"', card))
    assert shown == {str(path.relative_to(folder)) for path in (folder / "pictures").iterdir()}
    assert f"cards written to {folder / 'README.md'}" in capsys.readouterr().out


@pytest.mark.parametrize("template", CARDS.values())
def test_every_card_has_the_canary_beside_the_splits_and_says_what_it_leaves_out(
    small_project, small_report, template
):
    text = render_card(Sources.read(small_project / "kmi", small_report), template)
    assert text.count(CANARY) == 1
    assert "kappa" not in text.lower() and "카파" not in text


def test_korean_card_gives_the_figures_of_the_english_one(small_project, small_report, card):
    korean = render_card(Sources.read(small_project / "kmi", small_report), CARDS["README.ko.md"])
    row = re.compile(r"^\| %CR \|.*\| higher \| (100\.0.*)$", re.MULTILINE)
    assert row.search(korean)[1] == row.search(card)[1]
    assert all(f"| {label.name_ko} |" in korean for label in Label)
    assert all(f"]({name})" in text for name, text in (("README.md", korean), ("README.ko.md", card)))


def test_cards_show_blind_codings_and_readings(small_project, small_report, tmp_path):
    measure = {"title": "question or not", "kappa": 0.914, "interval": [0.85, 0.96], "ceiling": 0.87}
    agreement = tmp_path / "agreement.json"
    parts = [{"title": title, "n_dialogues": 3, "measures": [measure]} for title in ("before", "afresh")]
    agreement.write_text(json.dumps(parts), encoding="utf-8")
    item = {
        "sources": {"ours": {"n_dialogues": 12, "mean": 4.083, "interval": [3.79, 4.38]}},
        "agreement": {"mean_weighted_kappa": 0.957},
    }
    report = {"raters": [{}, {}], "items": {"natural_korean": item, "overall": item}}
    for name in ("batch-10", "batch-2"):
        (tmp_path / "readings" / name).mkdir(parents=True)
        (tmp_path / "readings" / name / "report.json").write_text(json.dumps(report), encoding="utf-8")
    sources = Sources.read(small_project / "kmi", small_report, agreement, tmp_path / "readings")
    card = render_card(sources)
    labels = _section(card, "Quality: labels")
    assert "| compared | before (3 dialogues) | afresh (3 dialogues) | people on AnnoMI |" in labels
    assert "| question or not | 0.91 [0.85, 0.96] | 0.91 [0.85, 0.96] | 0.87 |" in labels
    readings = _section(card, "Quality: blind readings")
    rows = [line for line in readings.splitlines() if line.startswith("|")]
    assert rows == [
        "| reading | source | dialogues | overall | natural korean |",
        "| --- | --- | --- | --- | --- |",
        "| batch-2 | ours | 12 | 4.08 [3.79, 4.38] | 4.08 |",
        "| batch-10 | ours | 12 | 4.08 [3.79, 4.38] | 4.08 |",
    ]
    assert "batch-2 0.96 (2 readers), batch-10 0.96 (2 readers)." in readings
    korean = render_card(sources, CARDS["README.ko.md"])
    assert "| batch-2 | ours | 12 | 4.08 [3.79, 4.38] |" in korean
    assert "| question or not | 0.91 [0.85, 0.96] |" in korean


@pytest.mark.parametrize(
    "text", ["{", "[{}]", '[{"title": "a", "n_dialogues": 1, "measures": [{"title": "b"}]}]']
)
def test_damaged_agreement_is_refused_by_name(small_project, small_report, tmp_path, text):
    path = tmp_path / "agreement.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CardError, match=r"agreement\.json.*coder recorded"):
        Sources.read(small_project / "kmi", small_report, path)


def test_folder_without_readings_is_refused(small_project, small_report, tmp_path):
    with pytest.raises(CardError, match=r"no report\.json of a reading in the folders of"):
        Sources.read(small_project / "kmi", small_report, None, tmp_path)


def test_content_note_counts_questions_about_risk_where_none_is_brought(
    small_project, small_report, small_dialogues
):
    for dialogue in small_dialogues[:3]:
        dialogue["risk"] = dialogue["profile"]["risk"] = "none"
    small_dialogues[0]["dialogue"][0] |= {"label": "Closed Question", "sublabel": "Safety"}
    small_dialogues[3]["dialogue"][0] |= {"label": "Closed Question", "sublabel": "Safety"}
    write_dataset(small_dialogues, small_project / "kmi" / "data")
    from metrics.__main__ import main as score

    score(["score", str(small_project / "kmi"), "--n-resamples", "20", "--out", str(small_report)])
    safety = _section(render_card(Sources.read(small_project / "kmi", small_report)), "Safety")
    assert "- 1 of 4 dialogues take up a risk" in safety
    assert "- 1 dialogues whose client brings no such risk hold a question about it" in safety


def test_command_without_a_report_says_so_and_keeps_the_old_card(small_project, tmp_path, capsys):
    folder = small_project / "kmi"
    (folder / "README.md").write_text("old")
    assert main(["render", "--data", str(folder), "--report", str(tmp_path / "none.json")]) == 1
    assert (folder / "README.md").read_text() == "old"
    error = capsys.readouterr().err
    assert error.startswith("error: no metrics report at") and error.count("\n") == 1
