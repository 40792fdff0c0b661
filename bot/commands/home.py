"""What one person has, wherever it is: a page of their own, for platforms that show one.

Its buttons name the chat that they are about, for the page belongs to none.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.commands import gate
from bot.commands.asked import Asked, chat_of
from bot.commands.request import Context, Reply, Request
from formatters.compose.replies import home as said
from jobs import schedule
from storage import chats, papers, runs, shelf, subscriptions
from storage.chats import room_of
from storage.database import Tx
from storage.models import Chat, Paper, PaperId, Run, Subscription

Places = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""Which of these rooms the person is in, and what they are called there."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is stored of somebody."""

    made: Sequence[tuple[Chat, Subscription]]
    """The subscriptions of their own chat, and those that they made elsewhere."""
    saved: Sequence[PaperId]
    papers: Sequence[Paper]
    """The newest of the saved ones."""
    last_run: Run | None
    last_fresh: Run | None


class Homes:
    """The pages of one paperround."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def shown(self, request: Request, places: Places, done: said.Done | None = None) -> Reply:
        """The page of who asks, in the language of their own chat, which the request is about.

        `done` is what was just answered to a button of it. Subscriptions in rooms that they
        are not in any more are left out.
        """
        context = self._context
        with context.db.attention():
            stored = await context.db.read(
                gate.look_up, request.platform, request.address, gate.room_of(request)
            )
            asked = Asked(context, request, chat_of(context, request, stored.chat), "")
            kept = await asked.read(_kept, asked)
        judged = gate.verdict(
            request.platform,
            gate.room_of(request),
            context.access,
            stored.decision,
            stored.admins,
        )
        if judged is not gate.Verdict.LET_IN and not (kept.made or kept.saved or done):
            return asked.to_person(said.closed(asked.lang))
        names = await _names(request, kept, places)
        return asked.to_person(said.home(_described(asked, kept, names), done, asked.frame))


def _kept(tx: Tx, asked: Asked) -> _Kept:
    own, person = asked.chat, asked.request.person
    elsewhere = [s for s in subscriptions.of_maker(tx, person) if s.chat != own.key]
    made = [(own, s) for s in subscriptions.of_chat(tx, own.key)]
    made += [(chats.get(tx, s.chat), s) for s in elsewhere]
    saved = shelf.saved(tx, person)
    newest = saved[: said.MOST_PAPERS]
    found = papers.get_many(tx, newest)
    return _Kept(
        made,
        saved,
        [found[paper] for paper in newest if paper in found],
        runs.last(tx),
        runs.last_fresh(tx),
    )


async def _names(request: Request, kept: _Kept, places: Places) -> Mapping[str, str]:
    """Room → what it is called, of the rooms that the person can see; their own has no name."""
    own = gate.room_of(request)
    rooms = dict.fromkeys(room_of(chat.address) for chat, _ in kept.made)
    rooms.pop(own, None)
    return {own: "", **(await places(tuple(rooms)) if rooms else {})}


def _described(asked: Asked, kept: _Kept, names: Mapping[str, str]) -> said.Home:
    entries = [
        said.Entry(
            name=asked.topic_name(subscription.topic),
            chat=chat,
            subscription=subscription,
            place=names[room_of(chat.address)],
            paused=schedule.is_paused(subscription, asked.now),
        )
        for chat, subscription in kept.made
        if room_of(chat.address) in names
    ]
    return said.Home(
        address=asked.request.address,
        entries=entries,
        papers=kept.papers,
        saved=len(kept.saved),
        now=asked.now,
        last_run=kept.last_run,
        last_fresh=kept.last_fresh,
    )
