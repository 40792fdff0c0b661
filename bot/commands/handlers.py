"""Which function answers which command: the one table behind dispatch."""

from collections.abc import Awaitable, Callable, Mapping

from bot.commands import (
    access,
    analyzing,
    asking,
    forgetting,
    helping,
    listing,
    offering,
    pausing,
    reading,
    searching,
    settings,
    shelf,
    similar,
    status,
    subscribing,
    topics,
)
from bot.commands.asked import Asked
from bot.commands.names import Name
from bot.commands.request import Reply

Handler = Callable[[Asked], Awaitable[Reply | None]]

HANDLERS: Mapping[Name, Handler] = {
    Name.START: pausing.start,
    Name.HELP: helping.show_help,
    Name.TOPICS: topics.topics,
    Name.SUBSCRIBE: subscribing.subscribe,
    Name.SUBSCRIPTIONS: listing.subscriptions,
    Name.UNSUBSCRIBE: listing.unsubscribe,
    Name.PAUSE: pausing.pause,
    Name.RESUME: pausing.resume,
    Name.DIGEST: reading.digest,
    Name.MORE: reading.more,
    Name.ANALYZE: analyzing.analyze,
    Name.ASK: asking.ask,
    Name.PAPER: reading.paper,
    Name.SEARCH: searching.search,
    Name.SIMILAR: similar.similar,
    Name.CITE: shelf.cite,
    Name.SAVE: shelf.save,
    Name.UNSAVE: shelf.unsave,
    Name.SAVED: shelf.saved,
    Name.EXPORT: shelf.export,
    Name.UP: shelf.vote_up,
    Name.DOWN: shelf.vote_down,
    Name.SETTINGS: settings.settings,
    Name.STATUS: status.status,
    Name.FORGET: forgetting.forget,
    Name.CHOOSE: offering.choose,
    Name.OFFER: offering.offer,
    Name.CLAIM: access.claim,
    Name.APPROVE: access.approve,
    Name.DENY: access.deny,
    Name.ACCESS: access.show_access,
}
