"""Results of a run: outcomes kept on disk as they come, read back in the order of the sessions.

Only counts stay in memory, so that a run may be as long as the disk is large.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.session import Finished, Rejection

N_ERRORS_KEPT = 1000

_REASON = re.compile(rf"\b({'|'.join(Reason)})\b")


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
        self.n_asked += outcome.n_asked
        self.complaints.update(map(_reason_in, outcome.complaints))
        for completion in outcome.used:
            self.models.add(completion.model)
            self.tokens["prompt"] += completion.prompt_tokens or 0
            self.tokens["completion"] += completion.completion_tokens or 0
            self.tokens["completions_without_count"] += completion.completion_tokens is None
        self._connection.executemany(
            "INSERT OR REPLACE INTO used VALUES (?, ?)",
            ((c.request_hash, json.dumps(asdict(c), ensure_ascii=False)) for c in outcome.used),
        )
        if isinstance(outcome.end, Finished):
            self.splits[outcome.end.dialogue["split"]] += 1
            self.n_utterances += len(outcome.end.dialogue["dialogue"])
            self._keep(n, True, outcome.end.dialogue)
        elif isinstance(outcome.end, Rejection):
            self.n_rejected += 1
            self.rejections[outcome.end.reason.value] += 1
            self._keep(n, False, _rejected_row(outcome, outcome.end))
        else:
            self.n_unfinished += 1
            if outcome.error and (outcome.error in self.errors or len(self.errors) < N_ERRORS_KEPT):
                self.errors[outcome.error] += 1

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

    def _keep(self, n: int, is_finished: bool, row: dict[str, Any]) -> None:
        text = json.dumps(row, ensure_ascii=False)
        self._connection.execute("INSERT INTO ends VALUES (?, ?, ?)", (n, is_finished, text))

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
