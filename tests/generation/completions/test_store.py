import sqlite3
import subprocess
import sys
import textwrap

import pytest

from generation.completions.store import CompletionStore, StoreError
from generation.sessions.request import Completion


def completion(request_hash="a" * 64, content="{}", session="0001-1", stage="write", **values):
    return Completion(
        request_hash=request_hash, session=session, stage=stage, content=content, model="m", **values
    )


def test_store_returns_what_was_added_after_reopening(tmp_path):
    path = tmp_path / "folder" / "store.sqlite"
    kept = completion(content="한국어 {", worker=3, prompt_tokens=5, completion_tokens=None)
    with CompletionStore(path) as store:
        assert store.get(kept.request_hash) is None
        assert store.add(kept) is True
    with CompletionStore(path) as store:
        assert store.get(kept.request_hash) == kept
        assert len(store) == 1


def test_store_passes_over_the_same_content_and_refuses_another(tmp_path):
    with CompletionStore(tmp_path / "store.sqlite") as store:
        store.add(completion(content="first"))
        assert store.add(completion(content="first")) is False
        with pytest.raises(StoreError, match="already holds another answer to request aaaa.*session 0001-1"):
            store.add(completion(content="second"))
        assert store.get("a" * 64).content == "first"


def test_add_all_keeps_nothing_where_one_is_refused(tmp_path):
    with CompletionStore(tmp_path / "store.sqlite") as store:
        store.add(completion("a" * 64, content="first"))
        with pytest.raises(StoreError):
            store.add_all([completion("b" * 64), completion("a" * 64, content="second")])
        assert store.get("b" * 64) is None
        assert store.add_all([completion("b" * 64), completion("a" * 64, content="first")]) == 1


def test_store_iterates_by_session_and_stage_whatever_the_order_of_adding(tmp_path):
    members = [
        completion("c" * 64, session="0002-1", stage="code"),
        completion("b" * 64, session="0001-1", stage="write"),
        completion("a" * 64, session="0002-1", stage="write"),
        completion("d" * 64, session="0001-1", stage="code"),
    ]
    with CompletionStore(tmp_path / "store.sqlite") as store:
        store.add_all(members)
        assert [item.request_hash[0] for item in store] == ["d", "b", "c", "a"]


def test_a_second_writer_is_refused_and_a_reader_let_in(tmp_path):
    path = tmp_path / "store.sqlite"
    with CompletionStore(path) as store:
        store.add(completion())
        with pytest.raises(StoreError, match="being written by another process"):
            CompletionStore(path)
        with CompletionStore(path, read_only=True) as reader:
            assert len(reader) == 1
            with pytest.raises(StoreError, match="can't be written.*readonly"):
                reader.add(completion("b" * 64))
    with CompletionStore(path) as store:
        assert len(store) == 1


def test_reading_a_missing_store_leaves_no_file(tmp_path):
    with CompletionStore(tmp_path / "store.sqlite", read_only=True) as store:
        assert list(store) == []
    assert list(tmp_path.iterdir()) == []


def test_store_refuses_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "store.sqlite"
    path.write_text("custom_id,content\n" * 100)
    with pytest.raises(StoreError, match="file is not a database; it is damaged or no store"):
        CompletionStore(path)
    assert path.read_text().startswith("custom_id")


def test_store_refuses_the_database_of_another_program(tmp_path):
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE completions (request_hash TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        CompletionStore(path)


def test_store_refuses_a_newer_format(tmp_path):
    path = tmp_path / "store.sqlite"
    CompletionStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(StoreError, match="format version 2, but this program reads 1"):
        CompletionStore(path)


def test_store_says_that_a_damaged_page_is_damage(tmp_path):
    path = tmp_path / "store.sqlite"
    with CompletionStore(path) as store:
        store.add_all(completion(f"{n:064d}", content="x" * 500) for n in range(200))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), CompletionStore(path) as store:
        list(store)


def test_full_disk_is_named_and_loses_nothing_stored(tmp_path):
    with CompletionStore(tmp_path / "store.sqlite") as store:
        store.add(completion())
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full; make room on the disk and run again"):
            store.add(completion("b" * 64, content="x" * 100_000))
        assert [item.request_hash[0] for item in store] == ["a"]


def test_store_in_a_place_that_takes_no_folder_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't be written"):
        CompletionStore(tmp_path / "file" / "store.sqlite")


def test_a_killed_writer_loses_nothing_and_leaves_no_lock(tmp_path):
    path = tmp_path / "store.sqlite"
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from generation.sessions.request import Completion
        from generation.completions.store import CompletionStore
        store = CompletionStore(Path({str(path)!r}))
        for n in range(20):
            store.add(Completion(request_hash=str(n), session="1", stage="write", content="x", model="m"))
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    with CompletionStore(path) as store:
        assert len(store) == 20


def test_an_empty_file_reads_as_an_empty_store_and_becomes_one_when_written(tmp_path):
    path = tmp_path / "store.sqlite"
    path.touch()
    with CompletionStore(path, read_only=True) as store:
        assert len(store) == 0
    with CompletionStore(path) as store:
        assert store.add(completion()) is True
