"""One call to Slack at a time: posted, updated, whispered, uploaded; errors understood.

Both ways out go through here: delivery (`messenger`) and answers (`answering`). Texts and
blocks come finished from `formatters.slack`.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid5

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.failures import FAILURES, meaning
from bot.slack.places import Place
from formatters.file import File
from formatters.slack import Post
from jobs.ports import Rejected, RetryLater
from storage.models import PartKey

T = TypeVar("T")

EVENT_TYPE = "paperround_part"
"""Names our posts' metadata, by which one can be looked up."""
NAMESPACE = UUID("6f0f3c1e-6f5e-4d0a-9b8e-2f5d3f0a7c11")
AT_ONCE = 200
PAGES = 10
"""Of so many messages, among which a post is looked for."""
REPLY_URL_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a post stands."""

    channel: str
    ts: str


async def post(
    client: AsyncWebClient, place: Place, made: Post, *, part: PartKey | None = None
) -> Sent:
    """Post in a channel, a thread or to a person. `part` marks it, so that it can be found.

    Raises RetryLater, Rejected or Ambiguous.
    """
    marks: dict[str, Any] = {}
    if part is not None:
        payload = {"part": int(part)}
        marks["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        marks["client_msg_id"] = str(uuid5(NAMESPACE, str(part)))
    answer = await _understood(
        client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread,
            text=made.text,
            blocks=list(made.blocks),
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            **marks,
        )
    )
    return Sent(answer["channel"], answer["ts"])


async def update(client: AsyncWebClient, sent: Sent, made: Post) -> None:
    """Put a post in the place of another one. Raises RetryLater or Rejected."""
    call = client.chat_update(
        channel=sent.channel, ts=sent.ts, text=made.text, blocks=list(made.blocks)
    )
    await _understood(call, repeatable=True)


async def whisper(client: AsyncWebClient, place: Place, user: str, made: Post) -> None:
    """Show a post to one person in a channel. Raises RetryLater, Rejected or Ambiguous."""
    call = client.chat_postEphemeral(
        channel=place.channel,
        user=user,
        thread_ts=place.thread,
        text=made.text,
        blocks=list(made.blocks),
    )
    await _understood(call)


async def upload(client: AsyncWebClient, place: Place, file: File) -> None:
    """Put a file into a channel or a thread. Raises RetryLater, Rejected or Ambiguous."""
    channel = await channel_of(client, place)
    call = client.files_upload_v2(
        channel=channel, thread_ts=place.thread, filename=file.name, content=file.content
    )
    await _understood(call)


async def channel_of(client: AsyncWebClient, place: Place) -> str:
    """The channel of a place; for a person, that of the direct messages with them."""
    if place.channel[:1] not in ("U", "W"):
        return place.channel
    answer = await _understood(client.conversations_open(users=place.channel), repeatable=True)
    found: str = answer["channel"]["id"]
    return found


async def find(client: AsyncWebClient, place: Place, part: PartKey, *, since: float) -> Sent | None:
    """The post of a part, if it arrived after all. Raises RetryLater or Rejected."""
    where = Place(await channel_of(client, place), place.thread)
    cursor: str | None = None
    for _ in range(PAGES):
        answer = await _understood(_page(client, where, since, cursor), repeatable=True)
        for message in answer["messages"]:
            if _is_of(message, part):
                return Sent(where.channel, message["ts"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return None


async def respond(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> None:
    """Answer by the address that came with a command or a click, while it lives.

    Raises RetryLater, Rejected (it has been used up) or Ambiguous.
    """
    try:
        async with session.post(url, json=body) as answer:
            if answer.status in REPLY_URL_GONE:
                raise Rejected("response_url expired")
            if answer.status >= 400:  # noqa: PLR2004 -- any error
                raise RetryLater(f"http {answer.status}")
            if '"ok":false' in (await answer.text()).replace(" ", ""):
                raise Rejected("response_url refused")
    except FAILURES as error:
        raise meaning(error) from error


def _page(
    client: AsyncWebClient, place: Place, since: float, cursor: str | None
) -> Awaitable[AsyncSlackResponse]:
    """Messages with what they carry: a channel's, newest first, or a thread's."""
    asked: dict[str, Any] = {
        "channel": place.channel,
        "limit": AT_ONCE,
        "oldest": f"{since:.6f}",
        "cursor": cursor,
        "include_all_metadata": True,
    }
    if place.thread is None:
        return client.conversations_history(**asked)
    return client.conversations_replies(ts=place.thread, **asked)


def _is_of(message: dict[str, Any], part: PartKey) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("part") == int(part)


async def _understood(call: Awaitable[T], *, repeatable: bool = False) -> Any:
    try:
        return await call
    except FAILURES as error:
        raise meaning(error, repeatable=repeatable) from error
