"""The command `predict`: the probability of each label of the therapist's next turn in a dialogue."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from forecaster.corpus import Turn
from forecaster.feature_model import default_name, load_forecaster
from forecaster.history_reader import TEXT_FIELDS, read_history
from forecaster.interface import Forecaster
from forecaster.ngram import load_ngram
from forecaster.recipes import RECIPES
from forecaster.t5_forecaster import T5Forecaster
from kmi import Role

MODELS = ("n-gram", *RECIPES, "t5")


def add_predict(commands) -> None:
    """Add the command and its arguments."""
    command = commands.add_parser("predict", help="Forecast the therapist's next label of a dialogue.")
    command.add_argument(
        "dialogue",
        type=Path,
        help="Turns so far (JSON): a list of role, label, utterance; or a KMI dialogue.",
    )
    command.add_argument(
        "--model",
        choices=MODELS,
        help=f"One of {', '.join(MODELS)} (default: portable-vectors with the encoder, else portable).",
    )
    command.add_argument("--checkpoint", help="T5 checkpoint for --model t5: a folder or a name on the Hub.")
    command.add_argument(
        "--field", help=f"Field of the text (default: the first present of {', '.join(TEXT_FIELDS)})."
    )
    command.add_argument(
        "--every-turn",
        action="store_true",
        help="Forecast every therapist turn of the dialogue from its past.",
    )
    command.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
    command.set_defaults(run=run_predict)


def run_predict(arguments: argparse.Namespace) -> None:
    """Run the command."""
    turns = read_history(arguments.dialogue, arguments.field)
    name = arguments.model or default_name()
    model = open_forecaster(name, arguments.checkpoint)
    ends = _ends(turns) if arguments.every_turn else [len(turns)]
    forecasts = model.predict_proba_batch([turns[:end] for end in ends])
    rows = [
        {
            "turn": end + 1,
            "label": turns[end].label.value if end < len(turns) else None,
            "probabilities": {label.value: round(share, 4) for label, share in forecast.items()},
        }
        for end, forecast in zip(ends, forecasts, strict=True)
    ]
    if arguments.json:
        print(json.dumps({"model": name, "forecasts": rows}, ensure_ascii=False))
        return
    print(f"model {name}")
    for row in rows:
        print(f"turn {row['turn']}" + (f" (it was {row['label']})" if row["label"] else ""))
        for label, share in sorted(row["probabilities"].items(), key=lambda item: -item[1]):
            print(f"  {label:20} {share:.3f}")


def open_forecaster(name: str, checkpoint: str | None = None) -> Forecaster:
    """Open a forecaster of the therapist by name.

    Raises:
        ValueError: If T5 is asked for without a checkpoint, or what it needs is not installed.
    """
    if name == "n-gram":
        return load_ngram(Role.THERAPIST)
    if name != "t5":
        return load_forecaster(name)
    if not checkpoint:
        raise ValueError("--model t5 needs --checkpoint, a T5 trained to write the labels; none ships here")
    return T5Forecaster.load(checkpoint)


def _ends(turns: Sequence[Turn]) -> list[int]:
    """Positions of the therapist turns that follow a client turn, or open the dialogue."""
    return [
        position
        for position, turn in enumerate(turns)
        if turn.role is Role.THERAPIST and (not position or turns[position - 1].role is Role.CLIENT)
    ]
