"""The options of a subscribing line, found from its end backwards.

What no option takes, from the end on, is the topic: so a topic may have words like `at`, and
one that ends like an option can be quoted. Pure; what the options mean is
`bot.commands.options`' subject.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.commands import hours
from bot.commands.options import Off, Options, read_count, read_lang
from bot.commands.zones import CHINESE_PLACES, read_zone
from storage.errors import UserError

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
        rf"{_START}at\s+(?P<time>[0-9][^\s\")]*)",
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
    _rule(rf"{_START}lang\s+(?P<lang>[^\s\")]+)", _said_lang),
    _rule(rf"{_GLUED}(?:用|语言\s*)?(?P<lang>中文|英文)", _said_lang),
    _rule(rf"{_START}max\s+(?P<count>-?[0-9]+|off)", _said_count),
    _rule(rf"{_GLUED}最多\s*(?P<count>[0-9]+)\s*篇?", _said_count),
    _rule(rf"{_GLUED}不限篇数", lambda _: {"limit": Off.OFF}),
    _rule(rf"{_START}split(?:\s+(?P<off>on|off))?", _switch("split")),
    _rule(rf"{_GLUED}单独推送(?P<off>开|关)?", _switch("split")),
    _rule(rf"{_START}replacements(?:\s+(?P<off>on|off))?", _switch("replacements")),
    _rule(rf"{_GLUED}(?P<off>不)?含更新", _switch("replacements")),
    _rule(rf"{_START}public(?:\s+(?P<off>on|off))?", _switch("public")),
    _rule(rf"{_GLUED}(?P<off>不)?公开", _switch("public")),
    # Last, for it takes all words up to the end as the zone's name.
    _rule(
        rf"{_START}(?:tz|时区)\s+(?P<zone>(?:(?!\stz\s)[^\"])+)",
        lambda match: {"tz": read_zone(match["zone"])},
    ),
)
