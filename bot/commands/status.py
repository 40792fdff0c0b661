"""/status: how fresh the papers are and how things go."""

from bot.commands.asked import Asked
from bot.commands.request import Reply
from formatters.compose.cards import engine_name
from formatters.compose.replies.status import Models, Status
from formatters.compose.replies.status import status as said
from jobs.llm.budget import day_start
from storage import digests, model_calls, outbox, runs, subscriptions
from storage.database import Tx

LAST_CALLS = 3


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
        models=_models(tx, asked),
        archive=asked.context.archive_news(),
    )


def _models(tx: Tx, asked: Asked) -> Models | None:
    limits = asked.context.limits
    if limits is None:
        return None
    used = model_calls.used(tx, day_start(asked.now))
    last = model_calls.latest(tx, LAST_CALLS)
    return Models(
        calls=used.calls,
        failed=used.failed,
        tokens=used.tokens,
        tokens_limit=limits.tokens,
        cost=used.cost,
        cost_limit=None if limits.cost is None else float(limits.cost),
        unpriced=used.unpriced,
        last=[(call.at, engine_name(call.model), call.outcome) for call in last],
    )
