"""/subscribe: store a topic with its options, and show what it would have brought."""

from dataclasses import replace

from bot.commands.asked import Asked
from bot.commands.guiding import ask_topic
from bot.commands.option_rules import split_options
from bot.commands.options import Options, applied, spelled, when_of
from bot.commands.request import Reply
from formatters.compose.replies import subscribing as said
from jobs import schedule
from jobs.digest import preview
from jobs.extractive import ENGINE
from jobs.topics import topic_categories
from storage import papers, subscriptions
from storage.database import Tx
from storage.models import Chat, ChatKey, Subscription, SubscriptionKey, Topic


async def subscribe(asked: Asked) -> Reply:
    """Subscribe this chat, or change the options of a topic that it has; ask for one if none."""
    text, options = split_options(asked.argument)
    if not text:
        return ask_topic(asked, asked.argument)
    topic = asked.parse(text)
    chat, kept, before = await asked.change(_keep, asked, topic, options)
    made = await described(asked, topic, chat, kept)
    return asked.to_chat(
        said.subscribed(
            made, updated=before is not None, undo=_undo(kept, before), frame=asked.frame
        )
    )


async def described(
    asked: Asked, topic: Topic, chat: Chat, subscription: Subscription
) -> said.Described:
    """A subscription with last week's papers of its topic, and when new ones come."""
    desk = asked.context.desk
    found = await preview(desk, topic)
    return said.Described(
        name=desk.topic_name(topic, chat.lang),
        chat=chat,
        subscription=subscription,
        categories=topic_categories(topic.node) if topic.default_categories else (),
        english=topic.english,
        week=said.Week(
            found.days_known, found.days_total, found.matched, found.per_day, found.samples
        ),
        reaches=schedule.reaches(subscription.when.tz, asked.now),
        in_original=all(engine.name == ENGINE for engine in desk.engines),
    )


def of_topic(tx: Tx, chat: ChatKey, topic: Topic) -> Subscription | None:
    """The chat's subscription to this topic."""
    return next((s for s in subscriptions.of_chat(tx, chat) if s.topic == topic.text), None)


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
    before = of_topic(tx, chat.key, topic)
    if before is None:
        new = draft(asked, chat, topic, options, since=papers.last_seq(tx))
        return chat, subscriptions.add(tx, new), None
    asked.must_be_own(before)
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
        maker=asked.request.person,
    )
    return due_next(applied(options, plain), asked)


def _undo(kept: Subscription, before: Subscription | None) -> str:
    """The command that takes back what this one did, whenever it is tapped."""
    if before is None:
        return f"/unsubscribe #{kept.key}"
    return f"/subscribe {before.topic} {spelled(before)}"
