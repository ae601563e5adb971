"""Benchmark of tokens: what a dialogue costs in each mode."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.bar import Bar
from benchmarks.workload import make_workload
from generation.completions.driving import Lookup, answered_requests
from generation.completions.recording import read_known
from generation.estimate import estimate_run
from generation.inputs import COMPLETIONS, PLANS, Inputs, load_inputs
from generation.recorded import load_recorded_inputs
from generation.sessions.request import Request
from generation.token_count import estimate_prompt_tokens, estimate_tokens


def tokens(folder: Path) -> Iterator[Bar]:
    """Count tokens a dialogue, without a discount for cached prompts, for sessions of the same mean length.

    In mode `plan` every session is coded, revised and coded again here, by the newest prompts of the corpus;
    what the recorded sessions took by theirs is told beside.
    """
    recorded_inputs = load_recorded_inputs()
    planned = replace(recorded_inputs, settings=recorded_inputs.settings.newest)
    n_profiles = len(planned.profiles)
    mean_length = sum(len(planned.plans[p.id].turns) for p in planned.profiles) / n_profiles
    plan, turns = estimate_run(planned, Lookup()), _turns_tokens(folder, n_profiles, mean_length)
    each = plan.prompt_tokens / n_profiles, plan.completion_tokens / n_profiles
    for mode, (n_in, n_out) in {"turns": turns, "plan": each}.items():
        note = f"{mean_length:.1f} utterances"
        yield Bar(name=f"tokens a dialogue in, {mode}", measured=round(n_in), note=note)
        yield Bar(name=f"tokens a dialogue out, {mode}", measured=round(n_out))
    recorded = _recorded_tokens(recorded_inputs)
    yield Bar(
        name="tokens of plan, share of turns",
        measured=sum(each) / sum(turns),
        at_most=0.25,
        note="every session revised and coded again"
        + (f"; the recorded sessions: {recorded / sum(turns):.3g}" if recorded else ""),
    )


def _turns_tokens(folder: Path, n_profiles: int, length: float) -> tuple[float, float]:
    """Return tokens a dialogue in and out, between the two odd lengths around the one that is asked for."""
    shorter = 2 * int((length - 1) // 2) + 1
    counts = []
    for n_utterances in (shorter, shorter + 2):
        workload = make_workload(folder / str(n_utterances), n_profiles, n_utterances)
        inputs = load_inputs(workload.folder / "profiles.jsonl", PLANS, workload.settings)
        expected = estimate_run(inputs, Lookup())
        counts.append((expected.prompt_tokens / n_profiles, expected.completion_tokens / n_profiles))
    share = (length - shorter) / 2
    (short_in, short_out), (long_in, long_out) = counts
    return short_in + share * (long_in - short_in), short_out + share * (long_out - short_out)


def _recorded_tokens(inputs: Inputs) -> float | None:
    """Return the mean tokens, in and out, of the recorded sessions; None where not all are recorded."""
    known = Lookup(read_known(COMPLETIONS))
    total = 0
    for session in inputs.open_sessions():
        for request, completion in answered_requests(session, known):
            total += estimate_prompt_tokens(request) + estimate_tokens(completion.content)
        if isinstance(session.state, Request):
            return None
    return total / len(inputs.profiles)
