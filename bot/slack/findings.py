"""What `paperround check` finds of a Slack app: who it is, what it may do, where it is not."""

from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client import Connection, WebClient, open_session
from bot.slack.failures import FAILURES, TOKEN_GONE, code_of
from bot.slack.requirements import BOT_SCOPES, HISTORY_SCOPES, PATH
from jobs.checks import Finding

MOST_LOOKED_AT = 40
"""Channels of which it is asked whether the app is in them; Slack takes fifty a minute."""
WRONG_TOKEN = TOKEN_GONE | {"not_allowed_token_type"}
GONE = "channel_not_found"


async def look(connection: Connection, rooms: Sequence[str]) -> list[Finding]:
    """Ask Slack about the app, and about `rooms`, which have subscriptions. Changes nothing."""
    session = open_session(connection)
    try:
        client = WebClient(connection, session)
        try:
            known = await client.auth_test()
        except FAILURES as error:
            return [_refused(error)]
        return [
            Finding("slack", passed=True, detail=f"{known['team']}, @{known['user']}"),
            *_scopes(known, connection),
            await _ears(client, connection),
            *await _channels(client, rooms),
        ]
    finally:
        await session.close()


def _refused(error: Exception) -> Finding:
    if isinstance(error, SlackApiError):
        code = code_of(error)
        advice = "slack_token_advice" if code in WRONG_TOKEN else "slack_unreachable_advice"
        return Finding("slack", passed=False, detail=code, advice=advice)
    word = type(error).__name__
    return Finding("slack", passed=False, detail=word, advice="slack_unreachable_advice")


def _scopes(known: AsyncSlackResponse, connection: Connection) -> list[Finding]:
    """What the token may do; nothing to say where Slack does not tell."""
    headers = {name.casefold(): value for name, value in known.headers.items()}
    told = headers.get("x-oauth-scopes")
    if told is None:
        return []
    granted = {scope.strip() for scope in str(told).split(",")}
    wanted = BOT_SCOPES + (HISTORY_SCOPES if connection.verify_posts else ())
    missing = ", ".join(scope for scope in wanted if scope not in granted)
    if missing:
        advice = "slack_scopes_advice"
        return [Finding("slack_scopes_missing", passed=False, detail=missing, advice=advice)]
    return [Finding("slack_scopes", passed=True)]


async def _ears(client: AsyncWebClient, connection: Connection) -> Finding:
    """How Slack's events reach us, and whether the app-level token is good for it."""
    if connection.app_token is None:
        return Finding("slack_http", passed=True, detail=PATH)
    try:
        await client.apps_connections_open(app_token=connection.app_token)
    except FAILURES as error:
        known = isinstance(error, SlackApiError)
        detail = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        advice = "slack_socket_advice" if known else "slack_unreachable_advice"
        return Finding("slack_socket_failed", passed=False, detail=detail, advice=advice)
    return Finding("slack_socket", passed=True)


async def _channels(client: AsyncWebClient, rooms: Sequence[str]) -> list[Finding]:
    """The channels with subscriptions that the app is not in, by name where it may know it."""
    channels = [room for room in rooms if room[:1] in ("C", "G")]
    if not channels:
        return []
    looked_at = channels[:MOST_LOOKED_AT]
    missing = [await _missing(client, channel) for channel in looked_at]
    detail = ", ".join(name for name in missing if name)
    if not detail:
        seen = f"{len(looked_at)}/{len(channels)}"
        return [Finding("slack_channels", passed=True, detail=seen)]
    advice = "slack_channels_advice"
    return [Finding("slack_channel_missing", passed=False, detail=detail, advice=advice)]


async def _missing(client: AsyncWebClient, channel: str) -> str:
    """What a channel is called that the app is not in; empty for the others."""
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        return channel if code_of(error) == GONE else ""
    except (aiohttp.ClientError, TimeoutError):
        return ""
    told = answer["channel"]
    return "" if told.get("is_member") else f"#{told.get('name')} ({channel})"
