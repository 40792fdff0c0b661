"""/subscribe: store a topic with its options, and show what it would have brought."""

from dataclasses import replace

from bot.commands.asked import Asked
from bot.commands.option_rules import split_options
from bot.commands.options import Options, applied, spelled, when_of
from bot.commands.request import Reply
from formatters.compose.replies.subscribing import Subscribed, Week, subscribed
from jobs import schedule
from jobs.digest import preview
from jobs.extractive import ENGINE
from jobs.topics import topic_categories
from storage import papers, subscriptions
from storage.database import Tx
from storage.errors import UserError
from storage.models import Chat, Subscription, SubscriptionKey, Topic


async def subscribe(asked: Asked) -> Reply:
    """Subscribe this chat, or change the options of a topic that it has."""
    text, options = split_options(asked.argument)
    if not text:
        raise UserError("subscribe.no_topic")
    topic = asked.parse(text)
    chat, kept, before = await asked.change(_keep, asked, topic, options)
    found = await preview(asked.context.desk, topic)
    said = Subscribed(
        name=asked.context.desk.topic_name(topic, chat.lang),
        chat=chat,
        subscription=kept,
        categories=topic_categories(topic.node) if topic.default_categories else (),
        english=topic.english,
        week=Week(found.days_known, found.days_total, found.matched, found.per_day, found.samples),
        reaches=schedule.reaches(kept.when.tz, asked.now),
        updated=before is not None,
        in_original=all(engine.name == ENGINE for engine in asked.context.desk.engines),
        undo=_undo(kept, before),
    )
    return asked.to_chat(subscribed(said, asked.frame))


def due_next(subscription: Subscription, asked: Asked) -> Subscription:
    """The subscription, due as its hour and its pause have it."""
    until = subscription.paused_until
    if until is not None and until == until.max:
        return replace(subscription, next_due=None)
    due = schedule.next_due(subscription.when, asked.now, not_before=until)
    return replace(subscription, next_due=due)


def _keep(
    tx: Tx, asked: Asked, topic: Topic, options: Options
) -> tuple[Chat, Subscription, Subscription | None]:
    """The chat, the subscription as it is now, and as it was before if there was one."""
    chat = asked.ensure_chat(tx)
    of_topic = (s for s in subscriptions.of_chat(tx, chat.key) if s.topic == topic.text)
    before = next(of_topic, None)
    if before is None:
        new = draft(asked, chat, topic, options, since=papers.last_seq(tx))
        return chat, subscriptions.add(tx, new), None
    changed = applied(options, before)
    if changed.when != before.when:
        changed = due_next(changed, asked)
    subscriptions.update(tx, changed)
    return chat, changed, before


def draft(asked: Asked, chat: Chat, topic: Topic, options: Options, *, since: int) -> Subscription:
    """A subscription that is not stored."""
    plain = Subscription(
        key=SubscriptionKey(0),
        chat=chat.key,
        topic=topic.text,
        when=when_of(Options(), chat.tz),
        lang=None,
        limit=None,
        split=False,
        replacements=False,
        since=since,
        paused_until=None,
        next_due=None,
        created=asked.now,
    )
    return due_next(applied(options, plain), asked)


def _undo(kept: Subscription, before: Subscription | None) -> str:
    """The command that takes back what this one did, whenever it is tapped."""
    if before is None:
        return f"/unsubscribe #{kept.key}"
    return f"/subscribe {before.topic} {spelled(before)}"
