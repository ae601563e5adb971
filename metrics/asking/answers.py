"""Answers to questions: from a store, a recording, an endpoint, a local model, or files for others."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from generation.backends.choice import BackendChoice
from generation.backends.interface import Backend
from generation.backends.meter import Meter
from generation.backends.replay import Replay
from generation.commands.batches import take_in, write_waiting
from generation.completions.driving import Driven, Lookup, drive_sessions
from generation.completions.recording import read_known, read_recording, write_recording
from generation.completions.store import CompletionStore
from generation.runner import Outcome, run_sessions
from generation.sessions.session import Finished, Rejection, Session
from metrics.asking.question import Question

CHECK_COMMAND = "the command that wrote this, with --answers FILE --model NAME --check"


class PendingError(Exception):
    """Raised where a command can't go on yet: questions wait for answers, or answers were only checked.

    Attributes:
        exit_code: 0 if all is as it was asked for, 1 if something is wrong.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What became of a list of questions, by their names.

    Attributes:
        values: What each answered question's `read` made.
        models: Names of the models that answered.
        refused: Questions whose every answer was refused, with the last reason.
    """

    values: dict[str, Any]
    models: tuple[str, ...]
    refused: dict[str, str]

    def one_model(self) -> str:
        """Return the model that answered.

        Raises:
            ValueError: If no answer was usable, or there were several models: scores must not be mixed.
        """
        if not self.models:
            reason = next(iter(self.refused.values()), "nothing was asked")
            raise ValueError(f"no answer was usable ({reason}); see the answers in the store")
        if len(self.models) > 1:
            found = ", ".join(self.models)
            raise ValueError(f"the answers are of the models {found}; keep one store for each model")
        return self.models[0]


def ask_questions(questions: Iterable[Question], options: Namespace) -> Answers:
    """Answer all questions, asking only for what is not known; the same question is asked once.

    Args:
        questions: The questions, in any order.
        options: What `metrics.asking.arguments.add_backend` offers.

    Raises:
        PendingError: If some are still to be answered.
        ValueError: If the backend, a store or a recording can't be used.
    """
    named = {question.name: question for question in questions}
    sessions = [question.open() for question in named.values()]
    if options.backend == "batch":
        return _through_files(named, sessions, options)
    return _answers(asyncio.run(_ask(sessions, options)), options)


async def _ask(sessions: list[Session], options: Namespace) -> list[Outcome]:
    store = nullcontext() if options.backend == "replay" else CompletionStore(options.store)
    with store as kept, tqdm(total=len(sessions), unit=" requests", disable=None, leave=False) as bar:
        if options.backend == "replay":
            if options.recording is None:
                raise ValueError("backend replay needs --recording FOLDER")
            backend: Backend = Replay(read_recording(options.recording))
            known = Lookup()
        else:
            backend = BackendChoice.of(options).open(Meter(max_tokens=options.max_tokens))
            known = Lookup(read_known(options.recording) if options.recording else {}, kept)
        try:
            if options.backend == "openai":
                await backend.check()
            return await run_sessions(
                sessions,
                backend,
                known,
                kept,
                concurrency=options.concurrency,
                on_end=lambda _: bar.update(),
            )
        finally:
            await backend.close()


def _answers(outcomes: Iterable[Outcome], options: Namespace) -> Answers:
    outcomes = list(outcomes)
    unanswered = [outcome for outcome in outcomes if outcome.end is None]
    if unanswered:
        errors = [outcome.error for outcome in unanswered if outcome.error]
        raise PendingError(
            f"{len(unanswered)} of {len(outcomes)} questions have no answer"
            + (f": {errors[0]}" if errors else "")
            + "; run the same command again to go on, nothing that was answered is asked again",
            exit_code=1,
        )
    used = {completion.request_hash: completion for outcome in outcomes for completion in outcome.used}
    if options.record is not None:
        write_recording(options.record, used.values())
    ends = {outcome.name: outcome.end for outcome in outcomes}
    finished = {name: end.dialogue for name, end in ends.items() if isinstance(end, Finished)}
    return Answers(
        values={name: end["value"] for name, end in finished.items()},
        models=tuple(sorted({end["model"] for end in finished.values()})),
        refused={
            name: f"{end.reason}: {end.detail}" for name, end in ends.items() if isinstance(end, Rejection)
        },
    )


def _through_files(named: dict[str, Question], sessions: list[Session], options: Namespace) -> Answers:
    """Take answers in if a file is given, then write what still waits; go on once nothing waits."""
    if options.batch is None:
        raise ValueError("backend batch needs --batch FOLDER for requests.jsonl and brief.md")

    def drive(_: Namespace, store: CompletionStore) -> Driven:
        known = read_known(options.recording) if options.recording else {}
        return drive_sessions([question.open() for question in named.values()], Lookup(known, store))

    if options.answers is not None:
        taken = {"file": options.answers, "store": options.store, "model": options.model}
        taken |= {name: getattr(options, name) for name in ("worker", "skip_invalid", "check")}
        exit_code = take_in(Namespace(**taken), drive)
        if options.check or exit_code:
            raise PendingError(f"nothing of {options.answers} was stored", exit_code)
    with CompletionStore(options.store, read_only=True) as store:
        driven = drive(options, store)
    if driven.waiting:
        model = options.model or "unnamed"
        waiting = Namespace(out=options.batch, stage=None, limit=None, model=model)
        write_waiting(driven, waiting, CHECK_COMMAND)
        raise PendingError(
            f"{len(driven.waiting)} of {len(named)} questions wait for answers: answer "
            f"{options.batch / 'requests.jsonl'}, then run this again with --answers FILE --model NAME",
            exit_code=0,
        )
    with CompletionStore(options.store, read_only=True) as store:
        known = Lookup(read_known(options.recording) if options.recording else {}, store)
        return _answers(asyncio.run(run_sessions(sessions, Replay({}), known)), options)
