"""What /subscribe and /offer answer: what is stored, when it comes, what it would have brought."""

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
    to_list,
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
class Described:
    """A subscription, stored or not, with all that is worth knowing before one relies on it."""

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
    in_original: bool
    """No model is configured: summaries stay in the papers' language."""


def subscribed(made: Described, *, updated: bool, undo: str, frame: Frame) -> Document:
    """The answer to a subscribing line; `undo` is the command that takes it back."""
    lang = frame.lang
    title = "subscribe.updated" if updated else "subscribe.title"
    buttons = (
        button("undo", undo, lang, turns=True),
        button("send_now", f"/digest #{made.subscription.key}", lang),
        to_list(lang),
    )
    return Document(
        (
            Title(plain(say(title, lang, name=made.name))),
            *_description(made, frame),
            Buttons(buttons),
        )
    )


def offered(draft: Described, said: str, *, updates: bool, frame: Frame) -> Document:
    """What would be stored, to be confirmed; `said` is how /subscribe takes it."""
    lang = frame.lang
    title = "offer.title_again" if updates else "offer.title"
    buttons = (
        button("subscribe", f"/subscribe {said}", lang, turns=True),
        button("start_over", "/choose", lang, turns=True),
    )
    return Document(
        (
            Title(plain(say(title, lang, name=draft.name))),
            *_description(draft, frame),
            Buttons(buttons),
        )
    )


def _description(made: Described, frame: Frame) -> Iterator[Block]:
    """Options, last week's papers, and remarks."""
    lang = frame.lang
    spoken = replace(made.subscription, lang=made.subscription.lang or made.chat.lang)
    yield Facts(tuple(option_facts(spoken, made.chat, lang)))
    yield preview(made.week, lang)
    if made.week.samples:
        links: tuple[Inline, ...] = tuple((title_link(p, frame),) for p in made.week.samples)
        yield Bullets(links)
    yield from _remarks(made, lang)


def option_facts(
    subscription: Subscription, chat: Chat, lang: Lang
) -> Iterator[tuple[str, Inline]]:
    """A subscription's hour, and each option that is not the usual."""
    yield say("option.when", lang), plain(hour_words(subscription.when, chat, lang))
    if subscription.lang is not None:
        yield say("option.lang", lang), plain(say(f"lang.{subscription.lang}", lang))
    if subscription.limit is not None:
        yield say("option.limit", lang), plain(say("option.papers", lang, n=subscription.limit))
    for name in ("split", "replacements", "public"):
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


def reaches_line(reaches: tuple[time, time], tz: str, lang: Lang) -> Text:
    """When a day's papers usually come, by the clocks of a zone."""
    first, last = (at.strftime("%H:%M") for at in reaches)
    return faint("subscribe.reaches", lang, zone=zone_name(tz, lang), first=first, last=last)


def _rate(per_day: float, lang: Lang) -> str:
    if per_day < RARELY:
        return say("preview.rate_low", lang)
    return say("preview.rate", lang, papers=round(per_day))


def _remarks(made: Described, lang: Lang) -> Iterator[Text]:
    yield reaches_line(made.reaches, made.subscription.when.tz, lang)
    if made.english is not None:
        yield faint("search.in_english", lang, query=made.english)
    if made.categories:
        names = joined(made.categories, lang)
        yield faint("subscribe.default_categories", lang, categories=names)
    if made.in_original and (made.subscription.lang or lang) is Lang.ZH:
        yield faint("subscribe.in_original", lang)
