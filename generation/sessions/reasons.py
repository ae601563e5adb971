"""Fixed list of the reasons for which a completion or a session is turned down."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a check failed; counted in the manifest of each run."""

    INVALID_JSON = "invalid_json"
    SCHEMA = "schema"
    TURNS = "turns"
    LABEL = "label"
    CHANGES = "changes"
    SENTENCES = "sentences"
    SPEECH_LEVEL = "speech_level"
    STOCK_PHRASE = "stock_phrase"
    QUESTIONS = "questions"
    CONTROL_TEXT = "control_text"
    KOREAN = "korean"
    ENGLISH = "english"
    HELP_LINE = "help_line"
    REPETITION = "repetition"
    QUOTE = "quote"
    SAFETY = "safety"
