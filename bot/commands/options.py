"""The options of a subscription: what they may be, what they make of it, and as words again.

Pure. How they are found in a line is `bot.commands.option_rules`' subject.
"""

from dataclasses import dataclass, replace
from datetime import time
from enum import Enum

from bot.commands import hours
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
    public: bool | None = None


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
        for name in ("split", "replacements", "public")
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
    """All options of a subscription as a line has them; `option_rules` reads them back."""
    when = subscription.when
    parts = ["weekly" if when.slot is Slot.WEEKLY else ""]
    parts.append(f"at {when.at:%H:%M}" if when.at else "at fresh")
    parts.append(f"tz {when.tz}")
    parts.append(f"days {','.join(hours.SHORT_NAMES[day] for day in when.days)}")
    parts.append(f"lang {subscription.lang or 'off'}")
    parts.append(f"max {subscription.limit or 'off'}")
    parts.append(f"split {'on' if subscription.split else 'off'}")
    parts.append(f"replacements {'on' if subscription.replacements else 'off'}")
    parts.append(f"public {'on' if subscription.public else 'off'}")
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
