"""The database file: opened privately, migrated, read and written from its own threads.

One writer thread runs each change inside BEGIN IMMEDIATE; two read-only connections with a
thread each serve commands and jobs, so that a command never waits for the morning. Query
functions are sync and get the transaction first, so no await can happen inside one.
Owns pragmas and the wrapping of sqlite's errors; knows no table.
"""

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlite_utils

from storage.errors import AlreadyExists, StorageError
from storage.migrations import migrations

Tx = sqlite_utils.Database
"""What a query function works on: a connection within a transaction."""

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_MS = 5_000
LONGEST_WAY_MS = 25
"""For so long a step of a job stands back: answers come first, the morning comes all the same."""


class Database:
    """One open database. Build it with `Database.open`; close it when done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = _Lane(path, "db-writer", read_only=False)
        self._commands = _Lane(path, "db-commands", read_only=True)
        self._jobs = _Lane(path, "db-jobs", read_only=True)
        self._attended = 0

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Create the file if need be (mode 0600), migrate it, and start the threads.

        Raises StorageError when the file can't be made, is no database, or is locked.
        """
        with _wrapped_errors():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise StorageError(f"{path}: {error.strerror}") from error
            db = Tx(_connect(path, read_only=False))
            try:
                db.enable_wal()
                # Held from the look at what is missing: another process may open it, too.
                db.execute("BEGIN IMMEDIATE")
                migrations.apply(db)
                db.execute("COMMIT")
            finally:
                db.close()
        return cls(path)

    async def write(
        self, change: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `change(tx, …)` in one transaction, committed unless it raises."""
        return await self._writer.run(change, *args, **kwargs)

    async def read(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query(tx, …)` on one snapshot, for an answer that somebody waits for."""
        return await self._commands.run(query, *args, **kwargs)

    async def study(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `read`, on the jobs' own connection and thread: for what may take long."""
        return await self._jobs.run(query, *args, **kwargs)

    @contextmanager
    def attention(self) -> Iterator[None]:
        """While somebody waits for an answer: jobs that give way stand back."""
        self._attended += 1
        try:
            yield
        finally:
            self._attended -= 1

    def give_way(self) -> None:
        """Called by a job on its own thread, between two small steps of long work.

        Python runs one thread at a time: what a job does while a command is answered, the
        command waits for. Stands back until nobody waits, but not for long.
        """
        for _ in range(LONGEST_WAY_MS):
            if not self._attended:
                return
            time.sleep(0.001)

    def close(self) -> None:
        """Finish what runs, then close the connections and threads."""
        for lane in (self._commands, self._jobs, self._writer):
            lane.close()


class _Lane:
    """One connection used by one thread."""

    def __init__(self, path: Path, name: str, *, read_only: bool) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        with _wrapped_errors():
            self._tx: Tx = self._pool.submit(lambda: Tx(_connect(path, read_only))).result()

    async def run(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: self._transact(work, *args, **kwargs))

    def _transact(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        connection = self._tx.conn
        with _wrapped_errors():
            connection.execute(self._begin)
            try:
                result = work(self._tx, *args, **kwargs)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result

    def close(self) -> None:
        self._pool.submit(self._tx.close)
        self._pool.shutdown(wait=True)


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Hold the right to be the one service on this database, by an OS lock beside it.

    The lock goes with the process however that ends. Raises AlreadyExists when another
    process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(f"{path}.service-lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyExists(f"another paperround runs on {path}") from error
        yield
    finally:
        os.close(lock)


def back_up(path: Path, target: Path) -> None:
    """Copy the live database to a new file, consistently, while others use it.

    Raises AlreadyExists when `target` is there, StorageError when it can't be written.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise AlreadyExists(str(target)) from error
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror}") from error
    try:
        with _wrapped_errors():
            _copy(path, target)
    except StorageError:
        target.unlink()
        raise


def _copy(path: Path, target: Path) -> None:
    source = _connect(path, read_only=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)  # in one step: page by page, each write would start it anew
    finally:
        copy.close()
        source.close()


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def _wrapped_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        if "UNIQUE" in str(error):
            raise AlreadyExists(str(error)) from error
        raise StorageError(str(error)) from error
    except sqlite3.Error as error:
        raise StorageError(str(error)) from error
