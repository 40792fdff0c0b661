"""How replies reach people on Slack: in the channel, its thread, to one person, in place.

Answers go past the outbox: who asked is there and asks again. They take Slack's pace into
account but do not queue behind digests.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.request import Reply, Told, Visibility
from bot.following import Following
from bot.pacing import Turnstile
from bot.patience import Patience
from bot.slack import posting
from bot.slack.places import Place, is_address, read_address
from bot.slack.posting import Sent
from bot.slack.wording import as_typed
from formatters.compose.replies.words import line
from formatters.document import Document, PaperCard
from formatters.slack import Post, one_post, posts
from jobs.ports import Ambiguous, Clock, Rejected, RetryLater
from storage.errors import BotError
from storage.models import Lang

MOST_BY_URL = 4
"""Of the five answers that a response URL takes, within half an hour."""
PAUSES = (1.0, 0.0)
"""Seconds after each try of a response URL that is out of order; then the Web API has to do."""
OWN_THREAD = "thread-"
"""How the names of the blocks begin whose buttons are about their thread."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was said or clicked, and the ways back there."""

    place: Place
    """Where an answer goes that everybody may see."""
    user: str
    response_url: str | None = None
    aside: bool = False
    """Nobody else is to see the answer: a click in a channel, a command where others talk."""
    turns: bool = False
    """The answer takes the place of the message that was clicked."""
    on_whisper: bool = False
    """What was clicked is shown to nobody else."""
    begins_thread: bool = False
    """Nobody has answered in the thread yet: Slack would show nothing there to one person alone."""
    in_own_thread: bool = False
    """It is about the thread and not its channel: so are the answer's buttons."""


class Answers:
    """Sends replies for one app."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        turnstile: Turnstile,
        clock: Clock,
    ) -> None:
        self.following = Following()
        self._client = client
        self._session = session
        self._patience = Patience(turnstile, clock)
        self._clock = clock

    async def answer(self, reply: Reply, origin: Origin) -> None:
        """Send a reply where it belongs, then its words to others; what can't be sent is logged."""
        try:
            await self._answer(reply, origin)
        except RetryLater as error:
            log.warning("not answered", channel=origin.place.channel, reason=str(error))
        except Rejected as error:
            if not error.gone:
                raise
            log.info("not answered", channel=origin.place.channel, reason=str(error))
        finally:
            await self.tell(reply.told)

    async def say(self, document: Document, lang: Lang, place: Place) -> None:
        """A word that answers nothing in particular; best effort."""
        try:
            for made in posts(as_typed(document), lang):
                await self._patience.send(place.channel, partial(self._post, place, made))
        except BotError as error:
            log.warning("not said", channel=place.channel, reason=str(error))

    async def tell(self, told: Sequence[Told]) -> None:
        """Words to other chats; best effort. Addresses of other platforms are passed over."""
        for word in told:
            if is_address(word.address):
                await self.say(word.document, word.lang, read_address(word.address))

    async def _answer(self, reply: Reply, origin: Origin) -> None:
        document = as_typed(reply.document)
        if origin.turns and _may_turn(reply, origin):
            await self._turn(_laid_in_place(document, reply.lang, origin), origin)
            return
        if reply.files and not origin.place.is_private:
            document += Document((line("elsewhere.sent", reply.lang),))
        made = _laid(posts(document, reply.lang), origin)
        aside = reply.failed or reply.visibility is Visibility.PERSON
        if reply.updates is None:
            await self._anew(made, origin, aside=aside)
        else:
            await self._followed(made, reply.updates, reply.lang, origin, aside=aside)
        where = origin.place if origin.place.is_private else Place(origin.user)
        for file in reply.files:
            send = partial(posting.upload, self._client, where, file)
            await self._patience.send(where.channel, send)

    async def _followed(
        self,
        made: Sequence[Post],
        updates: AsyncIterator[Document],
        lang: Lang,
        origin: Origin,
        *,
        aside: bool,
    ) -> None:
        """Post what will change; where it can't be changed, the last word comes as a new one."""
        sent = None
        if not origin.aside and len(made) == 1:
            sent, made = await self._standing(made[0], origin)
        await self._anew(made, origin, aside=aside)
        show = None if sent is None else partial(self._update, sent, lang)
        self.following.follow(updates, show, partial(self._add, lang, origin, aside=aside))

    async def _standing(self, made: Post, origin: Origin) -> tuple[Sent | None, list[Post]]:
        """Post what will change, by the Web API alone: only that says where it stands.

        Returns that where it is known, and what is left to be posted.
        """
        try:
            send = partial(posting.post, self._client, origin.place, made)
            return await self._patience.send(origin.place.channel, send), []
        except Rejected:
            return None, [made]

    async def _update(self, sent: Sent, lang: Lang, document: Document) -> None:
        made = one_post(as_typed(document), lang)
        await self._patience.send(sent.channel, partial(posting.update, self._client, sent, made))

    async def _add(self, lang: Lang, origin: Origin, document: Document, *, aside: bool) -> None:
        await self._anew(_laid(posts(as_typed(document), lang), origin), origin, aside=aside)

    async def _turn(self, made: Sequence[Post], origin: Origin) -> None:
        """In the place of what was clicked; anew where that can't be changed any more."""
        first, *rest = made
        body = {"replace_original": True, "text": first.text, "blocks": list(first.blocks)}
        if not await self._respond(origin, body):
            rest = [first, *rest]
        await self._anew(rest, origin, aside=False)

    async def _anew(self, made: Sequence[Post], origin: Origin, *, aside: bool) -> None:
        """As messages of their own, which in channels may be for who asked alone."""
        if origin.aside or (aside and not origin.place.is_private):
            await self._whisper(made, origin)
        else:
            await self._post_all(made, origin)

    async def _whisper(self, made: Sequence[Post], origin: Origin) -> None:
        place = Place(origin.place.channel) if origin.begins_thread else origin.place
        for each in made:
            if not await self._respond(origin, _visible_to(each, "ephemeral", place)):
                send = partial(self._whisper_or_post, place, origin, each)
                await self._patience.send(place.channel, send)

    async def _whisper_or_post(self, place: Place, origin: Origin, made: Post) -> None:
        if place.is_private:
            await self._post(place, made)
        else:
            await posting.whisper(self._client, place, origin.user, made)

    async def _post_all(self, made: Sequence[Post], origin: Origin) -> None:
        """By the address that came along: it works where the app is no member."""
        for number, each in enumerate(made):
            body = _visible_to(each, "in_channel", origin.place)
            if number >= MOST_BY_URL or not await self._respond(origin, body):
                send = partial(self._post, origin.place, each)
                await self._patience.send(origin.place.channel, send)

    async def _respond(self, origin: Origin, body: dict[str, Any]) -> bool:
        """Answer by the response URL, while it lives; whether that can be taken as done."""
        if origin.response_url is None:
            return False
        for pause in PAUSES:
            try:
                await posting.respond(self._session, origin.response_url, body)
            except RetryLater as error:
                log.info("response_url out of order", reason=str(error))
                await self._clock.sleep(pause)
            except Rejected as error:
                log.info("response_url used up", reason=str(error))
                return False
            except Ambiguous as error:
                log.warning("answer perhaps lost", reason=str(error))
                return True
            else:
                return True
        return False

    async def _post(self, place: Place, made: Post) -> None:
        await posting.post(self._client, place, made)


def of_own_thread(block_id: str) -> bool:
    """Whether a button stands under an answer that is about its thread."""
    return block_id.startswith(OWN_THREAD)


def _may_turn(reply: Reply, origin: Origin) -> bool:
    """Not for a mistake; nor what is one person's own, where others see the message."""
    if reply.failed or reply.files:
        return False
    alone = origin.on_whisper or origin.place.is_private
    return alone or reply.visibility is Visibility.CHAT


def _laid_in_place(document: Document, lang: Lang, origin: Origin) -> list[Post]:
    """One message where papers are shown: turning pages must not litter the channel."""
    if any(isinstance(block, PaperCard) for block in document.blocks):
        return _laid([one_post(document, lang)], origin)
    return _laid(posts(document, lang), origin)


def _laid(made: Sequence[Post], origin: Origin) -> list[Post]:
    """The posts, their buttons marked where they are about the thread."""
    return [_marked(each) for each in made] if origin.in_own_thread else list(made)


def _marked(made: Post) -> Post:
    blocks = [
        block | {"block_id": f"{OWN_THREAD}{number}"} if block["type"] == "actions" else block
        for number, block in enumerate(made.blocks)
    ]
    return replace(made, blocks=tuple(blocks))


def _visible_to(made: Post, whom: str, place: Place) -> dict[str, Any]:
    body = {
        "response_type": whom,
        "replace_original": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "text": made.text,
        "blocks": list(made.blocks),
    }
    return body if place.thread is None else body | {"thread_ts": place.thread}
