"""/subscriptions and /unsubscribe: what this chat has, and taking some of it away."""

from bot.commands.asked import Asked
from bot.commands.choosing import meant
from bot.commands.options import spelled
from bot.commands.request import Reply
from formatters.compose.replies.listing import Listed, listed, nothing_subscribed, unsubscribed
from jobs.schedule import local_date
from storage import subscriptions as store
from storage.errors import UserError
from storage.models import Subscription

ALL = frozenset({"all", "*", "全部", "所有"})


async def subscriptions(asked: Asked) -> Reply:
    """All subscriptions, numbered, with their buttons."""
    found = await asked.read(store.of_chat, asked.chat.key)
    if not found:
        return asked.to_chat(nothing_subscribed(asked.lang))
    request = asked.request
    may_manage = await request.may_manage()
    rows = [Listed(asked.topic_name(s.topic), s, may_manage or request.made(s)) for s in found]
    return asked.to_chat(listed(rows, asked.chat, local_date(asked.now, asked.chat.tz)))


async def unsubscribe(asked: Asked) -> Reply:
    """Remove one subscription, or all."""
    found = await asked.read(store.of_chat, asked.chat.key)
    if not found:
        raise UserError("subscription.none")
    leaving = _leaving(asked, found)
    asked.must_be_own(*leaving)
    await asked.change(store.remove, [s.key for s in leaving])
    names = [asked.topic_name(s.topic) for s in leaving]
    again = f"/subscribe {leaving[0].topic} {spelled(leaving[0])}" if len(leaving) == 1 else None
    return asked.to_chat(unsubscribed(names, len(found) - len(leaving), again, asked.lang))


def _leaving(asked: Asked, found: list[Subscription]) -> list[Subscription]:
    typed = asked.argument
    if typed.casefold() in ALL:
        return found
    if not typed:
        if len(found) == 1:
            return found
        raise UserError("subscription.which", most=len(found))
    one = meant(typed, found, asked.parse)
    if one is None:
        raise UserError("subscription.unknown", typed=typed)
    return [one]
