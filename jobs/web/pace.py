"""Whose turn it is: the pace that all processes on one database share.

arXiv allows one connection and one request every three seconds, over all of a user's
programs together (info.arxiv.org/help/api/tou). The state lives in a small file beside the
database, locked for as long as a request is under way. The decisions are pure functions of
`Pace`; only `PaceFile` touches the disk and the clock. Nothing here speaks HTTP.
"""

import asyncio
import fcntl
import json
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from jobs.ports import Clock, RetryLater

LONGEST = timedelta(hours=24)
"""No cool-down lasts longer, whatever a header or a clock that was set wrong says."""
PATIENCE = timedelta(minutes=2)
"""A longer wait is the caller's to plan: it gets RetryLater."""

_FIRST = {"unreachable": timedelta(seconds=3)}
"""Nobody was troubled by a connection that did not come about, so it may be tried sooner."""
_FIRST_OF_OTHERS = timedelta(seconds=10)
_CEILING = timedelta(minutes=10)
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """What the processes tell one another."""

    last: datetime | None = None
    """When a request last began or ended."""
    closed_until: datetime | None = None
    """The shared cool-down."""
    cause: str = ""
    """Why it is closed: a cause of `SourceError`."""
    strikes: int = 0
    """Failures in a row; each doubles the next cool-down."""

    def wait(self, now: datetime, interval: timedelta) -> timedelta:
        """How long the next request has to wait."""
        free = [self.last + interval] if self.last else []
        free += [self.closed_until] if self.closed_until else []
        return max([now, *free]) - now

    def struck(self, now: datetime, cause: str, pause: timedelta) -> Self:
        """After a failure: closed for `pause`, at most LONGEST."""
        until = now + min(pause, LONGEST)
        return replace(self, last=now, closed_until=until, cause=cause, strikes=self.strikes + 1)

    def backoff(self, cause: str) -> timedelta:
        """The pause after a failure that named none: 10 s, doubling up to 10 min, jittered."""
        first = _FIRST.get(cause, _FIRST_OF_OTHERS)
        doubled = first * (1 << min(self.strikes, 10))
        return min(doubled * random.uniform(1, 1.25), _CEILING)

    def dump(self) -> bytes:
        """JSON for the file."""
        moments = {"last": self.last, "closed_until": self.closed_until}
        fields = {name: at and at.isoformat() for name, at in moments.items()}
        return json.dumps(fields | {"cause": self.cause, "strikes": self.strikes}).encode()

    @classmethod
    def load(cls, content: bytes, now: datetime) -> Self:
        """Read back; a file that a kill left half written counts as a request just made.

        What lies in the future was written before the clock was set back: it counts from now.
        """
        if not content:
            return cls()
        try:
            fields = json.loads(content)
            last, until = (
                datetime.fromisoformat(fields[name]).astimezone(UTC) if fields[name] else None
                for name in ("last", "closed_until")
            )
            return cls(
                last=last and min(last, now),
                closed_until=until and min(until, now + LONGEST),
                cause=str(fields["cause"]),
                strikes=int(fields["strikes"]),
            )
        except (ValueError, TypeError, KeyError):
            return cls(last=now)


class Turn:
    """The right to make one request, held until it is answered."""

    def __init__(self, fd: int, pace: Pace, clock: Clock) -> None:
        self._fd = fd
        self._pace = pace
        self._clock = clock
        # Noted before the request goes out, so that a process killed during it is counted.
        _write(fd, replace(pace, last=clock.now()))

    def went_well(self) -> None:
        """Note an answer: the way is open, the interval starts again."""
        _write(self._fd, Pace(last=self._clock.now()))

    def struck(self, cause: str, asked: timedelta | None) -> timedelta:
        """Note a failure; returns the cool-down, never shorter than the other side `asked`."""
        pause = max(self._pace.backoff(cause), asked or timedelta(0))
        now = self._clock.now()
        pace = self._pace.struck(now, cause, pause)
        _write(self._fd, pace)
        return pace.wait(now, timedelta(0))


class PaceFile:
    """The shared pace on disk. `path` lies beside the database and is never deleted."""

    def __init__(self, path: Path, interval: timedelta, clock: Clock) -> None:
        self._path = path
        self._interval = interval
        self._clock = clock
        self._queue = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Wait for the turn of this process and hold it; RetryLater when that takes too long.

        The lock is not held while waiting: a cool-down noted meanwhile is seen, and other
        processes learn at once that they have to wait, too.
        """
        async with self._queue:
            while True:
                async with self._locked() as fd:
                    now = self._clock.now()
                    pace = Pace.load(os.pread(fd, 4096, 0), now)
                    wait = pace.wait(now, self._interval)
                    if not wait:
                        yield Turn(fd, pace, self._clock)
                        return
                    # What was mended on loading must not be mended, and waited for, for ever.
                    _write(fd, pace)
                if wait > PATIENCE:
                    raise RetryLater(pace.cause or "throttled", wait)
                await self._clock.sleep(wait.total_seconds())

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[int]:
        """Open the file with its lock; asked for in small steps, so the loop never blocks."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not _try_lock(fd):
                await self._clock.sleep(_POLL)
            try:
                yield fd
            finally:
                # A forked worker may hold a copy of the descriptor: closing is not enough.
                fcntl.flock(fd, fcntl.LOCK_UN)
        finally:
            os.close(fd)


def _write(fd: int, pace: Pace) -> None:
    content = pace.dump()
    os.pwrite(fd, content, 0)
    os.ftruncate(fd, len(content))


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
