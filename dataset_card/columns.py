"""What each column holds, for the card; the names come from the contract, and each must have a text here."""

from kmi import features

COLUMN_TEXTS = {
    "id": "number of the dialogue and of its client profile",
    "dialogue_id": "`id` of the dialogue",
    "index": "place in the dialogue, from 0",
    "category_ko": "topic, Korean name",
    "category_en": "topic, English name",
    "dialogue": "the utterances in order, each with the fields below",
    "stage_of_change": "how ready the client is to change the target behavior",
    "risk": "kind of risk that the session takes up first; filter on it",
    "session_attempt": "number of the session that succeeded for this profile, from 1",
    "profile": "the fictional client that the session started from, with the fields below",
    "provenance": "how the dialogue came about: mode, model, versions, prompts, hashes of the completions",
    "role": "`Therapist` or `Client`",
    "utterance_ko": "the utterance in Korean",
    "utterance_en": "the same utterance in English",
    "label": "behavior code, see Labels",
    "sublabel": "finer code; null where the final label is not the writer's",
    "planned_label": "label that the forecaster planned or chose; null where there was none",
    "written_label": "label that the writer gave its own text",
    "coded_label": "label that the last blind coder gave; null where none coded",
    "previous_utterance_ko": "the utterance before, in Korean; null for the first",
    "previous_utterance_en": "the utterance before, in English; null for the first",
    "opening": "the therapist's first turn, in Korean",
    "messages": "the turns after it in Korean: the client is `user`, the therapist `assistant`",
    "closing": "the client's last turn where the client ends the dialogue, else null",
}


def column_texts(config: str) -> dict[str, str]:
    """Describe the columns of a config, in their order.

    Example:
        >>> list(column_texts("messages"))[:3]
        ['id', 'opening', 'messages']
    """
    return {name: COLUMN_TEXTS[name] for name in features(config)}


def utterance_texts() -> dict[str, str]:
    """Describe the fields of one utterance of the config `dialogues`, in their order."""
    turn = features("dialogues").arrow_schema.field("dialogue").type.value_type
    return {field.name: COLUMN_TEXTS[field.name] for field in turn}
