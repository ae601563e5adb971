"""Benchmark of tokens: what a dialogue costs in each mode."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bar import Bar
from benchmarks.workload import make_workload
from generation.completions.driving import Lookup
from generation.completions.recording import read_known
from generation.estimate import estimate_run
from generation.inputs import COMPLETIONS, PLANS, PROFILES, SETTINGS, Inputs, load_inputs
from generation.sessions.request import Request
from generation.token_count import estimate_prompt_tokens, estimate_tokens


def tokens(folder: Path) -> Iterator[Bar]:
    """Count tokens a dialogue, without a discount for cached prompts, for sessions of the same length.

    In mode `plan` every session is coded, revised and coded again here; the recorded sessions, of which some
    needed no revision, are told beside.
    """
    planned = load_inputs(PROFILES, PLANS, SETTINGS)
    n_profiles = len(planned.profiles)
    mean_turns = sum(len(planned.plans[p.id].turns) for p in planned.profiles) / n_profiles
    n_utterances = 2 * round((mean_turns - 1) / 2) + 1
    workload = make_workload(folder, n_profiles, n_utterances)
    inputs = {
        "turns": load_inputs(workload.folder / "profiles.jsonl", PLANS, workload.settings),
        "plan": planned,
    }
    totals = {}
    for mode, values in inputs.items():
        expected = estimate_run(values, Lookup())
        each = expected.prompt_tokens / n_profiles, expected.completion_tokens / n_profiles
        totals[mode] = sum(each)
        length = n_utterances if mode == "turns" else round(mean_turns, 1)
        note = f"{expected.n_requests / n_profiles:.3g} requests, {length} utterances"
        yield Bar(name=f"tokens a dialogue in, {mode}", measured=round(each[0]), note=note)
        yield Bar(name=f"tokens a dialogue out, {mode}", measured=round(each[1]))
    recorded = _recorded_tokens(planned)
    yield Bar(
        name="tokens of plan, share of turns",
        measured=totals["plan"] / totals["turns"],
        at_most=0.25,
        note="every session revised and coded again"
        + (f"; the recorded sessions: {recorded / totals['turns']:.3g}" if recorded else ""),
    )


def _recorded_tokens(inputs: Inputs) -> float | None:
    """Return the mean tokens, in and out, of the recorded sessions; None where not all are recorded."""
    known = read_known(COMPLETIONS)
    total = 0
    for session in inputs.open_sessions():
        while isinstance(session.state, Request):
            completion = known.get(session.state.hash)
            if completion is None:
                return None
            total += estimate_prompt_tokens(session.state) + estimate_tokens(completion.content)
            session.advance(completion)
    return total / len(inputs.profiles)
