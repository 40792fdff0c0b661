"""A paperround that is connected to a Slack of the test's, and goes on answering."""

from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path

from digest_stage import at
from slack_server import SlackServer
from slack_stage import Stage, slack_stage
from slack_talk import BREAK, HurriedClock
from slack_users import User
from telegram_stage import TUESDAY, SetClock

CONNECTING = "apps.connections.open"
"""The method that asks for a connection's address."""


def staged(
    server: SlackServer, folder: Path, clock: SetClock | None = None, **settings: str
) -> AbstractAsyncContextManager[Stage]:
    """Listens already; by default on a clock by which nobody has to sleep."""
    clock = clock or HurriedClock(at(TUESDAY, 6))
    return slack_stage(folder, server=nullcontext(server), clock=clock, settings=settings)


async def helped(stage: Stage, user: User, times: int = 3) -> None:
    """Ask for help now and then: each time it is answered, once."""
    server = stage.server
    for _ in range(times):
        stage.clock.set(stage.clock.now() + BREAK)
        asked = await user.commands("/paperround", "help")
        assert not asked.failed
        await asked.next()
        await server.quiet()
        assert len(asked.messages) == 1
