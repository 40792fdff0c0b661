"""What /settings answers: the chat's preferences, what may be changed, and what was."""

from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.words import button, faint, zone_name
from formatters.document import Block, Buttons, Document, Facts, Inline, Title, plain
from storage.models import Chat, Lang


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new zone did to the subscriptions."""

    moved: int
    """They had the chat's former zone and went along."""
    stayed: int
    """They have a zone of their own."""


def shown(chat: Chat, *, may_manage: bool) -> Document:
    """All preferences, and how to change one."""
    lang = chat.lang
    title = Title(plain(say("settings.title", lang)))
    facts = Facts(preferences(chat))
    if not may_manage:
        return Document((title, facts))
    return Document((title, facts, faint("settings.how", lang), _toggles(chat)))


def changed(chat: Chat, moved: Moved | None) -> Document:
    """The preferences after a change, and the subscriptions that went along with the zone."""
    lang = chat.lang
    blocks: list[Block] = [
        Title(plain(say("settings.changed", lang))),
        Facts(preferences(chat)),
    ]
    if moved is not None and moved.moved:
        zone = zone_name(chat.tz, lang)
        blocks.append(faint("settings.moved", lang, n=moved.moved, zone=zone))
    if moved is not None and moved.stayed:
        blocks.append(faint("settings.stayed", lang, n=moved.stayed))
    return Document((*blocks, _toggles(chat)))


def preferences(chat: Chat) -> tuple[tuple[str, Inline], ...]:
    """Each preference with its value."""
    lang = chat.lang
    window = f"{chat.window_opens:%H:%M}–{chat.window_closes:%H:%M}"
    empties = "settings.empty_on" if chat.notify_empty else "settings.empty_off"
    values = {
        "lang": say(f"lang.{lang}", lang),
        "tz": zone_name(chat.tz, lang),
        "length": say("option.papers", lang, n=chat.length),
        "notify_empty": say(empties, lang),
        "window": window,
    }
    if chat.platform.has_threads:
        values["thread"] = say("settings.thread_on" if chat.thread else "settings.thread_off", lang)
    return tuple((say(f"settings.{name}", lang), plain(value)) for name, value in values.items())


def _toggles(chat: Chat) -> Buttons:
    """What has only two values is changed by a tap."""
    lang = chat.lang
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    empties = "off" if chat.notify_empty else "on"
    toggles = [
        button(f"lang_{other}", f"/settings lang {other}", lang, turns=True),
        button(f"notify_{empties}", f"/settings notify-empty {empties}", lang, turns=True),
    ]
    if chat.platform.has_threads:
        thread = "off" if chat.thread else "on"
        toggles.append(button(f"thread_{thread}", f"/settings thread {thread}", lang, turns=True))
    return Buttons(tuple(toggles))
