"""Session of mode `turns`: one request an utterance, each therapist label forecast from what was said.

Therapist and client are asked apart. The therapist never sees the profile, only how the client is called and
who sent them; the client never sees a label.

The settings choose the decision rule and the prompts, and a prompt's schema says what its answers hold: with
`settings/paper.toml` the therapist names no sublabel and the client tags change talk alone.

Source:
    Kim et al. (2025), section 3. Differences in `settings/default.toml`: the label is drawn from the forecast
    under MI rules, and the client codes its own turn with one of three labels. In both, each answer carries
    Korean and English together.
"""

import random
from dataclasses import dataclass, field
from typing import Any

from forecaster.corpus import Turn
from forecaster.interface import Forecaster
from generation.client_profile import Profile
from generation.prompts import load_prompt
from generation.sessions.asking import ask, first_request
from generation.sessions.checks import check_turn
from generation.sessions.decision import next_label
from generation.sessions.reading import UnusableError, label_of, read_answer
from generation.sessions.record import dialogue_record, utterance_record
from generation.sessions.rendering import blind_transcript, profile_text, referral_text
from generation.sessions.request import Completion
from generation.sessions.session import Steps, attempts
from generation.sessions.utterance import Utterance
from generation.settings import Settings
from kmi import QUESTIONS, SUBLABELS, Label, Role

NO_TURNS_YET = "(아직 없음. 상담자가 회기를 엽니다.)"
NO_TAG = "None"
"""Tag of a client's turn without change talk, under the paper's prompt."""

MAY_END = "이 차례로 회기를 끝낼 수 있습니다."
MUST_END = "이 차례가 회기의 마지막입니다. 들은 것을 정리하거나 인정하고 맺으며, ends를 true로 합니다."
MAY_NOT_END = "이 차례로는 끝내지 않습니다."


@dataclass(slots=True)
class _TurnsSession:
    """One attempt at one profile; holds what its turns share."""

    profile: Profile
    settings: Settings
    forecaster: Forecaster
    attempt: int
    turns: list[Utterance] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.profile.id:04d}-{self.attempt}"

    def steps(self) -> Steps:
        rng = random.Random(f"{self.settings.random_seed}-{self.name}")
        has_ended = False
        while not has_ended:
            has_ended = yield from self._therapist(self._label(rng))
            if not has_ended:
                yield from self._client()
        return self._record()

    def _label(self, rng: random.Random) -> Label:
        if not self.turns:
            return Label.OPEN_QUESTION
        limits = self.settings.turns
        history = [Turn(turn.role, turn.label, turn.ko) for turn in self.turns]
        is_last = len(self.turns) + 1 >= limits.max_utterances
        return next_label(limits.decision, self.forecaster, history, rng, is_last=is_last)

    def _therapist(self, label: Label):
        n = len(self.turns) + 1
        limits = self.settings.turns
        is_last = n >= limits.max_utterances
        may_end = is_last or (n >= limits.min_utterances and label not in QUESTIONS)
        prompt = load_prompt(self.settings.asking["therapist"].prompt)
        values = {
            "address": self.profile.address,
            "referral": referral_text(self.profile),
            "transcript": blind_transcript(self.turns) or NO_TURNS_YET,
            "label": label.value,
            "sublabels": ", ".join(SUBLABELS[label]),
            "ending": MUST_END if is_last else MAY_END if may_end else MAY_NOT_END,
        }

        def read(content: str) -> tuple[Utterance, bool]:
            answer = read_answer(content, prompt.schema)
            turn = self._read_turn(Role.THERAPIST, answer | {"label": label.value})
            return turn, is_last or (may_end and answer["ends"])

        turn, has_ended = yield from self._ask("therapist", values, read)
        self.turns.append(turn)
        return has_ended

    def _client(self):
        prompt = load_prompt(self.settings.asking["client"].prompt)
        values = {"profile": profile_text(self.profile), "transcript": blind_transcript(self.turns)}

        def read(content: str) -> Utterance:
            return self._read_turn(Role.CLIENT, _as_labeled(read_answer(content, prompt.schema)))

        self.turns.append((yield from self._ask("client", values, read)))

    def _read_turn(self, role: Role, answer: dict[str, Any]) -> Utterance:
        n = len(self.turns) + 1
        label, sublabel = (
            label_of(n, role, answer) if "sublabel" in answer else (Label(answer["label"]), None)
        )
        turn = Utterance(
            n=n, role=role, ko=answer["ko"].strip(), en=answer["en"].strip(), label=label, sublabel=sublabel
        )
        if complaints := check_turn(turn):
            raise UnusableError(complaints)
        return turn

    def _ask(self, part: str, values: dict[str, str], read):
        asking = self.settings.asking[part]
        prompt = load_prompt(asking.prompt)
        wanted = {key: values[key] for key in prompt.user.get_identifiers() if key in values}
        request = first_request(self.name, part, prompt, asking, wanted, index=len(self.turns) + 1)
        answer, completion = yield from ask(request, read, self.settings.check_retries)
        self.completions.append(completion)
        return answer

    def _record(self) -> dict[str, Any]:
        return dialogue_record(
            self.profile,
            self.attempt,
            [
                utterance_record(
                    turn,
                    label=turn.label,
                    planned=turn.label if turn.role is Role.THERAPIST else None,
                    written=None if _is_untagged(turn) else turn.label,
                    coded=None,
                )
                for turn in self.turns
            ],
            self.completions,
            mode=self.settings.mode,
            checks_version=self.settings.checks_version,
            prompts=self.settings.prompts,
            planner_version=None,
        )


def _as_labeled(answer: dict[str, Any]) -> dict[str, Any]:
    """Turn the paper's tag of change talk into a label; what a client leaves untagged counts as Neutral."""
    if "change_talk" not in answer:
        return answer
    if answer["change_talk"] == NO_TAG:
        return answer | {"label": Label.NEUTRAL.value}
    return answer | {"label": Label.CHANGE_TALK.value, "sublabel": answer["change_talk"]}


def _is_untagged(turn: Utterance) -> bool:
    return turn.label is Label.NEUTRAL and turn.sublabel is None


def turns_session(profile: Profile, settings: Settings, forecaster: Forecaster) -> Steps:
    """Run one profile's sessions of mode `turns` until one is finished.

    Args:
        profile: The client.
        settings: Settings of mode `turns`.
        forecaster: Forecaster of the therapist's next label.

    Returns:
        Generator of requests that returns the row of the finished dialogue.

    Raises:
        RejectedError: If each of the settings' session attempts was rejected; with the last one's reason.
    """
    return attempts(
        settings.session_attempts,
        lambda attempt: _TurnsSession(profile, settings, forecaster, attempt).steps(),
    )
