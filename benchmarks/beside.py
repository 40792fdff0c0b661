"""A platform's bot that answers while a morning is made and sent: the stage of two benchmarks."""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from commands import lines
from loopback import FastClock, Loopback
from stage import SEED, MorningSource, Scale, build, new_papers, prepare_all, read_papers

from bot.app import App, opened
from bot.platforms import connected
from bot.service import categories_wanted
from bot.settings import Settings
from jobs.collect import collect
from jobs.deliver import Deliverer
from jobs.digest import make_due
from storage.models import Paper, Platform

IDLE_SECONDS = 10.0
Person = TypeVar("Person")


@asynccontextmanager
async def listening(
    options: argparse.Namespace,
    world: Loopback,
    platform: Platform,
    addresses: Sequence[str],
    *,
    heard_by: str,
    **settings: Any,
) -> AsyncIterator[tuple[App, Sequence[Paper]]]:
    """The app, which has collected the morning's papers and listens; and these papers.

    `heard_by` is the method that it calls first when it does.
    """
    known = read_papers(options.papers)
    morning = new_papers(known, options.new)
    scale = Scale(options.subscriptions, options.topics, options.chats, options.new)
    scale = replace(scale, platform=platform, addresses=addresses)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        path = Path(folder) / "commands.db"
        await build(path, prepare_all(known), scale)
        read = Settings(_env_file=None, PAPERROUND_DATABASE=path, PAPERROUND_OPEN=True, **settings)
        source, clock = MorningSource(morning), FastClock(1.0)
        async with (
            opened(read, clock=clock, source=source) as local,
            connected(local, lambda _: None) as app,
        ):
            wanted = await app.db.study(categories_wanted, app)
            await collect(db=app.db, source=app.source, clock=app.clock, categories=wanted)
            tasks = [asyncio.create_task(each.listen()) for each in app.listeners]
            try:
                await world.called(heard_by)
                yield app, morning
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def said_beside(
    app: App, people: Sequence[Person], morning: Sequence[Paper], options: argparse.Namespace
) -> AsyncIterator[tuple[Person, str]]:
    """Who says what, one after the other at the pace asked for, until the morning is out.

    When the app is to be idle beside, for so many seconds.
    """
    beside = asyncio.create_task(asyncio.sleep(IDLE_SECONDS) if options.idle else _morning(app))
    chosen, began = random.Random(SEED), time.monotonic()
    for number, line in enumerate(lines(chosen, morning), 1):
        if beside.done():
            break
        yield chosen.choice(people), line
        await asyncio.sleep(max(0.0, began + number * options.every / 1e3 - time.monotonic()))
    await beside


async def _morning(app: App) -> None:
    """Make what is due and send it, as the service does."""
    deliverer = Deliverer(db=app.db, messengers=app.messengers, clock=app.clock)
    making = asyncio.create_task(make_due(app.desk))
    while not making.done():
        await deliverer.deliver()
        await asyncio.wait([making], timeout=0.5)
    await making
    await deliverer.stop(patience=1.0)
