"""Estimate of a run: its requests and tokens, counted on real prompts that a stand-in answers."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

from generation.completions.driving import Lookup
from generation.inputs import Inputs
from generation.sessions.open_session import open_session
from generation.sessions.request import Completion, Request
from generation.sessions.session import Session
from generation.stand_in import stand_in_answer
from generation.token_count import estimate_prompt_tokens, estimate_tokens

MOST_SAMPLED = 50
"""Sessions driven; more profiles are counted by their share."""
FIRST_TOKEN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will probably ask.

    Attributes:
        n_sessions: Sessions of the run.
        n_sampled: Sessions that were driven.
        requests: Requests by stage.
        prompt_tokens: Tokens sent.
        completion_tokens: Tokens received.
    """

    n_sessions: int
    n_sampled: int
    requests: dict[str, int]
    prompt_tokens: int
    completion_tokens: int

    @property
    def n_requests(self) -> int:
        """Requests of all stages."""
        return sum(self.requests.values())

    def seconds(
        self,
        concurrency: int,
        tokens_per_second: float,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> float:
        """Return how long the run will probably take: the longest of what holds it up.

        Args:
            concurrency: Requests at once.
            tokens_per_second: Speed at which one answer is written.
            requests_per_minute: Rate of requests; None for no limit.
            tokens_per_minute: Rate of tokens; None for no limit.
        """
        answering = self.n_requests * FIRST_TOKEN_SECONDS + self.completion_tokens / tokens_per_second
        limits = [answering / max(1, min(concurrency, self.n_sessions))]
        if requests_per_minute:
            limits.append(60 * self.n_requests / requests_per_minute)
        if tokens_per_minute:
            limits.append(60 * (self.prompt_tokens + self.completion_tokens) / tokens_per_minute)
        return max(limits)


def estimate_run(inputs: Inputs, known: Lookup) -> Estimate:
    """Count what a run will probably ask.

    At most `MOST_SAMPLED` sessions, spread evenly over the profiles, are driven to their ends with answers of
    usual length. What a check sends back to the model is not counted.

    Args:
        inputs: What the sessions are made from.
        known: Completions that are there already and won't be asked for.
    """
    step = max(1, ceil(len(inputs.profiles) / MOST_SAMPLED))
    sampled = inputs.profiles[::step]
    counts: Counter[str] = Counter()
    tokens_in = tokens_out = 0
    for profile in sampled:
        plan = inputs.plans.get(profile.id)
        session = open_session(profile, plan, inputs.settings, inputs.forecaster)
        for request, content in _asked(session, known):
            counts[request.stage] += 1
            tokens_in += estimate_prompt_tokens(request)
            tokens_out += estimate_tokens(content)
    scale = len(inputs.profiles) / max(1, len(sampled))
    requests = {stage: round(n * scale) for stage, n in counts.items()}
    return Estimate(
        len(inputs.profiles), len(sampled), requests, round(tokens_in * scale), round(tokens_out * scale)
    )


def _asked(session: Session, known: Lookup) -> list[tuple[Request, str]]:
    asked = []
    while isinstance(session.state, Request):
        request = session.state
        completion = known.get(request.hash)
        if completion is None:
            messages = [{"role": message.role, "content": message.content} for message in request.messages]
            content = stand_in_answer(request.schema, messages)
            asked.append((request, content))
            completion = Completion(
                request_hash=request.hash,
                session=request.session,
                stage=request.stage,
                content=content,
                model="stand-in",
            )
        session.advance(completion)
    return asked
