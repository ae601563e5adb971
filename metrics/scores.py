"""Every metric of every dialogue of one source: what reports, comparisons and callers from Python rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.dialogues import ClientCoding, Dialogue, client_coding_of
from metrics.evaluation import metric_values
from metrics.readers import Reading
from metrics.text.analysis import Progress
from metrics.text_report import TextScores, score_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Values of one source.

    Attributes:
        source: Its name, for people.
        reading: Its dialogues, at least one, and those refused.
        coding: How it codes client turns.
        values: Values by label metric, each of shape (n_dialogues,); ``nan`` where undefined.
        texts: Values of the text metrics, by language; empty if texts were not asked for.
    """

    source: str
    reading: Reading
    coding: ClientCoding
    values: Mapping[str, Sequence[float]]
    texts: tuple[TextScores, ...] = ()

    @property
    def dialogues(self) -> tuple[Dialogue, ...]:
        """The dialogues scored, shape (n_dialogues,)."""
        return self.reading.dialogues


def compute_scores(
    reading: Reading, source: str, progress: Progress | None = None, *, with_texts: bool = True
) -> Scores:
    """Compute every metric of every dialogue.

    Args:
        reading: Dialogues and refused ones, from `metrics.readers`.
        source: Name of the source.
        progress: Wraps the utterances as their words are analyzed; ``None`` shows nothing.
        with_texts: Compute text metrics too.

    Returns:
        The values.

    Raises:
        ValueError: If there is no dialogue.
    """
    if not reading.dialogues:
        raise ValueError(f"{source}: no dialogue to score ({len(reading.refused)} refused)")
    coding = client_coding_of(reading.dialogues)
    return Scores(
        source=source,
        reading=reading,
        coding=coding,
        values=metric_values(reading.dialogues, coding),
        texts=tuple(score_texts(reading.dialogues, coding, progress)) if with_texts else (),
    )
