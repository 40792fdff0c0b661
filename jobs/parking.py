"""A word to those who subscribed a chat that is parked: what happened, what rests, the way back.

Decides who hears it and puts it in their lines; what it says is composed elsewhere. Parking
itself, and when it happens, is `jobs.deliver`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from formatters.compose.replies.parking import Lost, parked
from jobs.ports import Rejected, Renderer
from storage import access, chats, outbox, subscriptions
from storage.database import Tx
from storage.models import Chat, ChatKey, Lang, Platform, Subscription


@dataclass(frozen=True, slots=True)
class Parking:
    """What the words are made with; built once by the composition root."""

    renderers: Mapping[Platform, Renderer]
    topic_name: Callable[[str, Lang], str]
    """A stored topic as it is read in a language."""

    def tell(self, tx: Tx, key: ChatKey, error: Rejected, now: datetime) -> None:
        """Put a word in the private line of each maker, in the transaction that parks the chat.

        Who can't be written to hears nothing.
        """
        chat = chats.get(tx, key)
        renderer = self.renderers.get(chat.platform)
        if renderer is None:
            return
        room = chats.room_of(chat.address)
        title = _title(tx, chat.platform, room)
        for address, topics in concerned(chat, subscriptions.of_chat(tx, key)).items():
            there = _private_chat(tx, address, chat)
            if there is None:
                continue
            lang = there.lang
            names = tuple(self.topic_name(topic, lang) for topic in topics)
            lost = Lost(chat.platform, room, title, names, error.cause, str(error))
            outbox.enqueue(tx, there.key, renderer.notice(parked(lost, lang)), now)


def concerned(chat: Chat, found: Sequence[Subscription]) -> dict[str, list[str]]:
    """The private addresses of those who made a chat's subscriptions, each with their topics.

    Not of somebody whose private chat this one is.
    """
    topics: dict[str, list[str]] = {}
    for subscription in found:
        address = _address(chat.platform, subscription.maker)
        if address and not _is_private(chat, address):
            topics.setdefault(address, []).append(subscription.topic)
    return topics


def _address(platform: Platform, maker: str) -> str:
    """Where a person is written to: at their id. Empty for a room that spoke as itself."""
    named, _, ident = maker.partition(":")
    return ident if named == platform and not ident.startswith("-") else ""


def _is_private(chat: Chat, address: str) -> bool:
    """Whether the chat is this person's own; Slack calls such a one by an id that begins so."""
    room = chats.room_of(chat.address)
    return room == address or (chat.platform is Platform.SLACK and room.startswith("D"))


def _private_chat(tx: Tx, address: str, about: Chat) -> Chat | None:
    """The chat at a person's address, made if need be; None when nothing may be sent there."""
    if access.decision(tx, about.platform, address) is False:
        return None
    there = chats.ensure(tx, about.platform, address, lang=about.lang, tz=about.tz)
    return there if there.parked is None else None


def _title(tx: Tx, platform: Platform, room: str) -> str:
    """What the room was called when it was let in, where an admin did that; else empty."""
    same = (g for g in access.granted(tx) if (g.platform, g.room) == (platform, room))
    return next((grant.title for grant in same), "")
