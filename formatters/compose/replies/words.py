"""Words and small blocks that many answers share: hours, days, zones, one-line paragraphs."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from formatters.catalogue import say, texts
from formatters.compose.cards import Frame
from formatters.compose.digest import day_name
from formatters.document import Button, Inline, Span, Style, Text, plain
from formatters.text import byline, readable, truncate
from storage.models import Chat, Lang, Paper, Slot, When

WEEKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def line(key: str, lang: Lang, **values: object) -> Text:
    """A paragraph of one text."""
    return Text(plain(say(key, lang, **values)))


def faint(key: str, lang: Lang, **values: object) -> Text:
    """A remark beside what matters."""
    return Text((Span(say(key, lang, **values), Style.FAINT),))


def button(name: str, command: str, lang: Lang, *, turns: bool = False, **values: object) -> Button:
    """A button labelled by the catalogue's `button.NAME`."""
    return Button(say(f"button.{name}", lang, **values), command, turns)


def to_list(lang: Lang) -> Button:
    """The way to the list of subscriptions, in place of what was shown of one."""
    return button("subscriptions", "/subscriptions", lang, turns=True)


def joined(items: Iterable[str], lang: Lang) -> str:
    """Items as a list within a sentence."""
    return say("digest.comma", lang).join(items)


def cause_text(cause: str, lang: Lang) -> str:
    """What a cause means; one that no text is known for is arXiv being out of reach."""
    key = f"cause.{cause}"
    return say(key if key in texts() else "cause.unreachable", lang)


def hour_words(when: When, chat: Chat, lang: Lang) -> str:
    """When a subscription's digest comes, as a phrase."""
    zone = zone_name(when.tz, lang)
    if when.at is None:
        return say(
            "hour.fresh",
            lang,
            days=days_words(when.days, lang),
            opens=_clock(chat.window_opens),
            closes=_clock(chat.window_closes),
            zone=zone,
        )
    if when.slot is Slot.WEEKLY:
        day = say(f"weekday.d{when.days[0]}", lang)
        return say("hour.weekly", lang, day=day, time=_clock(when.at), zone=zone)
    days = days_words(when.days, lang)
    return say("hour.daily", lang, days=days, time=_clock(when.at), zone=zone)


def days_words(days: Sequence[int], lang: Lang) -> str:
    """Weekdays as a phrase."""
    named = {EVERY_DAY: "every_day", WEEKDAYS: "weekdays", WEEKEND: "weekend"}.get(tuple(days))
    if named is not None:
        return say(f"days.{named}", lang)
    return joined((say(f"weekday.d{day}", lang) for day in days), lang)


def zone_name(tz: str, lang: Lang) -> str:
    """A zone as people call it: POSIX's `Etc/GMT-8` means UTC+8."""
    if tz == "Asia/Shanghai":
        return say("zone.shanghai", lang)
    offset = tz.removeprefix("Etc/GMT")
    if offset != tz and offset[:1] in ("+", "-"):
        return f"UTC{'-' if offset[0] == '+' else '+'}{offset[1:]}"
    return "UTC" if tz == "Etc/UTC" else tz


def moment_words(moment: datetime, tz: str, lang: Lang) -> str:
    """A moment by the chat's own clock."""
    local = moment.astimezone(ZoneInfo(tz))
    return say("hour.moment", lang, date=day_name(local.date(), lang), time=_clock(local.time()))


def date_words(day: date, lang: Lang) -> str:
    """A date as it is said."""
    return day_name(day, lang)


def paper_line(paper: Paper, frame: Frame) -> Inline:
    """A paper on one line: linked title, first authors, id."""
    people = byline(paper.authors, frame.lang, 2)
    after = " · ".join(part for part in (people, f"arXiv:{paper.id}") if part)
    return (title_link(paper, frame), Span(f" · {after}", Style.FAINT))


def title_link(paper: Paper, frame: Frame, limit: int | None = None) -> Span:
    """A paper's title, linked; cut to `limit` characters where that is given."""
    title = readable(paper.title)
    shown = title if limit is None else truncate(title, limit)
    return Span(shown, href=f"{frame.site}/abs/{paper.id}")


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
