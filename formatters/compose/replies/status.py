"""What /status answers: how fresh the papers are, how the last run and digest went, the queue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, Frame, engine_name
from formatters.compose.digest import counts_line, empty_line
from formatters.compose.replies.words import (
    cause_text,
    date_words,
    faint,
    joined,
    line,
    moment_words,
)
from formatters.document import Block, Document, Facts, Heading, Inline, Text, Title, plain
from storage.errors import UserError
from storage.models import Chat, Digest, Lang, Run


@dataclass(frozen=True, slots=True)
class Models:
    """What language models did today (UTC)."""

    calls: int
    failed: int
    tokens: int
    tokens_limit: int | None
    cost: float
    """Dollars."""
    cost_limit: float | None
    unpriced: int
    """Calls of which no price is known."""
    last: Sequence[tuple[datetime, str, str]]
    """The last calls: when, which model, and a catalogue key under `model.`; newest first."""

    @property
    def spent(self) -> bool:
        """Nothing is left of the day's budget."""
        tokens = self.tokens_limit is not None and self.tokens >= self.tokens_limit
        return tokens or (self.cost_limit is not None and self.cost >= self.cost_limit)


@dataclass(frozen=True, slots=True)
class ArchiveNews:
    """How the last update of the archive went."""

    at: datetime
    failed: UserError | None
    """Why it could not be written."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of the state of things."""

    now: datetime
    last_run: Run | None
    last_fresh: Run | None
    digest: Digest | None
    waiting: int
    """Parts in the outbox that are still to go."""
    unsure: int
    rejected: int
    parked_chats: int
    engines: Sequence[str]
    subscriptions: int
    models: Models | None = None
    """None where no model is set."""
    archive: ArchiveNews | None = None
    """None where there is none, or before the first update."""


def status(known: Status, chat: Chat, frame: Frame) -> Document:
    """Freshness, this chat's last digest, and the queue, in words."""
    lang = frame.lang
    blocks: list[Block] = [
        Title(plain(say("status.title", lang))),
        Facts(tuple(_freshness(known, chat, lang))),
    ]
    blocks.extend(_last_digest(known.digest, lang))
    blocks.append(Heading(plain(say("status.service", lang))))
    blocks.append(Facts((*_service(known, lang), *_archive(known.archive, chat, lang))))
    if known.models is not None:
        blocks.append(Heading(plain(say("status.models", lang))))
        blocks.append(Facts(tuple(_models(known.models, chat, lang))))
    if chat.parked is not None:
        blocks.append(line("status.parked_here", lang, reason=chat.parked))
    return Document(tuple(blocks))


def ago(span: timedelta, lang: Lang) -> str:
    """How long ago something was, roughly."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return say("ago.minutes", lang, n=minutes)
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 -- beyond two days hours say nothing
        return say("ago.hours", lang, n=hours)
    return say("ago.days", lang, n=hours // 24)


def _freshness(known: Status, chat: Chat, lang: Lang) -> Iterator[tuple[str, Inline]]:
    fresh, run = known.last_fresh, known.last_run
    if fresh is not None and fresh.day is not None:
        newest = say(
            "status.newest_value",
            lang,
            date=date_words(fresh.day, lang),
            n=fresh.announced,
            ago=ago(known.now - fresh.finished, lang),
        )
        yield say("status.newest", lang), plain(newest)
    if run is None:
        yield say("status.last_look", lang), plain(say("cause.never", lang))
        return
    when = moment_words(run.finished, chat.tz, lang)
    yield say("status.last_look", lang), plain(f"{when} · {say(f'run.{run.state}', lang)}")
    yield say("status.means", lang), plain(cause_text(run.cause, lang))
    if run.detail:
        yield say("status.detail", lang), plain(run.detail)


def _last_digest(digest: Digest | None, lang: Lang) -> Iterator[Block]:
    yield Heading(plain(say("status.digest", lang)))
    if digest is None:
        yield line("status.no_digest", lang)
        return
    yield Text(plain(f"{date_words(digest.local_date, lang)} · {counts_line(digest, lang)}"))
    if not digest.items:
        yield faint("status.why_empty", lang, why=empty_line(digest, lang))


def _service(known: Status, lang: Lang) -> Iterator[tuple[str, Inline]]:
    engines = (
        say("engine.built_in", lang) if e == BUILT_IN else engine_name(e) for e in known.engines
    )
    yield say("status.engine", lang), plain(joined(engines, lang))
    count = say("status.subscription_count", lang, n=known.subscriptions)
    yield say("status.subscriptions", lang), plain(count)
    waiting = say("status.waiting", lang, n=known.waiting)
    troubles = [
        say(f"status.{name}", lang, n=number)
        for name in ("unsure", "rejected", "parked_chats")
        if (number := getattr(known, name))
    ]
    yield say("status.queue", lang), plain(joined((waiting, *troubles), lang))


def _archive(news: ArchiveNews | None, chat: Chat, lang: Lang) -> Iterator[tuple[str, Inline]]:
    if news is None:
        return
    when = moment_words(news.at, chat.tz, lang)
    if news.failed is None:
        said = say("status.archive_written", lang, when=when)
    else:
        reason = say(news.failed.key, lang, **news.failed.values)
        said = say("status.archive_failed", lang, when=when, reason=reason)
    yield say("status.archive", lang), plain(said)


def _models(models: Models, chat: Chat, lang: Lang) -> Iterator[tuple[str, Inline]]:
    calls = [say("status.model_calls", lang, n=models.calls)]
    if models.failed:
        calls.append(say("status.model_failed", lang, n=models.failed))
    yield say("status.model_today", lang), plain(joined(calls, lang))
    tokens = f"{models.tokens:,}"
    if models.tokens_limit is not None:
        tokens += f" / {models.tokens_limit:,}"
    yield say("status.model_tokens", lang), plain(tokens)
    cost = f"${models.cost:.2f}"
    if models.cost_limit is not None:
        cost += f" / ${models.cost_limit:.2f}"
    if models.unpriced:
        cost = joined((cost, say("status.model_unpriced", lang, n=models.unpriced)), lang)
    yield say("status.model_cost", lang), plain(cost)
    if models.spent:
        yield say("status.model_budget", lang), plain(say("status.model_spent", lang))
    for when, model, outcome in models.last:
        said = f"{model}: {say(f'model.{outcome}', lang)}"
        yield moment_words(when, chat.tz, lang), plain(said)
