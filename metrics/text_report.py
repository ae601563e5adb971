"""The part of a report that rests on texts: analysis of each language, its notes, and values by group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.dialogues import ClientCoding, Dialogue
from metrics.evaluation import Estimate, ScoreSettings, estimate_texts, text_values
from metrics.text.analysis import (
    Language,
    Progress,
    TextDialogue,
    analyze_dialogues,
    analyzer_of,
    is_in_language,
    missing_package,
)
from metrics.text.duplicates import common_texts
from metrics.text.formulas import formula_counts
from metrics.text.stems import common_phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScores:
    """Text metrics of a collection in one language.

    Attributes:
        language: The language.
        note: Why there are no values; ``None`` if there are.
        places: Position in the collection of each dialogue that has text, shape (n_texts,).
        dialogues: These dialogues with words, shape (n_texts,).
        values: Values by metric, each of shape (n_texts,).
    """

    language: Language
    note: str | None = None
    places: tuple[int, ...] = ()
    dialogues: tuple[TextDialogue, ...] = ()
    values: Mapping[str, Sequence[float]]

    def estimates(self, members: Sequence[int], settings: ScoreSettings) -> dict[str, Estimate]:
        """Estimate every metric over a group.

        Args:
            members: Positions of the group's dialogues in the collection.
            settings: Bootstrap settings.

        Returns:
            Estimates by metric; empty if no dialogue of the group has text in the language.
        """
        wanted = set(members)
        chosen = [i for i, place in enumerate(self.places) if place in wanted]
        if not chosen:
            return {}
        values = {name: [column[i] for i in chosen] for name, column in self.values.items()}
        return estimate_texts([self.dialogues[i] for i in chosen], values, settings)

    def described(self) -> dict[str, object]:
        """Return what the report says of the language besides the values."""
        return {
            "n_dialogues": len(self.places),
            "note": self.note,
            "analyzer": None if self.note else analyzer_of(self.language),
            "common_phrases": [
                {"text": text, "share": share} for text, share in common_phrases(self.dialogues)
            ],
            "formulas": [
                {"text": name, "share": n / len(self.dialogues)} for name, n in self._formulas() if n
            ],
            "common_texts": [{"text": text, "count": n} for text, n in common_texts(self.dialogues)],
        }

    def _formulas(self) -> Iterable[tuple[str, int]]:
        is_korean = self.language is Language.KOREAN and self.dialogues
        return formula_counts(self.dialogues).items() if is_korean else ()


def score_texts(
    dialogues: Sequence[Dialogue], coding: ClientCoding, progress: Progress | None = None
) -> list[TextScores]:
    """Compute the text metrics in each language that the dialogues have.

    Args:
        dialogues: The whole collection.
        coding: How it codes client turns.
        progress: Wraps the utterances as they are analyzed; ``None`` shows nothing.

    Returns:
        Scores of each language that any dialogue has; with a note in place of values where a package is
        missing.
    """
    scores = []
    for language in Language:
        places = tuple(i for i, dialogue in enumerate(dialogues) if is_in_language(dialogue, language))
        if not places:
            continue
        if missing := missing_package(language):
            scores.append(TextScores(language=language, note=missing, values={}))
            continue
        texts = tuple(analyze_dialogues([dialogues[i] for i in places], language, progress))
        scores.append(
            TextScores(language=language, places=places, dialogues=texts, values=text_values(texts, coding))
        )
    return scores
