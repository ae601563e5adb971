"""Labels for dialogues that have none, from Python: plain rows in, labeled rows out."""

from collections.abc import Mapping, Sequence
from typing import Any

from forecaster.encoder import load_encoder
from kmi import Label
from metrics.coding.classifier import load_classifier
from metrics.transcripts import Transcript, parse_transcript

CLASSIFIER = "classifier"


def label_dialogues(dialogues: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Label every utterance by the classifier that needs no language model.

    Args:
        dialogues: Rows with `messages` (`role`, `content`) or `dialogue`, Korean or English, shape
            (n_dialogues,); labels that are there are kept as `given_label`.

    Returns:
        Rows with `dialogue`, as `metrics.score.score_dialogues` takes them, shape (n_dialogues,). How far the
        labels agree with people's stands in `metrics/coding/MODEL_CARD.md`.

    Raises:
        ValueError: If a row is not a dialogue; says which and what is allowed.
        EncoderMissingError: If the extra `encoder` is not installed.
    """
    classifier, encoder = load_classifier(), load_encoder()
    labeled = []
    for place, row in enumerate(dialogues):
        try:
            transcript = parse_transcript(row, default_id=f"dialogues[{place}]")
        except ValueError as error:
            raise ValueError(f"dialogues[{place}]: {error}") from None
        labels = classifier.label_turns(transcript.turns, encoder)
        labeled.append(labeled_row(transcript, labels, CLASSIFIER))
    return labeled


def labeled_row(transcript: Transcript, labels: Sequence[Label], by: str) -> dict[str, Any]:
    """Write a transcript with its labels as a row that `score` reads.

    Args:
        transcript: The dialogue.
        labels: One label a turn, shape (n_turns,).
        by: Who labeled.

    Returns:
        The row; the source's labels are under `given_label`.
    """
    return {
        **transcript.kept,
        "id": transcript.id,
        "split": transcript.split,
        "coder": by,
        "dialogue": [
            {
                "role": turn.role.value,
                "utterance_ko": turn.text_ko or None,
                "utterance_en": turn.text_en or None,
                "label": label.value,
                "given_label": None if turn.label is None else turn.label.value,
            }
            for turn, label in zip(transcript.turns, labels, strict=True)
        ],
    }
