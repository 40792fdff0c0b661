"""How fast commands answer while a morning is made in the same process.

    python benchmarks/commands.py --papers papers.jsonl.xz

The morning is the one of `morning.py`; beside it, every `--every` milliseconds, somebody
says one of a mix of commands to the core, as an adapter would, whether or not the ones
before are answered. Printed are the answers' times through `Commands.dispatch`, all together
and by command, and how late the event loop woke meanwhile; `--idle` measures the same
without the morning.
"""

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from gauges import loop_lag, percentile, spread, verdict
from stage import (
    SEED,
    FixedClock,
    MorningSource,
    Scale,
    build,
    new_papers,
    options_beside,
    prepare_all,
    read_papers,
    settings_for,
)

from bot.app import App, opened
from bot.commands.request import Request
from bot.service import categories_wanted
from jobs import collect
from jobs.digest import make_due
from storage.models import Paper, Platform

TARGET = 0.05
"""Seconds: 99 of 100 answers come within this time."""
IDLE_SECONDS = 5.0
_WORD = re.compile(r"\b[A-Za-z]{5,}\b")


def main() -> None:
    options = options_beside(__doc__, every=20.0)
    known = read_papers(options.papers)
    scale = Scale(options.subscriptions, options.topics, options.chats, options.new)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        path = Path(folder) / "commands.db"
        asyncio.run(build(path, prepare_all(known), scale))
        asyncio.run(_measure(path, new_papers(known, scale.new), options))


async def _measure(path: Path, morning: Sequence[Paper], options: argparse.Namespace) -> None:
    source = MorningSource(morning)
    async with opened(settings_for(path), clock=FixedClock(), source=source) as app:
        wanted = await app.db.study(categories_wanted, app)
        await collect.collect(db=app.db, source=source, clock=app.clock, categories=wanted)
        beside = asyncio.sleep(IDLE_SECONDS) if options.idle else make_due(app.desk)
        async with loop_lag() as lag:
            times, failed = await _talk(app, asyncio.ensure_future(beside), morning, options)
    _print(times, failed, lag)


async def _talk(
    app: App,
    beside: "asyncio.Future[object]",
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> tuple[dict[str, list[float]], Counter[str]]:
    """Say one command after the other until what runs beside is done."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    failed: Counter[str] = Counter()

    async def say(line: str, address: str) -> None:
        command = line.split(maxsplit=1)[0]
        request = Request(Platform.TERMINAL, address, f"terminal:{address}", line)
        started = time.perf_counter()
        reply = await app.commands.dispatch(request)
        assert reply is not None
        app.terminal.renderer.document(reply.document)
        times[command].append(time.perf_counter() - started)
        failed[command] += reply.failed

    said: list[asyncio.Task[None]] = []
    chosen = random.Random(SEED)
    for line in lines(chosen, morning):
        if beside.done():
            break
        address = f"chat-{chosen.randrange(options.chats)}"
        said.append(asyncio.create_task(say(line, address)))
        await asyncio.sleep(options.every / 1e3)
    await asyncio.gather(*said)
    await beside
    return times, failed


def lines(chosen: random.Random, morning: Sequence[Paper]) -> Iterator[str]:
    """What people say, in turn."""
    topics = ("diffusion AND video", '"large language model" NOT survey', "智能体", 'author:"Li"')
    for command in cycle(
        ("subscriptions", "status", "paper", "search", "topics", "more", "save", "subscribe")
    ):
        paper = chosen.choice(morning)
        match command:
            case "paper" | "save":
                yield f"/{command} {paper.id}"
            case "search":
                yield f"/search {' '.join(_WORD.findall(paper.title)[:2]) or 'diffusion'}"
            case "subscribe":
                yield f"/subscribe {chosen.choice(topics)} at 09:{chosen.randrange(60):02}"
            case _:
                yield f"/{command}"


def _print(times: dict[str, list[float]], failed: Counter[str], lag: list[float]) -> None:
    together = [seconds for found in times.values() for seconds in found]
    print(f"{'ms':<18}{'answers':>8}{'p50':>8}{'p99':>8}{'max':>8}{'failed':>8}")
    for name, found in (*sorted(times.items()), ("all", together)):
        count = failed[name] if name in times else failed.total()
        print(f"{name:<18}{len(found):>8}{spread(found)}{count:>8}")
    print(f"\nevent loop late: p99 {1e3 * percentile(lag, 0.99):.1f}, max {1e3 * max(lag):.1f} ms")
    print(verdict(TARGET, met=percentile(together, 0.99) <= TARGET))


if __name__ == "__main__":
    main()
