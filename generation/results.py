"""Results of a run: outcomes kept on disk as they come, read back in the order of the sessions.

Only counts stay in memory, so that a run may be as long as the disk is large.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.session import Finished, Rejection

N_ERRORS_KEPT = 1000

_REASON = re.compile(rf"\b({'|'.join(Reason)})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is kept of one outcome, in a form that a worker can make and send.

    Attributes:
        row: Row of the finished dialogue or of the rejection, JSON; None if the session did not end.
        split: Split of the finished dialogue.
        reason: Reason of the rejection.
        n_utterances: Utterances of the finished dialogue.
        n_asked: Completions that had to be asked for.
        used: Completions that were used, JSON, by the hash of their request.
        complaints: Findings of the checks by reason.
        models: Names of the models that answered.
        tokens: Tokens of the completions, and how many completions have no count.
        error: Why it did not end.
    """

    row: str | None
    split: str | None
    reason: str | None
    n_utterances: int
    n_asked: int
    used: dict[str, str]
    complaints: dict[str, int]
    models: list[str]
    tokens: dict[str, int]
    error: str | None


def entry_of(outcome: Outcome) -> Entry:
    """Make the entry of an outcome."""
    end, row = outcome.end, None
    if isinstance(end, Finished):
        row = end.dialogue
    elif isinstance(end, Rejection):
        row = _rejected_row(outcome, end)
    used = outcome.used
    return Entry(
        row=None if row is None else json.dumps(row, ensure_ascii=False),
        split=end.dialogue["split"] if isinstance(end, Finished) else None,
        reason=end.reason.value if isinstance(end, Rejection) else None,
        n_utterances=len(end.dialogue["dialogue"]) if isinstance(end, Finished) else 0,
        n_asked=outcome.n_asked,
        used={c.request_hash: json.dumps(asdict(c), ensure_ascii=False) for c in used},
        complaints=dict(Counter(map(_reason_in, outcome.complaints))),
        models=sorted({completion.model for completion in used}),
        tokens={
            "prompt": sum(completion.prompt_tokens or 0 for completion in used),
            "completion": sum(completion.completion_tokens or 0 for completion in used),
            "completions_without_count": sum(completion.completion_tokens is None for completion in used),
        },
        error=outcome.error,
    )


class Results:
    """Outcomes of a run and their counts.

    Args:
        path: Scratch file, made anew and removed at the end; None keeps it in memory.

    Attributes:
        n_rejected: Sessions that were rejected.
        n_unfinished: Sessions that did not end.
        n_utterances: Utterances of the finished dialogues.
        n_asked: Completions that had to be asked for.
        splits: Finished dialogues by split.
        rejections: Rejected sessions by reason.
        complaints: Findings of the checks by reason.
        models: Names of the models that answered.
        tokens: Tokens of the completions used, and how many completions have no count.
        errors: Sessions by the error that stopped them; the first thousand errors.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("CREATE TABLE ends (n INTEGER PRIMARY KEY, is_finished INTEGER, row TEXT)")
        self._connection.execute("CREATE TABLE used (request_hash TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID")
        self._connection.execute("BEGIN")
        self.n_rejected = self.n_unfinished = self.n_utterances = self.n_asked = 0
        self.splits: Counter[str] = Counter()
        self.rejections: Counter[str] = Counter()
        self.complaints: Counter[str] = Counter()
        self.models: set[str] = set()
        self.tokens = {"prompt": 0, "completion": 0, "completions_without_count": 0}
        self.errors: Counter[str] = Counter()

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Self:
        """Keep outcomes, given in the order of the sessions, in memory."""
        results = cls()
        for n, outcome in enumerate(outcomes):
            results.add(n, outcome)
        return results

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the scratch file."""
        self._connection.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    @property
    def n_dialogues(self) -> int:
        """Finished dialogues."""
        return self.splits.total()

    @property
    def n_ended(self) -> int:
        """Sessions of which an outcome is known."""
        return self.n_dialogues + self.n_rejected + self.n_unfinished

    def add(self, n: int, outcome: Outcome) -> None:
        """Keep one outcome.

        Args:
            n: Number of its session.
            outcome: How far it came.
        """
        self.add_entry(n, entry_of(outcome))

    def add_entry(self, n: int, entry: Entry) -> None:
        """Keep what an entry says of one session; see `add`."""
        self.n_asked += entry.n_asked
        self.complaints.update(entry.complaints)
        self.models.update(entry.models)
        for kind, n_tokens in entry.tokens.items():
            self.tokens[kind] += n_tokens
        self._connection.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", entry.used.items())
        if entry.split is not None:
            self.splits[entry.split] += 1
            self.n_utterances += entry.n_utterances
        elif entry.reason is not None:
            self.n_rejected += 1
            self.rejections[entry.reason] += 1
        else:
            self.n_unfinished += 1
            if entry.error and (entry.error in self.errors or len(self.errors) < N_ERRORS_KEPT):
                self.errors[entry.error] += 1
            return
        is_finished = entry.split is not None
        self._connection.execute("INSERT INTO ends VALUES (?, ?, ?)", (n, is_finished, entry.row))

    def dialogues(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the finished dialogues in the order of the sessions."""
        return self._rows("SELECT row FROM ends WHERE is_finished ORDER BY n")

    def rejected(self) -> Iterator[dict[str, Any]]:
        """Yield id, reason, detail and completions of the rejected sessions in the order of the sessions."""
        return self._rows("SELECT row FROM ends WHERE NOT is_finished ORDER BY n")

    def completions(self) -> Iterator[dict[str, Any]]:
        """Yield the completions that were used, by the hash of their request."""
        return self._rows("SELECT row FROM used ORDER BY request_hash")

    @property
    def n_completions(self) -> int:
        """Completions that were used."""
        return self._connection.execute("SELECT count(*) FROM used").fetchone()[0]

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        return (json.loads(row) for (row,) in self._connection.execute(query))


def _reason_in(complaint: str) -> str:
    found = _REASON.search(complaint)
    return found[1] if found else complaint


def _rejected_row(outcome: Outcome, rejection: Rejection) -> dict[str, Any]:
    return {
        "id": int(outcome.name),
        "reason": rejection.reason.value,
        "detail": rejection.detail,
        "completions": [completion.request_hash for completion in outcome.used],
    }
