"""Explorer page: template, style, script and dialogues joined to one HTML file."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kmi import DATA_VERSION, SPLITS, Category, Label, Risk, StageOfChange

FOLDER = Path(__file__).parent
HELP = "In Korea, help is at 109 (suicide prevention), 1577-0199 (mental health crisis) and 1388 (youth)."
RISK_NOTES = {
    Risk.NONE: "",
    Risk.SUICIDE_SELF_HARM: "speaks of suicide or self-harm",
    Risk.ALCOHOL_DRUGS: "speaks of dependence on alcohol or drugs",
    Risk.VIOLENCE_ABUSE: "speaks of violence or abuse",
}
Dialogue = dict[str, Any]


def render_explorer(dialogues: Mapping[str, Sequence[Dialogue]]) -> str:
    """Render the page.

    Args:
        dialogues: Rows of the config `dialogues` by split.

    Returns:
        HTML that loads nothing; its policy lets no script run but its own.
    """
    style, script = (
        (FOLDER / name).read_text(encoding="utf-8").strip("\n") for name in ("page.css", "page.js")
    )
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2").render(
        version=DATA_VERSION,
        style=Markup(style),
        style_hash=source_hash(style),
        script=Markup(script),
        script_hash=source_hash(script),
        data=Markup(embedded_json(page_data(dialogues))),
    )


def page_data(dialogues: Mapping[str, Sequence[Dialogue]]) -> dict[str, Any]:
    """Gather what the page shows: dialogues by id, choices of its filters, and words of the contract."""
    rows = [row | {"split": split} for split, members in dialogues.items() for row in members]
    rows.sort(key=lambda row: row["id"])
    return {
        "version": DATA_VERSION,
        "help": HELP,
        "labels": {
            label: {"code": label_code(label), "name_ko": label.name_ko, "definition": label.definition}
            for label in Label
        },
        "risks": {risk: {"name": _words(risk), "note": RISK_NOTES[risk]} for risk in Risk},
        "filters": _filters(rows),
        "dialogues": rows,
    }


def label_code(label: Label) -> str:
    """Shorten a label to two letters.

    Example:
        >>> label_code(Label.SIMPLE_REFLECTION), label_code(Label.NEUTRAL)
        ('SR', 'NE')
    """
    words = label.split()
    return "".join(word[0] for word in words) if len(words) > 1 else label[:2].upper()


def embedded_json(value: Any) -> str:
    r"""Write JSON that stands inside a `script` element and can't end it or open a comment.

    Example:
        >>> embedded_json("</script><!-- &")
        '"\\u003c/script\\u003e\\u003c!-- \\u0026"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def source_hash(text: str) -> str:
    """Hash a script or style as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _filters(rows: Sequence[Dialogue]) -> dict[str, list[tuple[str, str]]]:
    """List value and text of each choice that some dialogue has, in the order of the contract."""
    choices: dict[str, tuple[Sequence[str], Callable[[Dialogue], set[str]]]] = {
        "category_en": (tuple(Category), lambda row: {row["category_en"]}),
        "label": (tuple(Label), lambda row: {turn["label"] for turn in row["dialogue"]}),
        "stage_of_change": (tuple(StageOfChange), lambda row: {row["stage_of_change"]}),
        "split": (SPLITS, lambda row: {row["split"]}),
        "risk": (tuple(Risk), lambda row: {row["risk"]}),
    }
    found = {name: set().union(*map(values_of, rows)) for name, (_, values_of) in choices.items()}
    return {
        name: [(value, _text(value)) for value in order if value in found[name]]
        for name, (order, _) in choices.items()
    }


def _text(value: str) -> str:
    return f"{value} {value.name_ko}" if isinstance(value, Category | Label) else _words(value)


def _words(value: str) -> str:
    return value.replace("_", " ")
