"""The outbox's way to Slack: each part one call, at Slack's pace; found again where in doubt."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.pacing import Turnstile
from bot.slack import posting
from bot.slack.places import Place, read_address
from bot.slack.posting import Sent
from formatters.slack import merged
from jobs.ports import Clock, Rejected, RetryLater
from storage.models import Operation, Part

LOOK_BACK = timedelta(days=2)
"""A part in doubt is looked for among what is not older."""


class SlackMessenger:
    """Sends parts. A part's reference is `channel:ts`; what answers it goes into its thread."""

    def __init__(
        self, client: AsyncWebClient, turnstile: Turnstile, clock: Clock, *, verify: bool
    ) -> None:
        self._client = client
        self._turnstile = turnstile
        self._clock = clock
        self._verify = verify

    async def turn(self, address: str) -> None:
        """Wait until Slack's limits let something go there. Raises RetryLater."""
        await self._turnstile.turn(read_address(address).channel, group=False)

    async def send(self, part: Part) -> str | None:
        """Post or update. Raises RetryLater, Rejected or Ambiguous."""
        place = read_address(part.address)
        try:
            sent = await self._send(part, place)
        except RetryLater as error:
            if error.after:
                self._turnstile.refused(place.channel, error.after)
            raise
        return f"{sent.channel}:{sent.ts}"

    async def _send(self, part: Part, place: Place) -> Sent:
        made = merged(part.payload, part.card)
        parent = _sent(part.parent_ref)
        if part.operation is Operation.EDIT:
            if parent is None:
                raise Rejected("nothing to edit")
            await posting.update(self._client, parent, made)
            return parent
        place = _within(place, parent)
        if self._verify and part.ambiguities:
            since = (self._clock.now() - LOOK_BACK).timestamp()
            found = await posting.find(self._client, place, part.key, since=since)
            if found is not None:
                return found
        return await posting.post(self._client, place, made, part=part.key)


def _sent(ref: str | None) -> Sent | None:
    if ref is None:
        return None
    channel, _, ts = ref.partition(":")
    return Sent(channel, ts)


def _within(place: Place, parent: Sent | None) -> Place:
    """Into the parent's thread; threads have no threads, so one that is in a thread stays."""
    if parent is None or place.thread is not None:
        return place
    return Place(parent.channel, parent.ts)
