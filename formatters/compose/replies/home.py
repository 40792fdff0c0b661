"""A person's own page: what they subscribed, what they saved, how the last morning went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.replies.status import ago
from formatters.compose.replies.words import (
    button,
    cause_text,
    date_words,
    faint,
    hour_words,
    line,
    paper_line,
)
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Heading,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.text import truncate
from storage.models import Chat, Lang, OutOfReach, Paper, Run, RunState, Subscription

MOST_SUBSCRIPTIONS = 20
MOST_PAPERS = 10
LONGEST_TOPIC = 120
ABOUT = " to "
"""Stands in each button's command before the address of the chat that it is about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One subscription."""

    name: str
    chat: Chat
    subscription: Subscription
    place: str
    """What the chat is called; empty: it is the person's own."""
    paused: bool


@dataclass(frozen=True, slots=True)
class Home:
    """All that is shown."""

    address: str
    """Of the person's own chat."""
    entries: Sequence[Entry]
    papers: Sequence[Paper]
    """Saved ones, the newest first."""
    saved: int
    """How many there are in all."""
    now: datetime
    last_run: Run | None
    last_fresh: Run | None


@dataclass(frozen=True, slots=True)
class Done:
    """What was just answered to a button of the page."""

    document: Document
    address: str
    """Of the chat that it was about."""
    failed: bool
    """All of it is to be read, not only that it is done."""


def home(shown: Home, done: Done | None, frame: Frame) -> Document:
    """The page, in the language of the person's own chat."""
    lang = frame.lang
    return Document(
        (
            *(_told(done) if done else ()),
            Title(plain(say("home.title", lang))),
            *_subscriptions(shown, lang),
            *_saved(shown, frame),
            Heading(plain(say("home.morning", lang))),
            *_morning(shown, lang),
        )
    )


def closed(lang: Lang) -> Document:
    """The page of who is not let in."""
    return Document((line("home.closed", lang),))


def _told(done: Done) -> Iterator[Block]:
    """What was wrong, or what was done and can be taken back; all else the page itself shows."""
    texts = [block for block in done.document.blocks if isinstance(block, Title | Text)]
    rows = [block.buttons for block in done.document.blocks if isinstance(block, Buttons)]
    undo = {say("button.undo", lang) for lang in Lang}  # the chat's may be another one
    back = tuple(_about(tap, done.address) for row in rows for tap in row if tap.label in undo)
    if done.failed:
        yield from texts
    elif back:
        yield from texts[:1]
        yield Buttons(back)


def _subscriptions(shown: Home, lang: Lang) -> Iterator[Block]:
    if not shown.entries:
        yield line("home.none", lang)
    for entry in shown.entries[:MOST_SUBSCRIPTIONS]:
        yield from _entry(entry, lang)
    hidden = len(shown.entries) - MOST_SUBSCRIPTIONS
    if hidden > 0:
        yield faint("home.hidden", lang, n=hidden)
    yield Buttons((_about(button("subscribe", "/subscribe", lang), shown.address),))


def _entry(entry: Entry, lang: Lang) -> Iterator[Block]:
    place = entry.place or say("home.own", lang)
    when = hour_words(entry.subscription.when, entry.chat, lang)
    told = (say("home.where", lang, place=place, when=when), *_rests(entry, lang))
    name = Span(truncate(entry.name, LONGEST_TOPIC), Style.STRONG)
    yield Text((name, *(Span(f"\n{each}") for each in told)))
    key = entry.subscription.key
    rests = entry.paused or entry.chat.parked is not None
    change = (
        button("resume", f"/resume #{key}", lang)
        if rests
        else button("pause", f"/pause #{key} 7d", lang)
    )
    delete = button("delete", f"/unsubscribe #{key}", lang)
    yield Buttons(tuple(_about(b, entry.chat.address) for b in (change, delete)))


def _rests(entry: Entry, lang: Lang) -> Iterator[str]:
    """Why nothing comes."""
    if entry.chat.parked is not None:
        yield say("home.parked", lang, why=_why(entry.chat.parked, lang))
    until = entry.subscription.paused_until
    if not entry.paused or until is None:
        return
    if until == date.max:
        yield say("home.paused", lang)
    else:
        yield say("home.paused_until", lang, date=date_words(until, lang))


def _why(reason: str, lang: Lang) -> str:
    """Why a chat is parked: a cause of ours, or the platform's own words."""
    return say(f"parking.why_{reason}", lang) if reason in set(OutOfReach) else reason


def _saved(shown: Home, frame: Frame) -> Iterator[Block]:
    if not shown.papers:
        return
    lang = frame.lang
    yield Heading(plain(say("shelf.title", lang, n=shown.saved)))
    for paper in shown.papers:
        yield Text(paper_line(paper, frame))
        unsave = button("unsave", f"/unsave {paper.id}", lang)
        yield Buttons((_about(unsave, shown.address),))
    if shown.saved > len(shown.papers):
        yield faint("home.saved_more", lang, n=shown.saved - len(shown.papers))


def _morning(shown: Home, lang: Lang) -> Iterator[Block]:
    fresh, run = shown.last_fresh, shown.last_run
    if fresh is not None and fresh.day is not None:
        yield line(
            "status.newest_value",
            lang,
            date=date_words(fresh.day, lang),
            n=fresh.announced,
            ago=ago(shown.now - fresh.finished, lang),
        )
    if run is None or run.state is not RunState.FRESH:
        yield Text(plain(cause_text(run.cause if run else "never", lang)))


def _about(tap: Button, address: str) -> Button:
    return Button(tap.label, f"{tap.command}{ABOUT}{address}")
