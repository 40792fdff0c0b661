"""The options of a subscribing line: read from its end backwards, and written out again.

What no option takes, from the end on, is the topic: so a topic may have words like `at`, and
one that ends like an option can be quoted. Pure; the hour that the options make is decided
in `when_of`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from enum import Enum
from typing import Any

from bot.commands import hours
from bot.commands.zones import CHINESE_PLACES, read_zone
from storage.errors import UserError
from storage.models import Lang, Slot, Subscription, When

MOST_PAPERS = 50
WEEKLY_AT = time(8, 30)
"""When a weekly digest comes that was given no hour."""


class Off(Enum):
    """Takes an option back: the chat's own preference holds again."""

    OFF = "off"


@dataclass(frozen=True, slots=True)
class Options:
    """What a line says of a subscription beside its topic; None: not said."""

    at: time | None = None
    fresh: bool | None = None
    tz: str | None = None
    days: tuple[int, ...] | None = None
    weekly: bool | None = None
    lang: Lang | Off | None = None
    limit: int | Off | None = None
    split: bool | None = None
    replacements: bool | None = None


Read = dict[str, Any]
"""Fields of Options that one option sets; empty when the words are no option after all."""


def split_options(text: str) -> tuple[str, Options]:
    """The topic and the options of `TOPIC [options]`.

    Raises UserError for an option with a value that can't be, or one given twice.
    """
    found: Read = {}
    rest = text.strip()
    while True:
        shorter, read = _last_option(rest)
        if not read:
            return rest, Options(**found)
        twice = found.keys() & read.keys()
        if twice:
            raise UserError("option.twice", typed=rest[len(shorter) :].strip())
        found |= read
        rest = shorter


def when_of(options: Options, tz: str, before: When | None = None) -> When:
    """The hour that the options make of what was before: fresh, if there was nothing.

    Raises UserError `weekly.one_day` or `weekly.fresh`.
    """
    base = before or When(Slot.FRESH, tz)
    zone = options.tz or base.tz
    days = options.days or base.days
    if options.weekly or (base.slot is Slot.WEEKLY and not options.fresh and not options.days):
        return _weekly(options, base, zone)
    if options.fresh or (base.slot is Slot.FRESH and options.at is None):
        kept = days if options.days or base.slot is not Slot.WEEKLY else hours.EVERY_DAY
        return When(Slot.FRESH, zone, None, kept)
    return When(Slot.DAILY, zone, options.at or base.at, days)


def applied(options: Options, subscription: Subscription) -> Subscription:
    """The subscription with what the options say; what they don't say stays."""
    limit, lang = options.limit, options.lang
    said = {
        name: getattr(options, name)
        for name in ("split", "replacements")
        if getattr(options, name) is not None
    }
    return replace(
        subscription,
        when=when_of(options, subscription.when.tz, subscription.when),
        limit=subscription.limit if limit is None else None if limit is Off.OFF else limit,
        lang=subscription.lang if lang is None else None if lang is Off.OFF else lang,
        **said,
    )


def spelled(subscription: Subscription) -> str:
    """All options of a subscription as a line has them; `split_options` reads them back."""
    when = subscription.when
    parts = ["weekly" if when.slot is Slot.WEEKLY else ""]
    parts.append(f"at {when.at:%H:%M}" if when.at else "at fresh")
    parts.append(f"tz {when.tz}")
    parts.append(f"days {','.join(hours.SHORT_NAMES[day] for day in when.days)}")
    parts.append(f"lang {subscription.lang or 'off'}")
    parts.append(f"max {subscription.limit or 'off'}")
    parts.append(f"split {'on' if subscription.split else 'off'}")
    parts.append(f"replacements {'on' if subscription.replacements else 'off'}")
    return " ".join(part for part in parts if part)


def read_lang(text: str) -> Lang:
    """A language by its code or its name. Raises UserError `lang.bad`."""
    found = _LANGS.get(text.casefold())
    if found is None:
        raise UserError("lang.bad", typed=text)
    return found


def read_count(text: str) -> int:
    """A number of papers, from 1 to MOST_PAPERS. Raises UserError `count.bad`."""
    if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= MOST_PAPERS:  # noqa: PLR2004 -- no longer number is in range
        raise UserError("count.bad", typed=text, most=MOST_PAPERS)
    return int(text)


_LANGS = {
    "en": Lang.EN, "english": Lang.EN, "英文": Lang.EN, "英语": Lang.EN,
    "zh": Lang.ZH, "chinese": Lang.ZH, "中文": Lang.ZH, "汉语": Lang.ZH, "zh-cn": Lang.ZH,
}  # fmt: skip


def _weekly(options: Options, base: When, zone: str) -> When:
    if options.fresh:
        raise UserError("weekly.fresh")
    days = options.days or (base.days if base.slot is Slot.WEEKLY else (0,))
    if len(days) != 1:
        raise UserError("weekly.one_day")
    return When(Slot.WEEKLY, zone, options.at or base.at or WEEKLY_AT, days)


def _last_option(text: str) -> tuple[str, Read]:
    """What stands before the last option, and what that option says."""
    for pattern, read in _RULES:
        match = pattern.search(text)
        if match:
            said = read(match)
            if said:
                return text[: match.start()].rstrip(" ,;、。"), said
    return text, {}


def _said_days(match: re.Match[str]) -> Read:
    """`days ahead` is no option, `days mon,tueday` is a mistaken one."""
    words = re.split(r"[\s,-]+", match["days"])
    if not any(hours.is_day(word) for word in words):
        return {}
    return {"days": hours.read_days(re.sub(r"\s+", "", match["days"]))}


def _said_weekly(match: re.Match[str]) -> Read:
    if not match["day"]:
        return {"weekly": True}
    read = hours.read_days if match["day"].isascii() else hours.read_chinese_days
    return {"weekly": True, "days": read(match["day"])}


def _switch(name: str) -> Callable[[re.Match[str]], Read]:
    return lambda match: {name: (match["off"] or "on").casefold() in ("on", "开")}


def _said_count(match: re.Match[str]) -> Read:
    off = match["count"].casefold() == "off"
    return {"limit": Off.OFF if off else read_count(match["count"])}


def _said_lang(match: re.Match[str]) -> Read:
    off = match["lang"].casefold() == "off"
    return {"lang": Off.OFF if off else read_lang(match["lang"])}


def _rule(pattern: str, read: Callable[[re.Match[str]], Read]) -> tuple[re.Pattern[str], Any]:
    return re.compile(f"(?:{pattern})$", re.IGNORECASE), read


_START = r"(?:^|\s)"
_GLUED = r"(?:^|\s|(?<=[\u3400-\u9fff,、;]))"
"""Where a Chinese option begins: behind a space or another Chinese word."""
_WEEKDAY = "(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?:day|nesday|rday|urday)?s?"
_ZH_DAY = "(?:周|星期|礼拜)[一二三四五六日天]"
_ZH_DAYS = rf"{_ZH_DAY}(?:[、,和及至到~-]?(?:周|星期|礼拜)?[一二三四五六日天])*"

_RULES = (
    _rule(
        rf"(?:{_START}at\s+|{_GLUED})(?P<time>{hours.TIME})",
        lambda match: {"at": hours.read_time(match["time"]), "fresh": False},
    ),
    _rule(
        rf"{_START}at\s+(?P<time>[0-9]\S*)",
        lambda match: {"at": hours.read_time(match["time"]), "fresh": False},
    ),
    _rule(rf"{_START}at\s+fresh|{_GLUED}(?:公布即推|即时推送)", lambda _: {"fresh": True}),
    _rule(
        rf"{_GLUED}(?P<place>{'|'.join(CHINESE_PLACES)})时间",
        lambda match: {"tz": read_zone(match["place"])},
    ),
    _rule(rf"{_START}weekly(?:\s+(?:on\s+)?(?P<day>{_WEEKDAY}))?", _said_weekly),
    _rule(rf"{_GLUED}每个?(?P<day>{_ZH_DAY})|{_GLUED}每周", _said_weekly),
    _rule(rf"{_GLUED}每?个?工作日", lambda _: {"days": hours.WEEKDAYS}),
    _rule(rf"{_GLUED}每?个?周末", lambda _: {"days": hours.WEEKEND}),
    _rule(rf"{_GLUED}(?:每天|每日|天天)", lambda _: {"days": hours.EVERY_DAY}),
    _rule(
        rf"{_GLUED}每?个?(?P<days>{_ZH_DAYS})",
        lambda match: {"days": hours.read_chinese_days(match["days"])},
    ),
    _rule(rf"{_START}(?:(?:days|every)\s+(?P<days>[a-z]+(?:\s*[,-]\s*[a-z]+)*))", _said_days),
    _rule(
        rf"{_START}(?P<days>weekdays|weekends|daily)",
        lambda match: {"days": hours.read_days(match["days"].casefold())},
    ),
    _rule(rf"{_START}lang\s+(?P<lang>\S+)", _said_lang),
    _rule(rf"{_GLUED}(?:用|语言\s*)?(?P<lang>中文|英文)", _said_lang),
    _rule(rf"{_START}max\s+(?P<count>-?[0-9]+|off)", _said_count),
    _rule(rf"{_GLUED}最多\s*(?P<count>[0-9]+)\s*篇?", _said_count),
    _rule(rf"{_GLUED}不限篇数", lambda _: {"limit": Off.OFF}),
    _rule(rf"{_START}split(?:\s+(?P<off>on|off))?", _switch("split")),
    _rule(rf"{_GLUED}单独推送(?P<off>开|关)?", _switch("split")),
    _rule(rf"{_START}replacements(?:\s+(?P<off>on|off))?", _switch("replacements")),
    _rule(rf"{_GLUED}(?P<off>不)?含更新", _switch("replacements")),
    # Last, for it takes all words up to the end as the zone's name.
    _rule(
        rf"{_START}(?:tz|时区)\s+(?P<zone>(?:(?!\stz\s).)+)",
        lambda match: {"tz": read_zone(match["zone"])},
    ),
)
