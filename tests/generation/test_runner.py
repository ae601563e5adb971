import asyncio
import weakref

import pytest

from generation.backends.interface import BackendError
from generation.backends.replay import Replay
from generation.completions.driving import Lookup
from generation.completions.store import CompletionStore, StoreError
from generation.runner import drive_all, run_sessions
from generation.sessions.reasons import Reason
from generation.sessions.request import Completion, Message, Request
from generation.sessions.session import Finished, RejectedError, Rejection, Session

NAMES = ("0001", "0002", "0003", "0004")


def request(session, stage, attempt=1, complaints=()):
    return Request(
        session=session,
        stage=stage,
        attempt=attempt,
        prompt=f"{stage}_v1",
        messages=(Message(role="user", content=f"{stage} {session}"),),
        schema={"type": "object"},
        temperature=0.8,
        max_tokens=100,
        complaints=complaints,
    )


def steps(name):
    written = yield request(f"{name}-1", "write")
    if written.content == "bad":
        written = yield request(f"{name}-1", "write", 2, ("text is bad",))
    if written.content == "hopeless":
        raise RejectedError(Reason.KOREAN, "text is hopeless")
    coded = yield request(f"{name}-1", "code")
    return {"id": int(name), "texts": [written.content, coded.content]}


def sessions(names=NAMES):
    return (Session(name, steps(name)) for name in names)


class Scripted:
    """Answers by request name; an exception is raised, anything not scripted is answered with its name."""

    def __init__(self, script=None, delays=None):
        self.script, self.delays = script or {}, delays or {}
        self.asked = []
        self.under_way = self.most_under_way = 0

    async def complete(self, asked):
        self.asked.append(asked.name)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.delays.get(asked.name, 0.001))
        self.under_way -= 1
        content = self.script.get(asked.name, asked.name)
        if isinstance(content, BaseException):
            raise content
        return Completion(
            request_hash=asked.hash, session=asked.session, stage=asked.stage, content=content, model="m"
        )

    async def close(self):
        pass


def run(backend, *known, store=None, names=NAMES, **options):
    return asyncio.run(run_sessions(sessions(names), backend, Lookup(*known), store, **options))


def test_outcomes_keep_the_order_of_the_sessions_whoever_ends_first():
    outcomes = run(Scripted(delays={"0001-1-write-1": 0.05}), concurrency=4)
    assert [outcome.name for outcome in outcomes] == list(NAMES)
    assert outcomes[0].end == Finished({"id": 1, "texts": ["0001-1-write-1", "0001-1-code-1"]})
    assert [completion.stage for completion in outcomes[0].used] == ["write", "code"]


def test_rejections_and_complaints_are_told():
    backend = Scripted({"0002-1-write-1": "bad", "0003-1-write-1": "hopeless"})
    _, second, third, _ = run(backend)
    assert (second.complaints, second.n_asked) == (("text is bad",), 3)
    assert third.end == Rejection("0003", Reason.KOREAN, "text is hopeless")


def test_concurrency_is_held():
    backend = Scripted()
    run(backend, concurrency=2)
    assert backend.most_under_way == 2


def test_an_error_of_one_request_ends_its_own_session_alone():
    backend = Scripted({"0002-1-code-1": BackendError("0002-1-code-1: boom")})
    outcomes = run(backend)
    assert [outcome.end is not None for outcome in outcomes] == [True, False, True, True]
    assert outcomes[1].error == "0002-1-code-1: boom"
    assert [completion.stage for completion in outcomes[1].used] == ["write"]


def test_after_a_fatal_error_no_session_asks_again_and_what_is_under_way_is_kept(tmp_path):
    fatal = BackendError("the key is refused", is_fatal=True)
    backend = Scripted({"0001-1-write-1": fatal}, delays={"0002-1-write-1": 0.05})
    with CompletionStore(tmp_path / "store.sqlite") as store:
        outcomes = run(backend, store, store=store, concurrency=2)
        assert sorted(backend.asked) == ["0001-1-write-1", "0002-1-write-1"]
        assert [completion.session for completion in store] == ["0002-1"]
    assert [outcome.error for outcome in outcomes] == ["the key is refused", None, None, None]
    assert all(outcome.end is None for outcome in outcomes)


@pytest.mark.parametrize(
    "interruption", [RuntimeError("crash"), KeyboardInterrupt(), asyncio.CancelledError()]
)
def test_a_run_goes_on_where_an_interruption_left_it(tmp_path, interruption):
    path = tmp_path / "store.sqlite"
    first = Scripted({"0003-1-code-1": interruption})
    with CompletionStore(path) as store, pytest.raises(type(interruption)):
        run(first, store, store=store, concurrency=1)
    second = Scripted()
    with CompletionStore(path) as store:
        outcomes = run(second, store, store=store)
    assert second.asked[0] == "0003-1-code-1"
    assert sorted(first.asked[:-1] + second.asked) == sorted(
        f"{n}-1-{s}-1" for n in NAMES for s in ("write", "code")
    )
    assert outcomes == [
        type(outcome)(**{f: getattr(outcome, f) for f in outcome.__slots__ if f != "n_asked"}, n_asked=n)
        for outcome, n in zip(run(Scripted()), (0, 0, 1, 2), strict=True)
    ]


def test_an_answer_that_cannot_be_stored_stops_the_run(tmp_path):
    store = CompletionStore(tmp_path / "store.sqlite", read_only=True)
    store._connection.execute("PRAGMA query_only = ON")
    backend = Scripted()
    with pytest.raises(StoreError, match="can't be written"):
        run(backend, store, store=store, concurrency=1)
    assert backend.asked == ["0001-1-write-1"]


def test_replay_gives_the_same_outcomes_without_asking_anyone():
    asked = run(Scripted({"0003-1-write-1": "hopeless"}))
    recording = {completion.request_hash: completion for outcome in asked for completion in outcome.used}
    replayed = run(Replay(recording))
    assert [(outcome.end, outcome.used) for outcome in replayed] == [(o.end, o.used) for o in asked]


def test_replay_names_the_session_that_is_not_recorded():
    outcomes = run(Replay({}), names=("0007",))
    assert "session 0007-1 asks 0007-1-write-1" in outcomes[0].error
    assert "not recorded" in outcomes[0].error


def test_every_outcome_is_told_as_it_comes():
    told = []
    outcomes = run(Scripted(), on_end=told.append)
    assert sorted(told, key=lambda outcome: outcome.name) == outcomes


def test_drive_all_tells_the_numbers_and_the_fatal_error_and_keeps_only_what_is_under_way():
    alive, told = weakref.WeakSet(), []

    def opened():
        for session in sessions(tuple(f"{n:04d}" for n in range(1, 41))):
            alive.add(session)
            yield session

    def on_end(n, outcome):
        told.append((n, outcome.name))
        assert len(alive) <= 4

    fatal = BackendError("no money left", is_fatal=True)
    backend = Scripted({"0030-1-write-1": fatal})
    drive = drive_all(opened(), backend, Lookup(), concurrency=3, on_end=on_end)
    assert asyncio.run(drive) is fatal
    assert sorted(told) == [(n, f"{n + 1:04d}") for n in range(40)]
    assert "0034-1-write-1" not in backend.asked
