"""/choose and /offer: from nothing to a subscription that only needs a yes.

Nothing is stored before that; but the hour of a subscription that is there already is changed
as soon as it is chosen.
"""

from dataclasses import replace

from bot.commands.asked import Asked
from bot.commands.choosing import meant
from bot.commands.guiding import (
    Step,
    Wish,
    ask_hour,
    ask_lang,
    ask_topic,
    once_more,
    read_answer,
    read_wish,
)
from bot.commands.options import applied
from bot.commands.request import Reply
from bot.commands.subscribing import described, draft, of_topic, subscribe
from formatters.compose.replies.subscribing import offered
from storage import subscriptions
from storage.errors import UserError
from storage.models import Topic


async def choose(asked: Asked) -> Reply:
    """Ask for what was not said yet, the topic, the hour, the language; then offer it.

    A mistake in an answer is told, and the question asked again.
    """
    line = read_answer(asked.argument)
    try:
        return await _next_step(asked, line.whole)
    except UserError as error:
        if line.answer:
            return once_more(asked, error, await _next_step(asked, line.said))
        if _names_key(line.said):
            raise
        return once_more(asked, error, ask_topic(asked))


async def offer(asked: Asked) -> Reply:
    """What a subscription would be and what it would have brought, with a button that makes it."""
    wish = read_wish(asked.argument)
    if not wish.topic:
        return ask_topic(asked, wish.spoken)
    return await _offer(asked, wish, asked.parse(wish.topic))


async def _next_step(asked: Asked, said: str) -> Reply:
    """The next question, or the offer. Raises UserError for what can't be subscribed to."""
    wish = read_wish(said)
    if not wish.topic:
        return ask_topic(asked, wish.spoken)
    if _names_key(wish.topic):
        return await _change_hour(asked, wish)
    topic = asked.parse(wish.topic)
    name = asked.context.desk.topic_name(topic, asked.lang)
    if wish.missing is Step.HOUR:
        return ask_hour(asked, name, wish, asked.chat.tz)
    if wish.missing is Step.LANG:
        return ask_lang(asked, name, wish)
    return await _offer(asked, wish, topic)


async def _change_hour(asked: Asked, wish: Wish) -> Reply:
    """Ask for another hour of the subscription with this `#key`, or store it."""
    found = await asked.read(subscriptions.of_chat, asked.chat.key)
    one = meant(wish.topic, found, asked.parse)
    if one is None:
        raise UserError("subscription.unknown", typed=wish.topic)
    if wish.missing is Step.HOUR:
        return ask_hour(asked, asked.topic_name(one.topic), wish, one.when.tz, changes=True)
    return await subscribe(replace(asked, argument=f"{one.topic} {wish.spoken}"))


async def _offer(asked: Asked, wish: Wish, topic: Topic) -> Reply:
    before = await asked.read(of_topic, asked.chat.key, topic)
    if before is None:
        drafted = draft(asked, asked.chat, topic, wish.options, since=0)
    else:
        drafted = applied(wish.options, before)
    made = await described(asked, topic, asked.chat, drafted)
    updates = before is not None
    return asked.to_chat(offered(made, wish.said, updates=updates, frame=asked.frame))


def _names_key(text: str) -> bool:
    """Whether this is a button's `#key`: no topic begins so."""
    return text.startswith("#")
