"""Time zones as people name them: IANA names, cities, abbreviations, offsets.

Reads the zone data's list of names once. Which zone is meant is decided here, never guessed:
an ambiguous name is an error that offers the candidates.
"""

import difflib
import re
from functools import cache
from zoneinfo import available_timezones

from storage.errors import UserError

# fmt: off
_CITIES = {
    "Asia/Shanghai": (
        "北京", "上海", "深圳", "广州", "杭州", "南京", "武汉", "成都", "西安", "合肥", "天津",
        "重庆", "哈尔滨", "中国", "beijing", "shenzhen", "guangzhou", "hangzhou",
        "nanjing", "wuhan", "chengdu", "hefei", "tianjin", "china", "beijing time", "bjt", "prc",
    ),
    "Asia/Hong_Kong": ("香港", "hongkong", "hkt"),
    "Asia/Macau": ("澳门",),
    "Asia/Taipei": ("台北",),
    "Asia/Singapore": ("新加坡", "sgt"),
    "Asia/Tokyo": ("东京", "日本", "大阪", "京都", "osaka", "kyoto", "japan", "jst"),
    "Asia/Seoul": ("首尔", "韩国", "korea", "daejeon", "kst"),
    "Asia/Kolkata": ("德里", "孟买", "班加罗尔", "印度", "delhi", "new delhi", "mumbai",
                     "bangalore", "bengaluru", "hyderabad", "chennai", "india"),
    "Europe/Istanbul": ("伊斯坦布尔", "istanbul", "turkey"),
    "Asia/Nicosia": ("nicosia",),
    "Asia/Dubai": ("迪拜", "abu dhabi"),
    "Asia/Jerusalem": ("耶路撒冷", "haifa"),
    "Europe/London": ("伦敦", "英国", "cambridge", "oxford", "edinburgh", "uk", "england"),
    "Europe/Paris": ("巴黎", "法国", "grenoble", "france"),
    "Europe/Berlin": ("柏林", "慕尼黑", "德国", "munich", "hamburg", "germany"),
    "Europe/Zurich": ("苏黎世", "瑞士", "lausanne", "geneva", "switzerland"),
    "Europe/Amsterdam": ("阿姆斯特丹", "荷兰", "netherlands"),
    "Europe/Moscow": ("莫斯科", "msk"),
    "America/New_York": ("纽约", "波士顿", "匹兹堡", "美东", "boston", "pittsburgh",
                         "princeton", "washington dc", "us eastern", "eastern", "edt", "est"),
    "America/Chicago": ("芝加哥", "美中", "austin", "houston", "us central", "central", "cdt"),
    "America/Denver": ("丹佛", "us mountain", "mdt", "mst"),
    "America/Los_Angeles": ("洛杉矶", "旧金山", "硅谷", "西雅图", "美西", "seattle",
                            "san francisco", "stanford", "berkeley", "us pacific", "pacific",
                            "pdt", "pst"),
    "America/Toronto": ("多伦多", "滑铁卢", "waterloo"),
    "America/Montreal": ("蒙特利尔",),
    "America/Vancouver": ("温哥华",),
    "Australia/Sydney": ("悉尼", "canberra"),
    "Australia/Melbourne": ("墨尔本",),
}
# fmt: on
"""Places that the zone data has no entry for, Chinese names, and what abbreviations mean."""

CHINESE_PLACES = tuple(name for names in _CITIES.values() for name in names if not name.isascii())
"""What may stand before 时间: 北京时间, 美东时间."""

_AMBIGUOUS = {
    "cst": ("Asia/Shanghai", "America/Chicago"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
}
_NO_ZONES = frozenset({"Factory", "localtime"})
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(00|30|45))?", re.IGNORECASE)
_HALF_HOURS = {
    "+03:30": "Asia/Tehran",
    "+04:30": "Asia/Kabul",
    "+05:30": "Asia/Kolkata",
    "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon",
    "+08:45": "Australia/Eucla",
    "+09:30": "Australia/Darwin",
    "-09:30": "Pacific/Marquesas",
}
"""Zones with such an offset all year round."""
_WESTMOST, _EASTMOST = -12, 14
_MOST_NEAR = 3


def read_zone(text: str) -> str:
    """The IANA name of what `text` names.

    Raises UserError `zone.unknown`, `zone.near` (with the places `near`) or `zone.ambiguous`.
    """
    typed = " ".join(text.split()).removesuffix("时间")
    wanted = _folded(typed)
    offset = _OFFSET.fullmatch(typed)
    if offset:
        return _from_offset(typed, *offset.groups())
    candidates = _named().get(wanted, ())
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise UserError("zone.ambiguous", typed=typed, near=", ".join(candidates))
    close = difflib.get_close_matches(wanted, _named(), n=_MOST_NEAR)
    near = dict.fromkeys(zone for name in close for zone in _named()[name])
    if near:
        raise UserError("zone.near", typed=typed, near=", ".join(list(near)[:_MOST_NEAR]))
    raise UserError("zone.unknown", typed=typed)


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """Folded name → zones: whole names, then cities, then our own words for places."""
    whole = {_folded(zone): (zone,) for zone in sorted(available_timezones() - _NO_ZONES)}
    cities: dict[str, tuple[str, ...]] = {}
    for (zone,) in whole.values():
        area, slash, _ = zone.partition("/")
        if slash and area not in ("Etc", "SystemV", "US"):
            city = _folded(zone.rpartition("/")[2])
            cities[city] = (*cities.get(city, ()), zone)
    places = {name: (zone,) for zone, names in _CITIES.items() for name in names}
    return (
        {city: _oldest_first(zones) for city, zones in cities.items()} | whole | places | _AMBIGUOUS
    )


def _oldest_first(zones: tuple[str, ...]) -> tuple[str, ...]:
    """`America/Argentina/Buenos_Aires` is what `America/Buenos_Aires` links to: take that."""
    areas = {zone.partition("/")[0] for zone in zones}
    return (max(zones, key=len),) if len(areas) == 1 else zones


def _folded(name: str) -> str:
    return name.replace("_", " ").casefold()


def _from_offset(typed: str, sign: str, hours: str, minutes: str | None) -> str:
    if minutes not in (None, "00"):
        found = _HALF_HOURS.get(f"{sign}{int(hours):02}:{minutes}")
        if found is None:
            raise UserError("zone.unknown", typed=typed)
        return found
    offset = int(sign + hours)
    if not _WESTMOST <= offset <= _EASTMOST:
        raise UserError("zone.unknown", typed=typed)
    # POSIX counts westwards: Etc/GMT-8 is eight hours ahead of UTC.
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/UTC"
