"""Session of mode `plan`: write the whole session, code it blind, revise what disagrees, code it again.

One request writes the session from its plan. A blind coder labels it without seeing labels. Turns on which
coder and writer disagree, or that fail a check, go to a reviser, and a second blind coder labels the result.
The final label is the written one unless both coders agree on another for a text that no one changed between
them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from forecaster.plan_record import Plan
from generation.client_profile import Profile
from generation.prompts import load_prompt
from generation.sessions.asking import ask, first_request
from generation.sessions.checks import Complaint, check_dialogue
from generation.sessions.reading import UnusableError, read_codes, read_draft, read_revisions
from generation.sessions.record import dialogue_record, utterance_record
from generation.sessions.rendering import (
    blind_transcript,
    labeled_excerpt,
    labeled_transcript,
    plan_text,
    profile_text,
)
from generation.sessions.request import Completion
from generation.sessions.safety_checks import check_safety
from generation.sessions.session import Steps, attempts
from generation.sessions.utterance import Utterance
from generation.settings import Settings
from kmi import Label

DRAWN_LISTS = ("openings", "key_questions", "closings", "therapists", "gatherings")
"""Lists of the writing prompt of which one entry is drawn for a session, in the order of the draws."""


@dataclass(slots=True)
class _PlanSession:
    """One attempt at one profile; holds what its stages share."""

    profile: Profile
    plan: Plan
    settings: Settings
    attempt: int
    completions: list[Completion] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.profile.id:04d}-{self.attempt}"

    def steps(self) -> Steps:
        draft = yield from self._write()
        complaints = self._check(draft)
        first_codes = yield from self._code("code", draft, complaints)
        flags = _flags(draft, first_codes, complaints)
        if not flags:
            return self._record(draft, draft, first_codes, first_codes)
        final = yield from self._revise(draft, flags)
        second_codes = yield from self._code("recode", final, ())
        return self._record(draft, final, first_codes, second_codes)

    def _write(self):
        rng = random.Random(f"{self.settings.random_seed}-{self.name}")
        prompt = load_prompt(self.settings.asking["writer"].prompt)
        values = {
            "profile": profile_text(self.profile),
            "n_turns": str(len(self.plan.turns)),
            "plan": plan_text(self.plan),
        }
        for list_name in DRAWN_LISTS:
            if list_name in prompt.lists:
                values[list_name.removesuffix("s")] = _draw(rng, prompt.lists[list_name])
        read = partial(read_draft, schema=prompt.schema, plan=self.plan)
        return (yield from self._ask("write", "writer", values, read))

    def _code(self, stage: str, turns: Sequence[Utterance], complaints: Sequence[Complaint]):
        prompt = load_prompt(self.settings.asking["coder"].prompt)
        values = {"target_behavior": self.profile.target_behavior, "transcript": blind_transcript(turns)}
        read = partial(read_codes, schema=prompt.schema, turns=turns)
        return (yield from self._ask(stage, "coder", values, read, complaints))

    def _revise(self, draft: Sequence[Utterance], flags: dict[int, list[str]]):
        prompt = load_prompt(self.settings.asking["reviser"].prompt)
        wanted = prompt.user.get_identifiers()
        values = {
            "profile": profile_text(self.profile),
            "address": self.profile.address,
            "target_behavior": self.profile.target_behavior,
            "speech_style": self.profile.speech_style,
            "transcript": labeled_transcript(draft),
            "excerpt": labeled_excerpt(draft, flags),
            "flags": "\n".join(f"- {n or '전체'}: {' / '.join(notes)}" for n, notes in flags.items()),
        }

        def read(content: str) -> list[Utterance]:
            turns = read_revisions(content, prompt.schema, draft, [n for n in flags if n])
            if complaints := self._check(turns):
                raise UnusableError(complaints)
            return turns

        return (yield from self._ask("revise", "reviser", {key: values[key] for key in wanted}, read))

    def _check(self, turns: Sequence[Utterance]) -> list[Complaint]:
        found = check_dialogue(turns)
        if self.settings.checks_version >= 2:
            found += check_safety(turns, self.profile)
        return sorted(found, key=lambda complaint: complaint.n)

    def _ask(self, stage: str, part: str, values: dict[str, str], read, complaints: Sequence[Complaint] = ()):
        asking = self.settings.asking[part]
        request = first_request(
            self.name, stage, load_prompt(asking.prompt), asking, values, complaints=complaints
        )
        answer, completion = yield from ask(request, read, self.settings.check_retries)
        self.completions.append(completion)
        return answer

    def _record(
        self,
        draft: Sequence[Utterance],
        final: Sequence[Utterance],
        first_codes: Sequence[Label],
        second_codes: Sequence[Label],
    ) -> dict[str, Any]:
        utterances = []
        for before, turn, planned, first, second in zip(
            draft, final, self.plan.turns, first_codes, second_codes, strict=True
        ):
            is_outvoted = before.ko == turn.ko and first is second
            label = second if is_outvoted else turn.label
            utterances.append(
                utterance_record(turn, label=label, planned=planned.label, written=turn.label, coded=second)
            )
        return dialogue_record(
            self.profile,
            self.attempt,
            utterances,
            self.completions,
            mode=self.settings.mode,
            prompts=self.settings.prompts,
            planner_version=self.plan.planner_version,
            checks_version=self.settings.checks_version,
        )


def plan_session(profile: Profile, plan: Plan, settings: Settings) -> Steps:
    """Run one profile's sessions of mode `plan` until one is finished.

    Args:
        profile: The client.
        plan: Labels laid out for the session.
        settings: Settings of mode `plan`.

    Returns:
        Generator of requests that returns the row of the finished dialogue.

    Raises:
        RejectedError: If each of the settings' session attempts was rejected; with the last one's reason.
    """
    return attempts(
        settings.session_attempts, lambda attempt: _PlanSession(profile, plan, settings, attempt).steps()
    )


def _flags(
    draft: Sequence[Utterance], codes: Sequence[Label], complaints: Sequence[Complaint]
) -> dict[int, list[str]]:
    flags: dict[int, list[str]] = {}
    for turn, code in zip(draft, codes, strict=True):
        if code is not turn.label:
            flags.setdefault(turn.n, []).append(
                f"적힌 라벨은 {turn.label.value}, 평가자는 {code.value}(으)로 읽음"
            )
    for complaint in complaints:
        flags.setdefault(complaint.n, []).append(complaint.detail)
    return dict(sorted(flags.items()))


def _draw(rng: random.Random, items: Sequence[str]) -> str:
    return items[int(rng.random() * len(items))]
