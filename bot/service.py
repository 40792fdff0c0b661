"""The service: collects when arXiv announces, makes what is due, delivers, keeps house.

APScheduler wakes it for the next probe, the next digest and the next retry, each a single
date that is set anew when it is known; no subscription has a timer of its own.
"""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.app import App
from formatters.catalogue import say
from jobs import collect, schedule
from jobs.deliver import Deliverer, housekeep, recover
from jobs.digest import make_due
from jobs.ports import RetryLater, SourceError
from jobs.topics import topic_categories
from storage import subscriptions
from storage.database import Tx, owned
from storage.errors import StorageError, UserError
from storage.models import Lang, RunState

LOOK_AT_LEAST = timedelta(minutes=1)
"""What is due is looked at this often at the least: clocks jump, and other processes write."""
HOUSEKEEPING = timedelta(hours=1)
PATIENCE = 3.0
"""Seconds for which an ending service waits for what is being sent."""
RUNS = 8
"""Of a job at once, as the scheduler counts them: a run that makes its next appointment goes on
for it, and an appointment beyond the number is dropped. `_turn` sees to it that it is one."""
FIRST_PROBE = timedelta(minutes=5)
"""For so long after the start, what is due waits for what arXiv announced meanwhile."""

log = structlog.get_logger()


class ServiceClock(Protocol):
    """A clock that also says when the process's scheduler should wake for a moment."""

    def now(self) -> datetime:
        """The current time, UTC-aware."""
        ...

    def wall(self, moment: datetime) -> datetime:
        """The machine's time at which this clock will show `moment`."""
        ...


class Service:
    """One running paperround. `run` returns when it is told to stop."""

    def __init__(self, app: App, clock: ServiceClock) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415

        self._app = app
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._deliverer = Deliverer(
            db=app.db,
            messengers=app.messengers,
            clock=app.clock,
            look_again=self._look_again,
            parked=app.parking.tell,
        )
        self._stop = asyncio.Event()
        self._defect: BaseException | None = None
        self._turns: dict[str, asyncio.Task[object]] = {}
        self._listening: list[asyncio.Task[None]] = []
        self._again: set[str] = set()
        self._jobs: dict[str, Callable[[], Awaitable[datetime]]] = {
            "probe": self._probe,
            "digests": self._digests,
            "deliver": self._deliver,
            "housekeep": self._housekeep,
            "archive": self._archive,
        }

    async def run(self) -> None:
        """Serve until `stop`. Raises AlreadyExists beside another service; a defect ends it."""
        with owned(self._app.settings.database):
            in_doubt = await recover(self._app.db)
            log.info("started", in_doubt=in_doubt)
            self._scheduler.start()
            now = self._clock.now()
            for name in ("probe", "deliver", "housekeep"):
                self._wake(name, now)
            self._wake("digests", now + FIRST_PROBE)
            self._wake("archive", now + FIRST_PROBE)
            watcher = asyncio.create_task(self._watch_changes())
            await self._app.analyses.resume()
            self._listen()
            try:
                await self._stop.wait()
            finally:
                watcher.cancel()
                self._scheduler.shutdown(wait=False)
                await self._app.analyses.close()
                await asyncio.gather(self._deliverer.stop(PATIENCE), self._end_listening())
                await self._end_turns()
                log.info("stopped")
        if self._defect is not None:
            raise self._defect

    def stop(self) -> None:
        """End the service: nothing new begins, what is in flight gets a moment."""
        self._stop.set()

    def stop_on_signals(self) -> None:
        """Let SIGTERM and SIGINT end the service."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    def _listen(self) -> None:
        """Begin to answer people on every platform; one that can't go on ends the service."""
        for listener in self._app.listeners:
            task = asyncio.create_task(listener.listen())
            task.add_done_callback(self._stopped_listening)
            self._listening.append(task)

    def _stopped_listening(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self._defect = self._defect or task.exception()
            self.stop()

    async def _end_listening(self) -> None:
        """Each ends by itself what it was asked, within its own patience."""
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)

    def _look_again(self, at: datetime) -> None:
        """A chat's turn comes sooner than the next look at the outbox."""
        self._wake("deliver", min(at, self._latest_look()))

    async def _watch_changes(self) -> None:
        while True:
            await self._app.changed.wait()
            self._app.changed.clear()
            for name in ("digests", "deliver"):
                self._wake(name, self._clock.now())
            archiving = self._app.archiving
            if archiving is not None and await archiving.shows_others():
                self._wake("archive", self._clock.now())

    def _latest_look(self) -> datetime:
        return self._clock.now() + LOOK_AT_LEAST

    def _wake(self, name: str, at: datetime) -> None:
        """Run a job at a moment of our clock, or once more when it runs now.

        An earlier appointment of the job is replaced.
        """
        if name in self._turns:
            self._again.add(name)
            return
        self._scheduler.add_job(
            self._turn,
            "date",
            run_date=self._clock.wall(at),
            args=[name],
            id=name,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=RUNS,
        )

    async def _turn(self, name: str) -> None:
        """One run of a job, and its next appointment. A defect ends the service."""
        task = asyncio.current_task()
        if task is None or self._stop.is_set():
            return
        if name in self._turns:  # it was woken again before it began
            self._again.add(name)
            return
        self._turns[name] = task
        next_time: datetime | None = None
        try:
            next_time = await self._jobs[name]()
        except StorageError as error:
            log.error("storage failed", job=name, reason=str(error))  # noqa: TRY400 -- no defect
            next_time = self._latest_look()
        except asyncio.CancelledError:  # the service ends; nobody asks for a result
            log.info("broken off", job=name)
        except Exception as defect:  # noqa: BLE001 -- raised again where the service ends
            self._defect = defect
            self.stop()
        finally:
            del self._turns[name]
        if name in self._again:
            self._again.discard(name)
            next_time = self._clock.now()
        if next_time is not None and not self._stop.is_set():
            self._wake(name, next_time)

    async def _end_turns(self) -> None:
        """Break off what runs: what it had not committed is done again at the next start."""
        turns = list(self._turns.values())
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)

    async def _probe(self) -> datetime:
        app = self._app
        wanted = await app.db.study(categories_wanted, app)
        run = await collect.collect(
            db=app.db, source=app.source, clock=app.clock, categories=wanted
        )
        log.info("collected", **_fields(run))
        for name in ("digests", "archive"):
            self._wake(name, self._clock.now())
        if run.state is not RunState.FAILED:
            await self._fill_in(wanted)
        return schedule.next_probe(self._clock.now(), run)

    async def _fill_in(self, wanted: tuple[str, ...]) -> None:
        """What can wait: metadata that was missing, the last week for previews."""
        app = self._app
        try:
            await collect.enrich(db=app.db, source=app.source)
            await collect.fill_previews(
                db=app.db, source=app.source, clock=app.clock, categories=wanted
            )
        except (SourceError, RetryLater) as error:
            log.info("filling in later", reason=str(error))

    async def _digests(self) -> datetime:
        made = await make_due(self._app.desk)
        now = self._clock.now()
        if made:
            log.info("digests made", chats=made)
            for name in ("deliver", "archive"):
                self._wake(name, now)
        due = await self._app.db.study(subscriptions.earliest_due)
        latest = self._latest_look()
        return min(due, latest) if due and due > now else latest

    async def _archive(self) -> datetime:
        """Keep the archive up to date. That it can't be written stops nothing else."""
        archiving = self._app.archiving
        if archiving is not None:
            try:
                written = await archiving.update()
            except UserError as error:
                log.error("archive not written", reason=say(error.key, Lang.EN, **error.values))  # noqa: TRY400 -- no defect
            else:
                if written.files or written.removed:
                    log.info("archive written", days=written.days, files=len(written.files))
        return self._clock.now() + HOUSEKEEPING

    async def _deliver(self) -> datetime:
        next_look = await self._deliverer.deliver()
        latest = self._latest_look()
        return min(next_look, latest) if next_look else latest

    async def _housekeep(self) -> datetime:
        now = self._clock.now()
        await housekeep(self._app.db, now)
        await collect.forget_old(self._app.db, now)
        await self._app.analyses.tidy()
        if "digests" not in self._turns:
            gc.collect()
        return now + HOUSEKEEPING


def categories_wanted(tx: Tx, app: App) -> tuple[str, ...]:
    """Everything to collect: the configured categories and those that topics name."""
    named = (topic_categories(app.desk.stored(text).node) for text in subscriptions.topics(tx))
    return tuple(sorted({*app.settings.categories, *(c for found in named for c in found)}))


def _fields(run: Any) -> dict[str, Any]:
    return {
        "state": str(run.state),
        "cause": run.cause,
        "day": str(run.day),
        "announced": run.announced,
        "requests": run.requests,
        "detail": run.detail,
    }
