"""The card's text, and the command that writes it."""

import json

import pytest

from dataset_card.__main__ import main
from dataset_card.columns import column_texts, utterance_texts
from dataset_card.corpus import CardError
from dataset_card.render import cell, render_card
from generation.dataset import write_dataset
from kmi import CONFIGS, DATA_VERSION, PROFILE_FIELDS, SUBLABELS, Label


@pytest.fixture
def card(small_project, small_report) -> str:
    return render_card(small_project / "kmi", small_report)


def _section(card: str, heading: str) -> str:
    return card.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_card_is_the_same_every_time(small_project, small_report, card):
    assert render_card(small_project / "kmi", small_report) == card


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
    example = _section(render_card(small_project / "kmi", small_report), "Example")
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
    with pytest.raises(CardError, match=r"report.json lacks what the card needs .*confidence"):
        render_card(small_project / "kmi", small_report)


def test_cell_keeps_markup_in_a_text_from_acting():
    assert cell("a | b\n*c* ~~d~~ [e](f) <g>") == r"a &#124; b \*c\* \~\~d\~\~ \[e\](f) &lt;g>"


def test_command_writes_the_card_beside_the_data(small_project, small_report, card, capsys):
    folder = small_project / "kmi"
    assert main(["render", "--data", str(folder), "--report", str(small_report)]) == 0
    assert (folder / "README.md").read_text(encoding="utf-8") == card
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "data"]
    assert f"card written to {folder / 'README.md'}" in capsys.readouterr().out


def test_command_without_a_report_says_so_and_keeps_the_old_card(small_project, tmp_path, capsys):
    folder = small_project / "kmi"
    (folder / "README.md").write_text("old")
    assert main(["render", "--data", str(folder), "--report", str(tmp_path / "none.json")]) == 1
    assert (folder / "README.md").read_text() == "old"
    error = capsys.readouterr().err
    assert error.startswith("error: no metrics report at") and error.count("\n") == 1
