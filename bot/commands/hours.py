"""Times of day and weekdays as people write them, in both languages. Pure.

Patterns are for the caller to anchor; what they match may still be no real time or day,
which the readers tell with a UserError.
"""

import re
from datetime import time

from storage.errors import UserError

WEEKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)

DAY_PART = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|早|晚"
CHINESE_TIME = (
    rf"(?:{DAY_PART})?\s*(?:[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})\s*[点點时時]"
    r"(?:整|半|一刻|三刻|[0-9]{1,2}分?)?"
)
CLOCK_TIME = rf"(?:{DAY_PART})?\s*[0-9]{{1,2}}:[0-9]{{2}}(?:\s*[ap]\.?m\b\.?)?"
HOUR_TIME = r"[0-9]{1,2}\s*[ap]\.?m\b\.?"
TIME = f"(?:{CHINESE_TIME}|{CLOCK_TIME}|{HOUR_TIME})"

_TIME = re.compile(
    rf"""(?P<part>{DAY_PART})?\s*
    (?P<hour>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})\s*
    (?:[:点點时時]\s*(?P<minute>[0-9]{{1,2}}|整|半|一刻|三刻)?分?)?\s*
    (?:(?P<half>[ap])\.?m\.?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_MINUTES = {"整": 0, "半": 30, "一刻": 15, "三刻": 45}
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_AFTERNOON = ("中午", "下午", "傍晚", "晚上", "晚间", "晚")
_NIGHT = ("凌晨", "晚上", "晚间", "晚")
_NO_HOUR = 99
_NOON = 12
_MIDDAY_BEGINS = 11

SHORT_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_NAMES = {1: ("tues",), 3: ("thur", "thurs")}
_GROUPS = {
    "weekdays": WEEKDAYS, "weekday": WEEKDAYS, "workdays": WEEKDAYS,
    "weekends": WEEKEND, "weekend": WEEKEND,
    "daily": EVERY_DAY, "all": EVERY_DAY, "everyday": EVERY_DAY,
}  # fmt: skip
_CHINESE_DAYS = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6, "末": 5}


def read_time(text: str) -> time:
    """`8:30`, `8am`, `20:15`, `8点半`, `晚上八点`. Raises UserError `time.bad`."""
    found = _TIME.fullmatch(text.strip())
    if found is None or found.group() == found["hour"]:
        raise UserError("time.bad", typed=text)
    hour = _on_24_hours(_number(found["hour"]), found["part"], found["half"])
    minute = _MINUTES.get(found["minute"] or "整")
    try:
        return time(hour, int(found["minute"]) if minute is None else minute)
    except ValueError as error:
        raise UserError("time.bad", typed=text) from error


def read_days(text: str) -> tuple[int, ...]:
    """`mon,wed,fri`, `mon-fri`, `weekdays`; Monday is 0. Raises UserError `days.bad`."""
    days: set[int] = set()
    for item in text.casefold().split(","):
        first, dash, last = item.strip().partition("-")
        if not dash and first in _GROUPS:
            days.update(_GROUPS[first])
            continue
        start, end = _weekday(first, text), _weekday(last or first, text)
        days.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return tuple(sorted(days))


def read_chinese_days(text: str) -> tuple[int, ...]:
    """The days of `周一`, `星期一三五`, `周一、周三`, `周一至周五`."""
    plain = re.sub(r"每|个|周(?!末)|星期(?!末)|礼拜(?!末)|[、,和及]", "", text)
    through = re.fullmatch("(.)[至到~-](.)", plain)
    if through:
        start, end = (_CHINESE_DAYS[day] for day in through.groups())
        return tuple(sorted((start + n) % 7 for n in range((end - start) % 7 + 1)))
    return tuple(sorted({_CHINESE_DAYS[day] for day in plain}))


def is_day(word: str) -> bool:
    """Whether an English word names a weekday or a group of them."""
    folded = word.casefold()
    return folded in _GROUPS or any(folded in _spellings(day) for day in range(7))


def _weekday(name: str, whole: str) -> int:
    for day in range(7):
        if name in _spellings(day):
            return day
    raise UserError("days.bad", typed=whole)


def _spellings(day: int) -> tuple[str, ...]:
    full = _FULL_NAMES[day]
    return (SHORT_NAMES[day], full, f"{full}s", *_OTHER_NAMES.get(day, ()))


def _number(text: str) -> int:
    """A number below a hundred, in digits or in Chinese: 八, 十二, 二十一."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, _NO_HOUR)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _on_24_hours(hour: int, part: str | None, half: str | None) -> int:
    """The hour as a clock of 24 hours shows it; none where the words contradict the number."""
    if half:
        if not 1 <= hour <= _NOON:
            return _NO_HOUR
        return hour % _NOON + (_NOON if half.casefold() == "p" else 0)
    if part in _NIGHT and hour == _NOON:
        return 0
    if part in _AFTERNOON and hour < _NOON and not (part == "中午" and hour >= _MIDDAY_BEGINS):
        return hour + _NOON
    return hour
