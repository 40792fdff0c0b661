"""How fast Slack is acknowledged and answered while a morning is made and sent.

    python benchmarks/slack_commands.py --papers papers.jsonl.xz

The morning is the one of `morning.py`, for direct messages; its parts go out meanwhile at
Slack's pace. Beside it, every `--every` milliseconds, somebody gives one of a mix of commands
to a loopback Slack in a process of its own, and clicks a button of the answer; every tenth
fills in the form instead. Measured there: from the moment that the app was handed something
until its acknowledgement, and until the answer stood there. `--idle` measures without a
morning.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from commands import lines
from gauges import percentile
from slack_world import APP_TOKEN, TOKEN, SlackWorld, slack_world
from stage import SEED, MorningSource, Scale, build, new_papers, prepare_all, read_papers
from telegram_world import FastClock

from bot.app import App, opened
from bot.platforms import connected
from bot.service import categories_wanted
from bot.settings import Settings
from jobs.collect import collect
from jobs.deliver import Deliverer
from jobs.digest import make_due
from storage.models import Paper, Platform

TARGET = 0.5
"""Seconds: 99 of 100 acknowledgements come within this time."""
TICK = 0.05
LISTENING = 10.0
"""Seconds until which the app is connected."""
IDLE_SECONDS = 10.0
FORM_EVERY = 10
TOPIC = "diffusion models"


@dataclass(slots=True)
class Asked:
    """What people did, and the seconds until they had their answers."""

    commands: list[float] = field(default_factory=list)
    forms: list[float] = field(default_factory=list)
    failed: int = 0


def main() -> None:
    asyncio.run(_measure(_options()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, required=True, metavar="FILE.jsonl.xz")
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--topics", type=int, default=2_000)
    parser.add_argument("--chats", type=int, default=1_000)
    parser.add_argument("--every", type=float, default=100.0, metavar="MILLISECONDS")
    parser.add_argument("--idle", action="store_true", help="without a morning beside")
    return parser.parse_args()


async def _measure(options: argparse.Namespace) -> None:
    known = read_papers(options.papers)
    morning = new_papers(known, options.new)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        path = Path(folder) / "commands.db"
        async with slack_world() as world:
            people = (await world.order("people", count=options.chats))["users"]
            scale = Scale(options.subscriptions, options.topics, options.chats, options.new)
            scale = replace(scale, platform=Platform.SLACK, addresses=people)
            await build(path, prepare_all(known), scale)
            settings = Settings(
                _env_file=None,
                PAPERROUND_DATABASE=path,
                PAPERROUND_OPEN=True,
                SLACK_BOT_TOKEN=TOKEN,
                SLACK_APP_TOKEN=APP_TOKEN,
                SLACK_API_URL=world.api_url,
            )
            source, clock = MorningSource(morning), FastClock(1.0)
            async with (
                opened(settings, clock=clock, source=source) as local,
                connected(local, lambda _: None) as app,
            ):
                await _run(app, world, people, morning, options)


async def _run(
    app: App,
    world: SlackWorld,
    people: Sequence[str],
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> None:
    wanted = await app.db.study(categories_wanted, app)
    await collect(db=app.db, source=app.source, clock=app.clock, categories=wanted)
    listening = [asyncio.create_task(each.listen()) for each in app.listeners]
    await _until_listening(world)
    beside = asyncio.sleep(IDLE_SECONDS) if options.idle else _morning(app)
    asked = await _ask(world, asyncio.ensure_future(beside), people, morning, options)
    reading = await world.order("reading")
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    _print(reading, asked)


async def _morning(app: App) -> None:
    """Make what is due and send it, as the service does."""
    deliverer = Deliverer(db=app.db, messengers=app.messengers, clock=app.clock)
    making = asyncio.create_task(make_due(app.desk))
    while not making.done():
        await deliverer.deliver()
        await asyncio.wait([making], timeout=0.5)
    await making
    await deliverer.stop(patience=1.0)


async def _ask(
    world: SlackWorld,
    beside: "asyncio.Future[object]",
    people: Sequence[str],
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> Asked:
    """People ask one thing after the other until what runs beside is done."""
    chosen, asked = random.Random(SEED), Asked()
    going: set[asyncio.Task[None]] = set()
    began = time.monotonic()
    for number, line in enumerate(lines(chosen, morning), 1):
        if beside.done():
            break
        who = chosen.choice(people)
        doing = (
            _form(world, who, asked)
            if number % FORM_EVERY == 0
            else _command(world, who, line, asked)
        )
        going.add(asyncio.create_task(doing))
        await asyncio.sleep(max(0.0, began + number * options.every / 1e3 - time.monotonic()))
    await asyncio.gather(*going)
    await beside
    return asked


async def _command(world: SlackWorld, who: str, line: str, asked: Asked) -> None:
    """A slash command, then a click on the first button of its answer."""
    text = line.removeprefix("/")
    answer = await world.order("asks", user=who, command="/paperround", text=text)
    asked.commands.append(answer["answered"])
    asked.failed += bool(answer["failed"])
    if answer["labels"]:
        where = {name: answer[name] for name in ("channel", "ts")}
        clicked = await world.order("clicks", user=who, which=answer["labels"][0], **where)
        asked.failed += bool(clicked["failed"])


async def _form(world: SlackWorld, who: str, asked: Asked) -> None:
    """The form of /subscribe; its acknowledgement is the answer."""
    done = await world.order("submits", user=who, topic=TOPIC)
    asked.forms.append(done["opened"])
    asked.failed += bool(done["failed"])


async def _until_listening(world: SlackWorld) -> None:
    for _ in range(int(LISTENING / TICK)):
        if (await world.order("reading"))["calls"].get("apps.connections.open"):
            return
        await asyncio.sleep(TICK)
    raise TimeoutError("the app does not connect")


def _print(reading: dict[str, Any], asked: Asked) -> None:
    acks = reading["ack_times"]
    together = [seconds for found in acks.values() for seconds in found]
    print(f"{'ms':<32}{'count':>8}{'p50':>8}{'p99':>8}{'max':>8}")
    for kind, found in acks.items():
        _print_times(f"acknowledged: {kind}", found)
    _print_times("acknowledged: all", together)
    _print_times("answered: commands", asked.commands)
    _print_times("opened: forms", asked.forms)
    print(f"parts and answers sent meanwhile: {sum(reading['sent'].values())}")
    trouble = {name: reading[name] for name in ("refused", "violations") if reading[name]}
    if trouble or asked.failed:
        print(f"failed: {asked.failed}, by the server: {trouble}")
    met = percentile(together, 0.99) <= TARGET and not asked.failed
    print(f"target, 99th percentile within {1e3 * TARGET:.0f} ms: {'met' if met else 'MISSED'}")


def _print_times(name: str, found: Sequence[float]) -> None:
    if not found:
        return
    figures = (percentile(found, 0.5), percentile(found, 0.99), max(found))
    cells = "".join(f"{1e3 * seconds:>8.1f}" for seconds in figures)
    print(f"{name:<32}{len(found):>8}{cells}")


if __name__ == "__main__":
    main()
