"""What /subscribe answers: what was stored, when it comes, and what it would have brought."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.replies.words import (
    button,
    faint,
    hour_words,
    joined,
    line,
    title_link,
    zone_name,
)
from formatters.document import (
    Block,
    Bullets,
    Buttons,
    Document,
    Facts,
    Inline,
    Text,
    Title,
    plain,
)
from storage.models import Chat, Lang, Paper, Subscription

RARELY = 0.95
"""Below this many papers a day it is said that there is less than one."""


@dataclass(frozen=True, slots=True)
class Week:
    """What a topic matched on the last announcement days."""

    days_known: int
    days_total: int
    matched: int
    per_day: float
    samples: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription just made or changed."""

    name: str
    chat: Chat
    subscription: Subscription
    categories: tuple[str, ...]
    """The configured ones, where the topic names none."""
    english: str | None
    """What glossary words were turned into."""
    week: Week
    reaches: tuple[time, time]
    """Local times at which a day's papers usually come: announced, and in the feed."""
    updated: bool
    in_original: bool
    """No model is configured: summaries stay in the papers' language."""
    undo: str
    """The command that takes it back."""


def subscribed(made: Subscribed, frame: Frame) -> Document:
    """The answer to a subscribing line."""
    lang = frame.lang
    spoken = replace(made.subscription, lang=made.subscription.lang or made.chat.lang)
    title = "subscribe.updated" if made.updated else "subscribe.title"
    blocks: list[Block] = [
        Title(plain(say(title, lang, name=made.name))),
        Facts(tuple(option_facts(spoken, made.chat, lang))),
        preview(made.week, lang),
    ]
    if made.week.samples:
        links: tuple[Inline, ...] = tuple((title_link(p, frame),) for p in made.week.samples)
        blocks.append(Bullets(links))
    blocks.extend(_remarks(made, lang))
    key = made.subscription.key
    buttons = (
        button("undo", made.undo, lang),
        button("send_now", f"/digest #{key}", lang),
        button("subscriptions", "/subscriptions", lang),
    )
    return Document((*blocks, Buttons(buttons)))


def option_facts(
    subscription: Subscription, chat: Chat, lang: Lang
) -> Iterator[tuple[str, Inline]]:
    """A subscription's hour, and each option that is not the usual."""
    yield say("option.when", lang), plain(hour_words(subscription.when, chat, lang))
    if subscription.lang is not None:
        yield say("option.lang", lang), plain(say(f"lang.{subscription.lang}", lang))
    if subscription.limit is not None:
        yield say("option.limit", lang), plain(say("option.papers", lang, n=subscription.limit))
    for name in ("split", "replacements"):
        if getattr(subscription, name):
            yield say(f"option.{name}", lang), plain(say("option.on", lang))


def preview(week: Week, lang: Lang) -> Text:
    """How many papers the topic matched in the last week, and how many a day that makes."""
    whole = week.days_known >= week.days_total
    days = {"known": week.days_known, "total": week.days_total}
    if not week.matched:
        return line("preview.none" if whole else "preview.none_yet", lang, **days)
    key = "preview.matches" if whole else "preview.partly"
    return line(key, lang, n=week.matched, rate=_rate(week.per_day, lang), **days)


def _rate(per_day: float, lang: Lang) -> str:
    if per_day < RARELY:
        return say("preview.rate_low", lang)
    return say("preview.rate", lang, papers=round(per_day))


def _remarks(made: Subscribed, lang: Lang) -> Iterator[Text]:
    first, last = (at.strftime("%H:%M") for at in made.reaches)
    zone = zone_name(made.subscription.when.tz, lang)
    yield faint("subscribe.reaches", lang, zone=zone, first=first, last=last)
    if made.english is not None:
        yield faint("search.in_english", lang, query=made.english)
    if made.categories:
        names = joined(made.categories, lang)
        yield faint("subscribe.default_categories", lang, categories=names)
    if made.in_original and (made.subscription.lang or lang) is Lang.ZH:
        yield faint("subscribe.in_original", lang)
