"""`paperround` as processes beside a loopback Slack and a loopback arXiv."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from arxiv_server import ArxivServer
from fakes import invented_paper
from slack_server import APP_TOKEN, SIGNING_SECRET, TOKEN, SlackServer
from telegram_processes import START, Machine, Running

SECRETS = (TOKEN.partition("-")[2], APP_TOKEN, SIGNING_SECRET, "/response/", "ticket")
"""What must never be seen anywhere; response URLs and WebSocket tickets among it."""


@dataclass(slots=True)
class SlackMachine(Machine):
    """A folder, a loopback arXiv, and the processes started there, which talk to Slack."""

    def env(self, **settings: str) -> dict[str, str]:
        known = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": self.api_url,
        }
        # Without arguments, for `super()` has no class in one with slots.
        env = Machine.env(self, **(known | settings))
        if "TELEGRAM_BOT_TOKEN" not in settings:
            del env["TELEGRAM_BOT_TOKEN"]
        return env


async def ready(service: Running, platform: str = "Slack") -> None:
    """Until it says that it answers there."""
    while not (await service.line()).startswith(f"{platform}: @"):
        pass


@asynccontextmanager
async def slack_machine(folder: Path, server: SlackServer | str) -> AsyncIterator[SlackMachine]:
    """At the end nothing runs any more, and nothing has told a secret."""
    papers = [invented_paper(f"2602.{number:05}") for number in range(1, 5)]
    url = server if isinstance(server, str) else server.base_url.rstrip("/")
    with ArxivServer(papers, day=START.date()) as arxiv:
        made = SlackMachine(folder, arxiv, url)
        try:
            yield made
        finally:
            for each in made.started:
                if each.process.returncode is None:
                    await each.killed()
        for each in made.started:
            for told in (each.log(), "".join(each.said), each.complaints):
                assert not [secret for secret in SECRETS if secret in told], told
