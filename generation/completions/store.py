"""Completion store: one SQLite file that keeps every completion under the hash of its request, append-only.

A completion is committed to disk before anything is made of it, so a stop at any moment loses nothing that
was answered. Readers may look in at any time; a second writer is refused, since two runs would ask twice.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from generation.sessions.request import Completion

STORE_VERSION = 1
APPLICATION_ID = 0x4B4D4953
"""Marks the file as ours: the bytes of "KMIS" in the header of the SQLite file."""

COLUMNS = tuple(field.name for field in fields(Completion))
CREATE = """
    CREATE TABLE completions (
        request_hash TEXT PRIMARY KEY, session TEXT NOT NULL, stage TEXT NOT NULL, content TEXT NOT NULL,
        model TEXT NOT NULL, worker INTEGER NOT NULL, prompt_tokens INTEGER, completion_tokens INTEGER
    )
"""
SELECT = f"SELECT {', '.join(COLUMNS)} FROM completions"
INSERT = f"INSERT OR IGNORE INTO completions ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


class StoreError(ValueError):
    """Raised for a store that can't be opened, read or written, or would have to overwrite a completion."""


class CompletionStore:
    """Completions under the hashes of their requests, in one SQLite file.

    Args:
        path: The file; made where it is missing, with its folders.
        read_only: Leave the file as it is and take no lock; a missing file then reads as an empty store.

    Raises:
        StoreError: If the file is no store, was written by a newer version, can't be written, or another
            process writes it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._lock: FileLock | None = None
        try:
            if read_only:
                self._connection = self._connect_to_read()
            else:
                self._lock = _take_lock(path)
                self._connection = sqlite3.connect(path, isolation_level=None)
            self._prepare(read_only)
        except sqlite3.Error as error:
            self.close()
            raise self._failed("can't be opened", error) from None
        except StoreError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._rows("SELECT count(*) FROM completions")[0][0]

    def __iter__(self) -> Iterator[Completion]:
        for row in self._rows(f"{SELECT} ORDER BY session, stage, request_hash"):
            yield Completion(**dict(zip(COLUMNS, row, strict=True)))

    def get(self, request_hash: str) -> Completion | None:
        """Return the completion of a request, or None where there is none yet."""
        rows = self._rows(f"{SELECT} WHERE request_hash = ?", (request_hash,))
        return Completion(**dict(zip(COLUMNS, rows[0], strict=True))) if rows else None

    def index_sessions(self) -> None:
        """Make `of_profile` fast, once for a file; opening and adding work with and without."""
        try:
            self._connection.execute("CREATE INDEX IF NOT EXISTS by_session ON completions (session)")
        except sqlite3.Error as error:
            raise self._failed("can't be indexed", error) from None

    def of_profile(self, profile_id: int) -> list[Completion]:
        """Return the completions of all sessions of one profile."""
        name = f"{profile_id:04d}"
        rows = self._rows(f"{SELECT} WHERE session > ? AND session < ?", (f"{name}-", f"{name}."))
        return [Completion(**dict(zip(COLUMNS, row, strict=True))) for row in rows]

    def add(self, completion: Completion) -> bool:
        """Keep a completion; see `add_all`."""
        return self.add_all((completion,)) == 1

    def add_all(self, completions: Iterable[Completion]) -> int:
        """Keep completions, all of them or, on an error, none.

        Args:
            completions: Those to keep. One whose content is known already is passed over.

        Returns:
            How many were new.

        Raises:
            StoreError: If another content is known for one of the hashes, or the file can't be written.
        """
        n_new = 0
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for completion in completions:
                    n_new += self._insert(completion)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._failed("can't be written", error) from None
        return n_new

    def close(self) -> None:
        """Close the file and let the next writer in."""
        if hasattr(self, "_connection"):
            self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def _insert(self, completion: Completion) -> bool:
        values = tuple(getattr(completion, column) for column in COLUMNS)
        if self._connection.execute(INSERT, values).rowcount == 1:
            return True
        known = self.get(completion.request_hash)
        if known is None or known.content != completion.content:
            raise StoreError(
                f"store {self.path} already holds another answer to request {completion.request_hash[:16]} "
                f"of session {completion.session}, stage {completion.stage}; a completion is never "
                "overwritten, so leave this answer out or start a store of your own with --store"
            )
        return False

    def _connect_to_read(self) -> sqlite3.Connection:
        if not self.path.exists() or self.path.stat().st_size == 0:
            return sqlite3.connect(":memory:", isolation_level=None)
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)

    def _prepare(self, read_only: bool) -> None:
        (mark,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (n_tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if mark == 0 and n_tables == 0:
            self._create()
        elif mark != APPLICATION_ID:
            raise StoreError(f"{self.path} is a database of another program; give another path with --store")
        elif version != STORE_VERSION:
            raise StoreError(
                f"store {self.path} has format version {version}, but this program reads {STORE_VERSION}; "
                "use the program that wrote it, or give another path with --store"
            )
        if not read_only:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")

    def _create(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {STORE_VERSION}")
        self._connection.execute(CREATE)
        self._connection.execute("COMMIT")

    def _rows(self, query: str, values: tuple[str, ...] = ()) -> list[tuple]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed("can't be read", error) from None

    def _failed(self, what: str, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            advice = "it is damaged or no store; restore a copy, or move it away and import the answers again"
        elif code.startswith("SQLITE_FULL"):
            advice = "make room on the disk and run again; what was answered before is kept"
        elif code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            advice = "make the file and its folder writable, or give another path with --store"
        else:
            advice = "run again; what was answered before is kept"
        return StoreError(f"store {self.path} {what}: {error}; {advice}")


def _take_lock(path: Path) -> FileLock:
    lock = FileLock(f"{path}-lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            f"store {path} is being written by another process; wait for its end, or give another "
            "path with --store"
        ) from None
    except OSError as error:
        raise StoreError(
            f"store {path} can't be written: {error.strerror}; make its folder writable, or give another "
            "path with --store"
        ) from None
    return lock
