"""What Slack's errors mean for delivery: later, never, unknown. Pure.

Sources: the method reference of Slack's Web API; the SDK's error types.
"""

import asyncio
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from jobs.ports import Ambiguous, Rejected, RetryLater
from storage.errors import BotError
from storage.models import OutOfReach


class NotSent(aiohttp.ClientConnectionError):
    """Nothing of a request could leave."""


NOT_SENT = (NotSent, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
THROTTLED = 429
IN_TROUBLE = 500
LATER = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
)
UNKNOWN = frozenset({"fatal_error", "internal_error"})
"""It may have been done all the same."""
CHAT_GONE = {
    "is_archived": OutOfReach.ARCHIVED,
    "channel_not_found": OutOfReach.NOT_IN_CHANNEL,
    "not_in_channel": OutOfReach.NOT_IN_CHANNEL,
    "restricted_action": OutOfReach.NO_RIGHTS,
    "restricted_action_read_only_channel": OutOfReach.NO_RIGHTS,
    "restricted_action_thread_only_channel": OutOfReach.NO_RIGHTS,
    "restricted_action_non_threadable_channel": OutOfReach.NO_RIGHTS,
    "restricted_action_thread_locked": OutOfReach.NO_RIGHTS,
    "user_not_found": OutOfReach.REMOVED,
    "user_disabled": OutOfReach.REMOVED,
    "cannot_dm_bot": OutOfReach.REMOVED,
    "messages_tab_disabled": OutOfReach.NO_RIGHTS,
}
"""Errors of a chat that nothing can be posted to any more, and why."""
THREAD_CLOSED = frozenset(
    {"restricted_action_non_threadable_channel", "restricted_action_thread_locked"}
)
"""Of a thread alone: the channel around it may take posts."""
TOKEN_GONE = frozenset(
    {"token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed"}
)
MISSING_SCOPE = "missing_scope"
APP_TOKEN_WRONG = TOKEN_GONE | {"not_allowed_token_type", MISSING_SCOPE, "no_permission"}
TOKEN = "token"  # noqa: S105 -- a word
TOKEN_AGAIN = timedelta(minutes=10)
FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError)
"""What a call can raise."""


def meaning(error: Exception, *, repeatable: bool = False) -> BotError:
    """What delivery should make of an error. `repeatable`: doing it twice does no harm."""
    if isinstance(error, SlackApiError):
        return _refused(error, repeatable=repeatable)
    word = type(error).__name__
    if repeatable or isinstance(error, NOT_SENT):
        return RetryLater(word)
    return Ambiguous(word)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong; the status, where somebody else has answered."""
    return _word(error) or f"http {_status(error)}"


def asked_to_wait(error: SlackApiError) -> timedelta | None:
    """How long Slack wants to be left alone; None where that is not what it says."""
    if _status(error) != THROTTLED:
        return None
    headers = {name.casefold(): value for name, value in (error.response.headers or {}).items()}
    after = str(headers.get("retry-after", "1"))
    return timedelta(seconds=int(after) if after.isdecimal() else 1)


def _refused(error: SlackApiError, *, repeatable: bool) -> BotError:
    code = code_of(error)
    meant: BotError
    if (asked := asked_to_wait(error)) is not None:
        meant = RetryLater("throttled", asked)
    elif code in LATER:
        meant = RetryLater(code)
    elif code in UNKNOWN:
        meant = RetryLater(code) if repeatable else Ambiguous(code)
    elif code in TOKEN_GONE:
        meant = RetryLater(TOKEN, TOKEN_AGAIN)
    elif _word(error) is None or _status(error) >= IN_TROUBLE:
        meant = _not_slack(error, code, repeatable=repeatable)
    else:
        meant = Rejected(code, gone=code in CHAT_GONE, cause=CHAT_GONE.get(code))
    return meant


def _not_slack(error: SlackApiError, code: str, *, repeatable: bool) -> BotError:
    """A gateway or a proxy answered: with an error nothing was done, else who knows."""
    refused = _status(error) >= 400  # noqa: PLR2004 -- any error
    return RetryLater(code) if repeatable or refused else Ambiguous(code)


def _word(error: SlackApiError) -> str | None:
    data = getattr(error.response, "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    return str(word) if word else None


def _status(error: SlackApiError) -> int:
    """From the SDK's response, or from aiohttp's where the SDK could not read it."""
    response = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
