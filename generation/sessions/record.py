"""Record of a finished session: one row of the config `dialogues` plus its split."""

from collections.abc import Sequence
from typing import Any

from generation.client_profile import Profile
from generation.sessions.request import Completion
from generation.sessions.session import SESSION_VERSION
from generation.sessions.utterance import Utterance
from kmi import Category, Label


def utterance_record(
    turn: Utterance, *, label: Label, planned: Label | None, written: Label | None, coded: Label | None
) -> dict[str, Any]:
    """Make the row of one utterance.

    Args:
        turn: Text, speaker and sublabel.
        label: Final label; where it is not the written one, the sublabel no longer holds and becomes null.
        planned: Label of the plan or of the forecaster's decision.
        written: Label that the writer gave the text.
        coded: Label that the last blind coder gave it.
    """
    sublabel = turn.sublabel if label is turn.label else None
    return {
        "role": turn.role.value,
        "utterance_ko": turn.ko,
        "utterance_en": turn.en,
        "label": label.value,
        "sublabel": sublabel.value if sublabel else None,
        "planned_label": planned.value if planned else None,
        "written_label": written.value if written else None,
        "coded_label": coded.value if coded else None,
    }


def dialogue_record(
    profile: Profile,
    session_attempt: int,
    utterances: list[dict[str, Any]],
    completions: Sequence[Completion],
    *,
    mode: str,
    prompts: Sequence[str],
    planner_version: int | None,
    checks_version: int,
) -> dict[str, Any]:
    """Make the row of one dialogue.

    Args:
        profile: The client.
        session_attempt: 1 or more.
        utterances: Rows from `utterance_record`, in order.
        completions: Completions that the dialogue rests on, in order.
        mode: Mode of the session.
        prompts: Names of the prompts used.
        planner_version: Version of the rules behind the plan; None without a plan.
        checks_version: Version of the acceptance checks.

    Returns:
        Row with the features of the config `dialogues`, and ``split``.
    """
    category = Category(profile.category)
    return {
        "id": profile.id,
        "split": profile.split,
        "category_ko": category.name_ko,
        "category_en": category.value,
        "dialogue": utterances,
        "stage_of_change": profile.stage_of_change,
        "risk": profile.risk,
        "session_attempt": session_attempt,
        "profile": profile.as_record(),
        "provenance": {
            "mode": mode,
            "model": completions[0].model,
            "planner_version": planner_version,
            "session_version": SESSION_VERSION,
            "checks_version": checks_version,
            "prompts": list(prompts),
            "completions": [completion.request_hash for completion in completions],
        },
    }
