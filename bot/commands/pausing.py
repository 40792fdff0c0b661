"""/pause and /resume: a holiday for the whole chat, and the way back.

A chat that could not be reached (blocked, put out) is parked; when it speaks again it is
asked whether its digests shall come again, and /resume is the answer, too.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.commands import helping
from bot.commands.asked import Asked
from bot.commands.choosing import meant
from bot.commands.request import Reply
from bot.commands.subscribing import due_next
from formatters.compose.replies import listing as said
from formatters.compose.replies.access import welcome_back as welcomed_back
from jobs import schedule
from storage import chats, papers
from storage import subscriptions as store
from storage.database import Tx
from storage.errors import UserError
from storage.models import Subscription

LONGEST_DAYS = 366

_SPAN = re.compile(
    r"(?P<count>[0-9]{1,4})\s*(?P<unit>d|days?|w|weeks?|天|日|周|个?星期)?", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})[-/年.])?(?P<month>[0-9]{1,2})[-/月.](?P<day>[0-9]{1,2})日?"
)
_UNTIL = re.compile(r"^(?:until|till|for|到|至)\s*", re.IGNORECASE)


async def pause(asked: Asked) -> Reply:
    """Send nothing for some days, until a date, or until /resume."""
    found, span = await _changeable(asked)
    today = schedule.local_date(asked.now, asked.chat.tz)
    until = read_return(span, today)
    paused = [due_next(replace(s, paused_until=until), asked) for s in found]
    await asked.change(_store, paused)
    return asked.to_chat(said.paused(until, len(paused), asked.lang))


async def resume(asked: Asked) -> Reply:
    """End the pause; the next digest covers what was announced meanwhile, ranked as one."""
    found, _ = await _changeable(asked)
    parked = asked.chat.parked is not None
    resting = [s for s in found if parked or schedule.is_paused(s, asked.now)]
    if not resting:
        return asked.to_chat(said.not_paused(asked.lang))
    announced = await asked.read(papers.count_since, min(s.since for s in resting))
    awake = [due_next(replace(s, paused_until=None), asked) for s in resting]
    await asked.change(_wake, asked, awake)
    return asked.to_chat(said.resumed(announced, asked.lang))


async def start(asked: Asked) -> Reply:
    """Welcome, or welcome back."""
    back = None if asked.argument else await welcome_back(asked)
    return back or await helping.start(asked)


async def welcome_back(asked: Asked) -> Reply | None:
    """The question to a parked chat that speaks again; None for every other.

    One without subscriptions has nothing to decide: it can simply be reached again.
    """
    if asked.chat.parked is None:
        return None
    found = await asked.read(store.of_chat, asked.chat.key)
    if not found:
        await asked.change(chats.park, asked.chat.key, None)
        return None
    return asked.to_chat(welcomed_back(len(found), asked.lang))


def read_return(text: str, today: date) -> date:
    """The local date of the return: `7d`, `2 weeks`, `2026-10-08`, `10月8日`; none: date.max.

    A date without a year is the next one. Raises UserError `pause.bad` or `pause.past`.
    """
    typed = _UNTIL.sub("", text.strip())
    if not typed:
        return date.max
    span = _SPAN.fullmatch(typed)
    if span:
        unit = (span["unit"] or "d").casefold()
        days = int(span["count"]) * (7 if unit.startswith(("w", "周", "星", "个")) else 1)
        if not 1 <= days <= LONGEST_DAYS:
            raise UserError("pause.bad", typed=text, longest=LONGEST_DAYS)
        return today + timedelta(days=days)
    until = _date(typed, today)
    if until is None:
        raise UserError("pause.bad", typed=text, longest=LONGEST_DAYS)
    if until <= today:
        raise UserError("pause.past", typed=text)
    return until


async def _changeable(asked: Asked) -> tuple[Sequence[Subscription], str]:
    """All of the chat's subscriptions, or the one with a button's `#key`; and what else is said.

    Raises UserError unless each may be changed.
    """
    found = await asked.read(store.of_chat, asked.chat.key)
    if not found:
        raise UserError("subscription.none")
    key, _, rest = asked.argument.partition(" ")
    if not key.startswith("#"):
        rest = asked.argument
    elif one := meant(key, found, asked.parse):
        found = [one]
    else:
        raise UserError("subscription.unknown", typed=key)
    asked.must_be_own(*found)
    return found, rest


def _date(typed: str, today: date) -> date | None:
    match = _DATE.fullmatch(typed)
    if match is None:
        return None
    year = int(match["year"] or today.year)
    try:
        until = date(year, int(match["month"]), int(match["day"]))
        is_next_year = not match["year"] and until <= today
        return until.replace(year=year + 1) if is_next_year else until
    except ValueError:
        return None


def _wake(tx: Tx, asked: Asked, awake: Sequence[Subscription]) -> None:
    chats.park(tx, asked.chat.key, None)
    _store(tx, awake)


def _store(tx: Tx, changed: Sequence[Subscription]) -> None:
    for subscription in changed:
        store.update(tx, subscription)
