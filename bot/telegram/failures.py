"""What Telegram's errors mean for delivery: later, never, unknown, elsewhere. Pure.

BadRequest is a NetworkError to the library, but it is never one to us. Sources: the library's
request layer; the server's own words for what it refuses.
"""

from collections.abc import Mapping
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.client import has_left
from bot.telegram.places import Place
from jobs.ports import Ambiguous, Moved, Rejected, RetryLater
from storage.errors import BotError
from storage.models import OutOfReach

TOKEN_AGAIN = timedelta(minutes=10)
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
CHAT_GONE: Mapping[str, OutOfReach] = {
    "blocked by the user": OutOfReach.BLOCKED,
    "user_is_blocked": OutOfReach.BLOCKED,
    "kicked": OutOfReach.REMOVED,
    "not a member": OutOfReach.REMOVED,
    "deactivated": OutOfReach.DELETED,
    "chat was deleted": OutOfReach.DELETED,
    "chat not found": OutOfReach.DELETED,
    "peer_id_invalid": OutOfReach.DELETED,
    "channel_private": OutOfReach.REMOVED,
    "chat_write_forbidden": OutOfReach.NO_RIGHTS,
    "chat_admin_required": OutOfReach.NO_RIGHTS,
    "chat_restricted": OutOfReach.NO_RIGHTS,
    "chat_send_plain_forbidden": OutOfReach.NO_RIGHTS,
    "topic_closed": OutOfReach.NO_RIGHTS,
    "not enough rights": OutOfReach.NO_RIGHTS,
    "have no rights": OutOfReach.NO_RIGHTS,
    "need administrator rights": OutOfReach.NO_RIGHTS,
}
"""The server's words about a chat that nothing can be sent to any more, and what they mean."""


def meaning(error: TelegramError, place: Place, *, repeatable: bool = False) -> BotError:
    """What delivery should make of an error. `repeatable`: doing it twice does no harm."""
    meant: BotError
    match error:
        case RetryAfter():
            meant = RetryLater("throttled", seconds_asked(error))
        case ChatMigrated():
            meant = Moved(Place(error.new_chat_id, place.thread).address)
        case Forbidden():
            meant = Rejected(error.message, gone=True, cause=_cause(error.message))
        case BadRequest():
            meant = _refused(error.message, place)
        case InvalidToken():
            meant = RetryLater("token", TOKEN_AGAIN)
        case NetworkError():
            meant = _lost(error, repeatable=repeatable)
        case _:
            meant = RetryLater(error.message) if repeatable else Ambiguous(error.message)
    return meant


def seconds_asked(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait, whichever form the library has it in."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def says(error: TelegramError, *words: str) -> bool:
    """Whether the error's message has one of these."""
    message = error.message.casefold()
    return any(word in message for word in words)


def _lost(error: NetworkError, *, repeatable: bool) -> BotError:
    """A request without an answer: it may have had its effect, unless it never left.

    An answer that says the server is in trouble (5xx) is one: nothing was done.
    """
    cause = error.__cause__
    if cause is None or isinstance(cause, TelegramError):
        return RetryLater(error.message)
    word = type(cause).__name__
    if repeatable or (isinstance(cause, httpx.HTTPError) and not has_left(cause)):
        return RetryLater(word)
    return Ambiguous(word)


def _refused(message: str, place: Place) -> BotError:
    said = message.casefold()
    if place.thread is not None and any(word in said for word in TOPIC_GONE):
        return Moved(place.room)
    cause = _cause(message)
    return Rejected(message, gone=cause is not None, cause=cause)


def _cause(message: str) -> OutOfReach | None:
    said = message.casefold()
    return next((cause for words, cause in CHAT_GONE.items() if words in said), None)
