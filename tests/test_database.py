"""The database file: private, migrated once, whole after every failure, one service's own."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlite_utils
from posting import NOW, chat_at, post

from storage import chats, outbox, subscriptions
from storage.database import Database, back_up, owned
from storage.errors import AlreadyExists, NotFound, StorageError
from storage.migrations import migrations
from storage.models import ChatKey, DraftPart, Lang, Platform
from storage.search_index import INDEX_DDL

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def db(tmp_path):
    database = Database.open(tmp_path / "round.db")
    yield database
    database.close()


def one(statement: str):
    """A query for the first column of the first row."""
    return lambda tx: tx.execute(statement).fetchone()[0]


def schema_of(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return rows


async def test_the_file_and_what_lies_beside_it_are_private(db):
    await db.write(chat_at)
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in db.path.parent.iterdir()}
    assert found == dict.fromkeys(["round.db", "round.db-wal", "round.db-shm"], 0o600)


async def test_it_writes_ahead_and_holds_foreign_keys(db):
    assert await db.read(one("PRAGMA journal_mode")) == "wal"
    for ask in (db.read, db.study, db.write):
        assert await ask(one("PRAGMA foreign_keys")) == 1
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        await db.write(outbox.enqueue, ChatKey(99), [DraftPart("to nobody")], NOW)


async def test_migrating_again_changes_nothing(tmp_path):
    path = tmp_path / "round.db"
    db = Database.open(path)
    await db.write(post, "room", "hello")
    db.close()
    before = schema_of(path)
    Database.open(path).close()
    again = Database.open(path)
    assert schema_of(path) == before
    assert (await again.read(outbox.queue)).waiting == 1
    again.close()


@pytest.mark.parametrize(
    "step",
    [
        "m002_chats_and_digests",
        "m003_outbox",
        "m004_search_index",
        "m005_access_and_shorthand",
        "m006_threads_and_makers",
        "m007_models",
        "m011_uses_of_jobs",
        "m013_marks",
    ],
)
def test_an_old_database_is_brought_up_to_date(step, tmp_path):
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    earlier = sqlite_utils.Database(old)
    migrations.apply(earlier, stop_before=step)
    earlier.execute("INSERT INTO filled VALUES ('2026-02-06', 'cs.CV')")
    earlier.close()
    for path in (old, new):
        Database.open(path).close()
    assert schema_of(old) == schema_of(new)
    kept = sqlite3.connect(old)
    assert kept.execute("SELECT * FROM filled").fetchall() == [("2026-02-06", "cs.CV")]
    kept.close()


def test_the_search_tables_are_those_that_the_index_speaks_of(tmp_path):
    Database.open(tmp_path / "round.db").close()
    made = dict(schema_of(tmp_path / "round.db"))
    names = [statement.split("(")[0].split(" USING")[0].split(" ON ")[0].split()[-1]
             for statement in INDEX_DDL]  # fmt: skip
    assert len(set(names)) == len(INDEX_DDL)
    assert tuple(made[name] for name in names) == INDEX_DDL


def test_many_may_open_a_new_database_at_once(tmp_path):
    path, start = tmp_path / "round.db", threading.Barrier(6)

    def opened(_: int) -> Database:
        start.wait()
        return Database.open(path)

    with ThreadPoolExecutor(6) as pool:
        for database in pool.map(opened, range(6)):
            database.close()


async def test_what_only_reads_refuses_to_write(db):
    for ask in (db.read, db.study):
        with pytest.raises(StorageError, match="readonly"):
            await ask(chat_at)
    assert await db.read(one("SELECT COUNT(*) FROM chat")) == 0


async def test_a_change_that_fails_is_undone_whole(db):
    def change(tx):
        post(tx, "room", "one", "two")
        raise KeyError("half way")

    with pytest.raises(KeyError):
        await db.write(change)
    assert await db.read(one("SELECT COUNT(*) FROM chat")) == 0
    await db.write(post, "room", "three")  # and the next one begins anew
    assert (await db.read(outbox.queue)).waiting == 1


async def test_a_reader_sees_one_moment_and_never_waits(db):
    def write(tx):
        post(tx, "room", "one")
        written.set()
        assert go_on.wait(5)

    written, go_on = threading.Event(), threading.Event()
    writing = asyncio.create_task(db.write(write))
    await asyncio.to_thread(written.wait, 5)
    assert (await db.read(outbox.queue)).waiting == 0
    go_on.set()
    await writing
    assert (await db.read(outbox.queue)).waiting == 1


async def test_what_is_there_already_is_told_apart(db):
    def twice(tx):
        for _ in range(2):
            tx.execute("INSERT INTO filled VALUES ('2026-02-06', 'cs.CV')")

    with pytest.raises(AlreadyExists):
        await db.write(twice)
    with pytest.raises(NotFound):
        await db.read(chats.get, ChatKey(99))
    with pytest.raises(NotFound):
        await db.read(subscriptions.get, 99)


async def test_a_naive_moment_is_refused(db):
    with pytest.raises(ValueError, match="zone"):
        await db.write(subscriptions.due, NOW.replace(tzinfo=None))


def test_what_is_no_database_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("Buy milk, and read the papers. " * 100)
    with pytest.raises(StorageError, match="not a database"):
        Database.open(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text().startswith("Buy milk")
    with pytest.raises(StorageError):
        Database.open(tmp_path / "notes.txt" / "round.db")


async def test_a_full_disk_is_told_and_leaves_the_state_intact(db):
    await db.write(post, "room", "before")
    pages = await db.write(one("PRAGMA page_count"))
    await db.write(one(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StorageError, match="full"):
        await db.write(post, "room", *["x" * 4_000] * 50)
    assert (await db.read(outbox.queue)).waiting == 1
    await db.write(one("PRAGMA max_page_count = 100000"))
    await db.write(post, "room", "after")
    assert (await db.read(outbox.queue)).waiting == 2
    assert await db.read(one("PRAGMA integrity_check")) == "ok"


OWNER = """
import sys, pathlib
from storage.database import owned
with owned(pathlib.Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_lesson_25_a_second_service_on_the_database_is_refused(tmp_path):
    path = tmp_path / "round.db"
    command = [sys.executable, "-c", OWNER, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout.readline() == "mine\n"
        with pytest.raises(AlreadyExists, match="another paperround"), owned(path):
            pass
        first.kill()
        first.wait()
    with owned(path):  # the lock went with the process
        pass
    with owned(path):
        pass


async def test_a_backup_of_a_database_in_use_is_whole(db, tmp_path):
    copies = [tmp_path / f"copy-{n}.db" for n in range(3)]
    stop = asyncio.Event()

    async def keep_writing():
        while not stop.is_set():
            await db.write(post, "room", *["x" * 2_000] * 5)

    writing = asyncio.create_task(keep_writing())
    for copy in copies:
        await asyncio.to_thread(back_up, db.path, copy)
    stop.set()
    await writing
    for copy in copies:
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        opened = Database.open(copy)
        assert await opened.read(one("PRAGMA integrity_check")) == "ok"
        assert await opened.read(one("SELECT COUNT(*) % 5 FROM part")) == 0
        opened.close()


def test_a_backup_overwrites_nothing_and_leaves_no_ruins(tmp_path):
    target = tmp_path / "copy.db"
    with pytest.raises(StorageError):
        back_up(tmp_path / "absent.db", target)
    assert not target.exists()
    target.write_text("precious")
    with pytest.raises(AlreadyExists):
        back_up(tmp_path / "absent.db", target)
    assert target.read_text() == "precious"
    with pytest.raises(StorageError):
        back_up(tmp_path / "absent.db", tmp_path / "nowhere" / "copy.db")


async def test_closing_finishes_what_runs(tmp_path):
    db = Database.open(tmp_path / "round.db")
    writing = asyncio.create_task(db.write(post, "room", *["x"] * 500))
    await asyncio.sleep(0)
    await asyncio.to_thread(db.close)
    await writing
    again = Database.open(tmp_path / "round.db")
    assert (await again.read(outbox.queue)).waiting == 500
    again.close()


async def test_two_writers_wait_for_each_other(db, tmp_path):
    other = Database.open(db.path)
    both = [(db, "here"), (other, "there")]
    await asyncio.gather(*(each.write(post, room, "x") for each, room in both for _ in range(20)))
    assert (await db.read(outbox.queue)).waiting == 40
    other.close()


async def test_a_chat_is_made_once(db):
    made = [
        await db.write(chats.ensure, Platform.TERMINAL, "room", lang=Lang.ZH, tz="UTC")
        for _ in range(2)
    ]
    assert made[0] == made[1]
