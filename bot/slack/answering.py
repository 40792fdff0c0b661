"""How replies reach people on Slack: in the channel, its thread, to one person, in place.

Answers go past the outbox: who asked is there and asks again. They take Slack's pace into
account but do not queue behind digests.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.request import Reply, Told, Visibility
from bot.pacing import Turnstile
from bot.slack import posting
from bot.slack.places import Place, read_address
from formatters.document import Document, PaperCard
from formatters.slack import Post, one_post, posts
from jobs.ports import Ambiguous, Clock, Rejected, RetryLater
from storage.errors import BotError
from storage.models import Lang

MOST_TRIES = 3
LONGEST_WAIT = 20.0
"""Seconds for which an answer waits for Slack; after that, who asked has gone on."""
MOST_BY_URL = 4
"""Of the five answers that a response URL takes, within half an hour."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was said or clicked, and the ways back there."""

    place: Place
    user: str
    response_url: str | None = None
    clicked: bool = False
    turns: bool = False
    """The answer takes the place of the message that was clicked."""


class Answers:
    """Sends replies for one app."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        turnstile: Turnstile,
        clock: Clock,
    ) -> None:
        self._client = client
        self._session = session
        self._turnstile = turnstile
        self._clock = clock

    async def answer(self, reply: Reply, origin: Origin) -> None:
        """Send a reply to where it belongs; what can't be sent is logged."""
        await self.tell(reply.told)
        try:
            await self._answer(reply, origin)
        except RetryLater as error:
            log.warning("not answered", channel=origin.place.channel, reason=str(error))
        except Rejected as error:
            if not error.gone:
                raise
            log.info("not answered", channel=origin.place.channel, reason=str(error))

    async def say(self, document: Document, lang: Lang, place: Place) -> None:
        """A word that answers nothing in particular; best effort."""
        try:
            for made in posts(document, lang):
                await self._patiently(place, partial(self._post, place, made))
        except BotError as error:
            log.warning("not said", channel=place.channel, reason=str(error))

    async def tell(self, told: Sequence[Told]) -> None:
        """Words to other chats; best effort."""
        for word in told:
            await self.say(word.document, word.lang, read_address(word.address))

    async def _answer(self, reply: Reply, origin: Origin) -> None:
        if origin.turns and not reply.failed and not reply.files:
            await self._turn(reply, origin)
        elif self._is_aside(reply, origin):
            await self._whisper(posts(reply.document, reply.lang), origin)
        else:
            await self._post_all(posts(reply.document, reply.lang), origin)
        where = Place(origin.user) if self._is_aside(reply, origin) else origin.place
        for file in reply.files:
            await self._patiently(where, partial(posting.upload, self._client, where, file))

    def _is_aside(self, reply: Reply, origin: Origin) -> bool:
        """Whether only who asked sees it: what is theirs, and in channels what was clicked."""
        if origin.place.is_private:
            return False
        return reply.failed or origin.clicked or reply.visibility is Visibility.PERSON

    async def _turn(self, reply: Reply, origin: Origin) -> None:
        first, *rest = _in_place(reply)
        if origin.response_url is None:
            raise Rejected("no way to turn the message")
        body = {"replace_original": True, "text": first.text, "blocks": list(first.blocks)}
        await self._respond(origin, body)
        await self._whisper(rest, origin)

    async def _whisper(self, made: Sequence[Post], origin: Origin) -> None:
        for each in made:
            body = _visible_to(each, "ephemeral", origin)
            await self._by_url_or(
                origin,
                body,
                partial(posting.whisper, self._client, origin.place, origin.user, each),
            )

    async def _post_all(self, made: Sequence[Post], origin: Origin) -> None:
        """By the address that came with a slash command: it works where the app is no member."""
        for number, each in enumerate(made):
            if origin.response_url is not None and not origin.clicked and number < MOST_BY_URL:
                whom = "ephemeral" if origin.place.is_private else "in_channel"
                body = _visible_to(each, whom, origin)
                await self._by_url_or(origin, body, partial(self._post, origin.place, each))
            else:
                await self._patiently(origin.place, partial(self._post, origin.place, each))

    async def _by_url_or(
        self, origin: Origin, body: dict[str, Any], send: Callable[[], Awaitable[object]]
    ) -> None:
        """By the response URL while it lives, else by the Web API."""
        if origin.response_url is not None:
            try:
                await self._respond(origin, body)
            except Rejected:
                log.info("response_url used up")
            else:
                return
        await self._patiently(origin.place, send)

    async def _respond(self, origin: Origin, body: dict[str, Any]) -> None:
        assert origin.response_url is not None  # noqa: S101 -- the callers looked
        try:
            await posting.respond(self._session, origin.response_url, body)
        except Ambiguous as error:
            log.warning("answer perhaps lost", reason=str(error))

    async def _post(self, place: Place, made: Post) -> None:
        await posting.post(self._client, place, made)

    async def _patiently(self, place: Place, send: Callable[[], Awaitable[object]]) -> None:
        """Send once, tried again while nothing has left."""
        for attempt in range(MOST_TRIES):
            await self._turnstile.answer(place.channel, group=False)
            try:
                await send()
            except RetryLater as error:
                asked = error.after.total_seconds()
                if asked:
                    self._turnstile.refused(place.channel, error.after)
                if attempt == MOST_TRIES - 1 or asked > LONGEST_WAIT:
                    raise
                await self._clock.sleep(asked or 2.0**attempt)
            except Ambiguous as error:
                log.warning("answer perhaps lost", channel=place.channel, reason=str(error))
                return
            else:
                return


def _in_place(reply: Reply) -> list[Post]:
    """One message where papers are shown: turning pages must not litter the channel."""
    if any(isinstance(block, PaperCard) for block in reply.document.blocks):
        return [one_post(reply.document, reply.lang)]
    return posts(reply.document, reply.lang)


def _visible_to(made: Post, whom: str, origin: Origin) -> dict[str, Any]:
    body = {
        "response_type": whom,
        "replace_original": False,
        "text": made.text,
        "blocks": list(made.blocks),
    }
    return body if origin.place.thread is None else body | {"thread_ts": origin.place.thread}
