"""/settings: the chat's preferences, shown and changed one at a time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time

from bot.commands.asked import Asked
from bot.commands.hours import read_time
from bot.commands.options import read_count, read_lang
from bot.commands.request import Reply
from bot.commands.subscribing import due_next
from bot.commands.zones import read_zone
from formatters.compose.replies import settings as said
from storage import chats, subscriptions
from storage.database import Tx
from storage.errors import UserError
from storage.models import Chat, Platform

_BETWEEN = re.compile(r"\s*(?:[-–—~至到]|\s)\s*")
_SWITCH = {"on": True, "yes": True, "开": True, "off": False, "no": False, "关": False}


async def settings(asked: Asked) -> Reply:
    """Show all preferences, or change the one that is named."""
    if not asked.argument:
        return asked.to_chat(said.shown(asked.chat, may_manage=await asked.request.may_manage()))
    if not await asked.request.may_manage():
        raise UserError("command.may_not_manage")
    name, _, value = asked.argument.partition(" ")
    change = _change(name, asked.chat.platform)
    if not value.strip():
        raise UserError("settings.no_value", typed=name)
    chat, moved = await asked.change(_store, asked, change, value.strip())
    return asked.to_chat(said.changed(chat, moved))


def _change(name: str, platform: Platform) -> Callable[[Chat, str], Chat]:
    """What sets the setting of this name. Raises UserError for one that is not there."""
    changes = {**_CHANGES, **_THREAD_CHANGES} if platform.has_threads else _CHANGES
    change = changes.get(name.casefold())
    if change is None:
        key = "settings.unknown_threaded" if platform.has_threads else "settings.unknown"
        raise UserError(key, typed=name[:40])
    return change


def read_window(text: str) -> tuple[time, time]:
    """`08:30-22:00`. Raises UserError `window.bad`."""
    ends = _BETWEEN.split(text)
    if len(ends) != 2:  # noqa: PLR2004 -- an opening and a closing time
        raise UserError("window.bad", typed=text)
    opens, closes = read_time(ends[0]), read_time(ends[1])
    if opens >= closes:
        raise UserError("window.bad", typed=text)
    return opens, closes


def _store(
    tx: Tx, asked: Asked, change: Callable[[Chat, str], Chat], value: str
) -> tuple[Chat, said.Moved | None]:
    before = asked.ensure_chat(tx)
    chat = change(before, value)
    chats.update(tx, chat)
    moved = _move(tx, asked, before, chat) if chat.tz != before.tz else None
    return chat, moved


def _move(tx: Tx, asked: Asked, before: Chat, chat: Chat) -> said.Moved:
    """A new zone takes along the subscriptions that had the old one: same hour, new clock."""
    moved = stayed = 0
    for subscription in subscriptions.of_chat(tx, chat.key):
        if subscription.when.tz == before.tz:
            when = replace(subscription.when, tz=chat.tz)
            subscriptions.update(tx, due_next(replace(subscription, when=when), asked))
            moved += 1
        elif subscription.when.tz != chat.tz:
            stayed += 1
    return said.Moved(moved, stayed)


def _set_window(chat: Chat, value: str) -> Chat:
    opens, closes = read_window(value)
    return replace(chat, window_opens=opens, window_closes=closes)


def _set_notify_empty(chat: Chat, value: str) -> Chat:
    return replace(chat, notify_empty=_switched(value, UserError("settings.switch", typed=value)))


def _set_thread(chat: Chat, value: str) -> Chat:
    return replace(chat, thread=_switched(value, UserError("settings.switch_thread", typed=value)))


def _switched(value: str, wrong: UserError) -> bool:
    """What a switch is set to. Raises what is wrong with a value that is neither on nor off."""
    switched = _SWITCH.get(value.casefold())
    if switched is None:
        raise wrong
    return switched


def _set_lang(chat: Chat, value: str) -> Chat:
    return replace(chat, lang=read_lang(value))


def _set_zone(chat: Chat, value: str) -> Chat:
    return replace(chat, tz=read_zone(value))


def _set_length(chat: Chat, value: str) -> Chat:
    return replace(chat, length=read_count(value.removesuffix("篇").strip()))


_CHANGES: Mapping[str, Callable[[Chat, str], Chat]] = {
    "lang": _set_lang, "language": _set_lang, "语言": _set_lang,
    "tz": _set_zone, "timezone": _set_zone, "时区": _set_zone,
    "length": _set_length, "max": _set_length, "篇数": _set_length,
    "notify-empty": _set_notify_empty, "空报": _set_notify_empty,
    "window": _set_window, "时段": _set_window,
}  # fmt: skip
_THREAD_CHANGES: Mapping[str, Callable[[Chat, str], Chat]] = {
    "thread": _set_thread, "threads": _set_thread,
    "消息列": _set_thread, "讨论串": _set_thread, "话题": _set_thread,
}  # fmt: skip
