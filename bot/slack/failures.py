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

NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError)
"""Failures before anything of a request could leave (a server time-out is one of connecting)."""
LATER = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
)
UNKNOWN = frozenset({"fatal_error", "internal_error"})
"""It may have been done all the same."""
CHAT_GONE = {
    "is_archived": OutOfReach.ARCHIVED,
    "channel_not_found": OutOfReach.DELETED,
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
TOKEN_GONE = frozenset(
    {"token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed"}
)
TOKEN_AGAIN = timedelta(minutes=10)


def meaning(error: Exception, *, repeatable: bool = False) -> BotError:
    """What delivery should make of an error. `repeatable`: doing it twice does no harm."""
    if isinstance(error, SlackApiError):
        return _refused(error, repeatable=repeatable)
    word = type(error).__name__
    if repeatable or isinstance(error, NOT_SENT):
        return RetryLater(word)
    return Ambiguous(word)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong."""
    return str(error.response.get("error") or f"http {error.response.status_code}")


FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError)
"""What a call can raise."""


def _refused(error: SlackApiError, *, repeatable: bool) -> BotError:
    code, status = code_of(error), error.response.status_code
    if status == 429 or code in LATER:  # noqa: PLR2004 -- too many requests
        return RetryLater("throttled", _asked(error))
    if status >= 500 or code in UNKNOWN:  # noqa: PLR2004 -- the server's own trouble
        return RetryLater(code) if repeatable or code not in UNKNOWN else Ambiguous(code)
    if code in TOKEN_GONE:
        return RetryLater("token", TOKEN_AGAIN)
    if code in CHAT_GONE:
        return Rejected(code, gone=True, cause=CHAT_GONE[code])
    return Rejected(code)


def _asked(error: SlackApiError) -> timedelta:
    headers = {name.casefold(): value for name, value in (error.response.headers or {}).items()}
    after = str(headers.get("retry-after", "1"))
    return timedelta(seconds=int(after) if after.isdecimal() else 1)
