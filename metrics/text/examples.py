"""Short dialogues written in one line a turn, for the examples in docstrings and for tests."""

from collections.abc import Iterator

from kmi import Label, Role
from metrics.dialogues import Dialogue, Utterance
from metrics.text.analysis import Language, TextDialogue, analyze_dialogues

ROLES = {"T": Role.THERAPIST, "C": Role.CLIENT}


def dialogue(*lines: str, language: Language = Language.ENGLISH, situation: str = "") -> TextDialogue:
    """Make an analyzed dialogue.

    Args:
        lines: Turns in order, each `T LABEL: TEXT` or `C LABEL: TEXT`; a client turn may have no label.
        language: Language of the texts.
        situation: Facts of the client's profile.

    Returns:
        The dialogue with words.

    Example:
        >>> [turn.text for turn in dialogue("T General: Hello.", "C: Hi.").turns]
        ['Hello.', 'Hi.']
    """
    made = Dialogue(
        id="example",
        utterances=tuple(_utterances(lines, language)),
        profile={"situation": [situation]} if situation else {},
    )
    return analyze_dialogues([made], language)[0]


def _utterances(lines: tuple[str, ...], language: Language) -> Iterator[Utterance]:
    for line in lines:
        speaker, _, text = line.partition(":")
        role, label = ROLES[speaker[0]], speaker[1:].strip()
        yield Utterance(
            role=role, label=Label(label) if label else None, **{f"text_{language}": text.strip()}
        )
