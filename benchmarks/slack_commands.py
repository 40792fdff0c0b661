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
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from beside import listening, said_beside
from gauges import percentile, spread, verdict
from loopback import SLACK_APP_TOKEN, SLACK_SERVER, SLACK_TOKEN, Loopback, loopback
from stage import options_beside

from bot.app import App
from storage.models import Paper, Platform

TARGET = 0.5
"""Seconds: 99 of 100 acknowledgements come within this time."""
FORM_EVERY = 10
TOPIC = "diffusion models"


@dataclass(slots=True)
class Asked:
    """What people did, and the seconds until they had their answers."""

    commands: list[float] = field(default_factory=list)
    forms: list[float] = field(default_factory=list)
    failed: int = 0


def main() -> None:
    asyncio.run(_measure(options_beside(__doc__, every=100.0)))


async def _measure(options: argparse.Namespace) -> None:
    async with loopback(SLACK_SERVER) as world:
        people = (await world.order("people", count=options.chats))["users"]
        async with listening(
            options,
            world,
            Platform.SLACK,
            people,
            heard_by="apps.connections.open",
            SLACK_BOT_TOKEN=SLACK_TOKEN,
            SLACK_APP_TOKEN=SLACK_APP_TOKEN,
            SLACK_API_URL=f"{world.url}/api",
        ) as (app, morning):
            asked = await _ask(world, app, people, morning, options)
            reading = await world.order("reading")
    _print(reading, asked)


async def _ask(
    world: Loopback,
    app: App,
    people: Sequence[str],
    morning: Sequence[Paper],
    options: argparse.Namespace,
) -> Asked:
    """People ask one thing after the other until what runs beside is done."""
    asked, number = Asked(), 0
    async with asyncio.TaskGroup() as going:
        async for who, line in said_beside(app, people, morning, options):
            number += 1
            if number % FORM_EVERY == 0:
                going.create_task(_form(world, who, asked))
            else:
                going.create_task(_command(world, who, line, asked))
    return asked


async def _command(world: Loopback, who: str, line: str, asked: Asked) -> None:
    """A slash command, then a click on the first button of its answer."""
    text = line.removeprefix("/")
    answer = await world.order("asks", user=who, command="/paperround", text=text)
    asked.commands.append(answer["answered"])
    asked.failed += bool(answer["failed"])
    if answer["labels"]:
        where = {name: answer[name] for name in ("channel", "ts")}
        clicked = await world.order("clicks", user=who, which=answer["labels"][0], **where)
        asked.failed += bool(clicked["failed"])


async def _form(world: Loopback, who: str, asked: Asked) -> None:
    """The form of /subscribe; its acknowledgement is the answer."""
    done = await world.order("submits", user=who, topic=TOPIC)
    asked.forms.append(done["opened"])
    asked.failed += bool(done["failed"])


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
    print(verdict(TARGET, met=met))


def _print_times(name: str, found: Sequence[float]) -> None:
    if not found:
        return
    print(f"{name:<32}{len(found):>8}{spread(found)}")


if __name__ == "__main__":
    main()
