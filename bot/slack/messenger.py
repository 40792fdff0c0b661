"""The outbox's way to Slack: each part one call, at Slack's pace; found again where in doubt."""

from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.pacing import Turnstile
from bot.slack import posting
from bot.slack.failures import MISSING_SCOPE, THREAD_CLOSED, TOKEN
from bot.slack.places import Place, read_address
from bot.slack.posting import Sent
from formatters.file import from_file_payload
from formatters.slack import Post, merged
from jobs.ports import Ambiguous, Clock, Rejected, RetryLater
from storage.models import Operation, Part

LOOK_BACK = timedelta(days=2)
"""A part in doubt is looked for among what is not older."""

log = structlog.get_logger()


class SlackMessenger:
    """Sends parts. A part's reference is `channel:ts`; what answers it goes into its thread."""

    def __init__(
        self, client: AsyncWebClient, turnstile: Turnstile, clock: Clock, *, verify: bool
    ) -> None:
        """`verify`: look a part up before it goes again, so that nothing arrives twice."""
        self._client = client
        self._turnstile = turnstile
        self._clock = clock
        self._verify = verify

    async def turn(self, address: str) -> None:
        """Wait until Slack's limits let something go there. Raises RetryLater."""
        await self._turnstile.turn(read_address(address).channel, group=False)

    async def send(self, part: Part) -> str | None:
        """Post, update or upload. Raises RetryLater, Rejected or Ambiguous."""
        try:
            sent = await self._send(part, read_address(part.address))
        except RetryLater as error:
            if error.cause == TOKEN:
                log.warning("Slack does not take the bot token", again_in=str(error.after))
            raise
        except Rejected as error:
            if not error.gone:  # it is what we sent that is wrong
                log.exception("part refused", part=part.key, chat=part.address)
            raise
        return f"{sent.channel}:{sent.ts}" if sent else None

    async def _send(self, part: Part, place: Place) -> Sent | None:
        parent = _sent(part.parent_ref)
        if part.operation is Operation.FILE:
            await self._upload(part, place, parent)
            return None
        made = merged(part.payload, part.card)
        if part.operation is Operation.EDIT:
            if parent is None:
                raise Rejected("nothing to edit")
            await posting.update(self._client, parent, made)
            return parent
        if parent is None or place.thread is not None:  # threads have no threads
            return await self._post(part, place, made)
        try:
            return await self._post(part, Place(parent.channel, parent.ts), made)
        except Rejected as error:
            if error.gone and str(error) in THREAD_CLOSED:
                raise Rejected(str(error)) from error
            raise

    async def _upload(self, part: Part, place: Place, parent: Sent | None) -> None:
        """A file, which has no reference of its own."""
        beneath = parent is not None and place.thread is None
        where = Place(parent.channel, parent.ts) if parent and beneath else place
        await posting.upload(self._client, where, from_file_payload(part.payload))

    async def _post(self, part: Part, place: Place, made: Post) -> Sent:
        """Post once; with `verify` a part of unknown effect waits, to be looked up."""
        if self._verify and part.attempts > 1:
            found = await self._found(part, place)
            if found is not None:
                return found
        try:
            return await posting.post(self._client, place, made, part=part.key)
        except RetryLater as error:
            if error.after:
                self._turnstile.refused(read_address(part.address).channel, error.after)
            raise
        except Ambiguous as error:
            if self._verify:
                raise RetryLater(str(error)) from error
            raise

    async def _found(self, part: Part, place: Place) -> Sent | None:
        """The part, if it arrived after all. What can't be looked up is not there."""
        since = (self._clock.now() - LOOK_BACK).timestamp()
        try:
            return await posting.find(self._client, place, part.key, since=since)
        except Rejected as error:
            if error.gone:
                raise
            log.warning("parts can't be looked up", chat=part.address, reason=str(error))
            if str(error) == MISSING_SCOPE:
                self._verify = False
            return None


def _sent(ref: str | None) -> Sent | None:
    if ref is None:
        return None
    channel, _, ts = ref.partition(":")
    return Sent(channel, ts)
