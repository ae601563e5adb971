"""Dialogues with their words: each utterance is analyzed once, and every text metric reads the result."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.text import english, korean
from metrics.text.words import Words

Progress = Callable[[Iterator[Words], int], Iterable[Words]]
"""Wraps the words of the utterances as they come, given their number; `tqdm` is one such function."""


class Language(StrEnum):
    """Language of the texts of an utterance; the value is the ending of its columns."""

    KOREAN, ENGLISH = "ko", "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTurn:
    """One utterance with its words.

    Attributes:
        text: What is said, without white space around it.
        words: Its words, see `metrics.text.words`.
    """

    role: Role
    label: Label | None
    sublabel: str | None = None
    text: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDialogue:
    """One dialogue in one language.

    Attributes:
        turns: Every utterance in order.
        facts: Nouns of the client's situation as the profile states it; empty if there is no profile in this
            language.
    """

    language: Language
    turns: tuple[TextTurn, ...]
    facts: frozenset[str] = frozenset()

    def turns_of(self, role: Role) -> list[TextTurn]:
        """Return the turns of one speaker, in order."""
        return [turn for turn in self.turns if turn.role is role]


def is_in_language(dialogue: Dialogue, language: Language) -> bool:
    """Tell whether at least half of the utterances of a dialogue have text in a language.

    Args:
        dialogue: Any dialogue.
        language: The language.

    Returns:
        False for a dialogue that has labels alone.
    """
    texts = [_text_in(utterance, language) for utterance in dialogue.utterances]
    return 2 * sum(map(bool, texts)) >= len(texts)


def analyzer_of(language: Language) -> str:
    """Name what splits a language into words, with its version, since values depend on it.

    Args:
        language: The language; its package must be installed.

    Returns:
        Name and version.

    Example:
        >>> analyzer_of(Language.ENGLISH)
        'regular expressions'
    """
    if language is Language.ENGLISH:
        return "regular expressions"
    return f"kiwipiepy {version('kiwipiepy')}, model {version('kiwipiepy_model')}"


def missing_package(language: Language) -> str | None:
    """Tell what has to be installed before a language can be analyzed.

    Args:
        language: The language.

    Returns:
        One clause for people; ``None`` if nothing is missing.
    """
    if language is Language.KOREAN and not korean.is_installed():
        return "kiwipiepy is not installed; run `pip install kiwipiepy`"
    return None


def analyze_dialogues(
    dialogues: Sequence[Dialogue], language: Language, progress: Progress | None = None
) -> list[TextDialogue]:
    """Analyze every utterance of the dialogues, and their profiles, once.

    Args:
        dialogues: Dialogues that have text in the language, shape (n_dialogues,). A turn without it counts
            with the text of the other language.
        language: The language.
        progress: Wraps the utterances as they come; ``None`` shows nothing.

    Returns:
        The dialogues with words, shape (n_dialogues,).

    Raises:
        ImportError: If `missing_package` names one.

    Example:
        >>> utterance = Utterance(role=Role.CLIENT, label=None, text_en="I stopped, yes.")
        >>> therapist = Utterance(role=Role.THERAPIST, label=Label.GENERAL, text_en="Okay.")
        >>> dialogue = Dialogue(id="1", utterances=(utterance, therapist))
        >>> analyze_dialogues([dialogue], Language.ENGLISH)[0].turns[0].words.content
        ('stop', 'yes')
    """
    analyze = korean.analyze if language is Language.KOREAN else english.analyze
    spoken = [[_spoken(utterance, language) for utterance in dialogue.utterances] for dialogue in dialogues]
    texts = [text for turns in spoken for text in turns]
    words = iter(progress(analyze(texts), len(texts)) if progress else analyze(texts))
    facts = _facts(dialogues, language)
    return [
        TextDialogue(
            language=language,
            turns=tuple(
                TextTurn(
                    role=utterance.role,
                    label=utterance.label,
                    sublabel=utterance.sublabel,
                    text=text,
                    words=next(words),
                )
                for utterance, text in zip(dialogue.utterances, texts_of_one, strict=True)
            ),
            facts=nouns,
        )
        for dialogue, texts_of_one, nouns in zip(dialogues, spoken, facts, strict=True)
    ]


def _facts(dialogues: Sequence[Dialogue], language: Language) -> list[frozenset[str]]:
    """Return the nouns of each profile's situation; profiles are written in Korean."""
    if language is not Language.KOREAN:
        return [frozenset()] * len(dialogues)
    situations = [" ".join(dialogue.profile.get("situation") or ()) for dialogue in dialogues]
    return [frozenset(words.nouns) for words in korean.analyze(situations)]


def _text_in(utterance: Utterance, language: Language) -> str:
    return ((utterance.text_ko if language is Language.KOREAN else utterance.text_en) or "").strip()


def _spoken(utterance: Utterance, language: Language) -> str:
    return _text_in(utterance, language) or (utterance.text_ko or utterance.text_en or "").strip()
