"""/status: how fresh the papers are and how things go."""

from bot.commands.asked import Asked
from bot.commands.request import Reply
from formatters.compose.replies.status import Status
from formatters.compose.replies.status import status as said
from storage import digests, outbox, runs, subscriptions
from storage.database import Tx


async def status(asked: Asked) -> Reply:
    """The last run, the last digest, the queue and the engine, in words."""
    known = await asked.read(_known, asked)
    return asked.to_chat(said(known, asked.chat, asked.frame))


def _known(tx: Tx, asked: Asked) -> Status:
    chat = asked.chat.key
    queue = outbox.queue(tx)
    return Status(
        now=asked.now,
        last_run=runs.last(tx),
        last_fresh=runs.last_fresh(tx),
        digest=digests.last(tx, chat),
        waiting=queue.waiting,
        unsure=queue.unsure,
        rejected=queue.rejected,
        parked_chats=queue.parked_chats,
        engines=[engine.name for engine in asked.context.desk.engines],
        subscriptions=len(subscriptions.of_chat(tx, chat)),
    )
