"""What Slack tells of users and channels, remembered for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import CHAT_GONE, FAILURES, code_of
from bot.slack.places import lang_of
from jobs.ports import Clock
from storage.models import Lang

KEPT = timedelta(hours=1)
MOST_KEPT = 2_000
MEMBERS_AT_ONCE = 999


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the workspace."""

    id: str
    name: str = ""
    lang: Lang | None = None
    tz: str | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as far as the app may know it."""

    id: str
    title: str = ""
    """`#name`; empty for private ones, whose names stay among their members."""
    name: str = ""
    """For its members' eyes."""
    is_member: bool = True


class People:
    """Users and channels by id. What can't be asked is taken as unknown, never as an error."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.own_id = ""
        """The app's own user."""
        self._people: dict[str, tuple[datetime, Person]] = {}
        self._channels: dict[str, tuple[datetime, Channel]] = {}
        self._direct: dict[str, str] = {}

    async def person(self, user: str) -> Person:
        """A user, asked for once an hour."""
        known = self._people.get(user)
        if known and self._clock.now() - known[0] < KEPT:
            return known[1]
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except FAILURES:
            return known[1] if known else Person(user)
        found = _person(answer["user"])
        _keep(self._people, user, (self._clock.now(), found))
        return found

    async def channel(self, channel: str) -> Channel:
        """A channel, asked for once an hour."""
        known = self._channels.get(channel)
        if known and self._clock.now() - known[0] < KEPT:
            return known[1]
        try:
            answer = await self._client.conversations_info(channel=channel)
        except FAILURES as error:
            if isinstance(error, SlackApiError) and code_of(error) in CHAT_GONE:
                return Channel(channel, is_member=False)
            return known[1] if known else Channel(channel)
        found = _channel(answer["channel"])
        _keep(self._channels, channel, (self._clock.now(), found))
        return found

    async def is_direct(self, user: str, channel: str) -> bool:
        """Whether these are the direct messages of somebody with us, and of nobody else."""
        known = self._direct.get(user)
        if known is None:
            try:
                answer = await self._client.conversations_open(users=user)
            except FAILURES:
                return False
            known = answer["channel"]["id"]
            _keep(self._direct, user, known)
        return known == channel

    async def is_in(self, user: str, channel: str) -> bool:
        """Whether somebody is in a channel now; what can't be asked is taken as no."""
        cursor: str | None = None
        while cursor != "":
            try:
                answer = await self._client.conversations_members(
                    channel=channel, limit=MEMBERS_AT_ONCE, cursor=cursor
                )
            except FAILURES:
                return False
            if user in answer["members"]:
                return True
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        return False

    def forget_channel(self, channel: str) -> None:
        """It was renamed, joined or left: ask anew."""
        self._channels.pop(channel, None)


def _person(user: dict) -> Person:  # type: ignore[type-arg]
    profile = user.get("profile") or {}
    tz = user.get("tz")
    return Person(
        id=user["id"],
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or "",
        lang=lang_of(user.get("locale")),
        tz=tz if tz in _zones() else None,
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def _channel(channel: dict) -> Channel:  # type: ignore[type-arg]
    private = channel.get("is_private") or channel.get("is_im") or channel.get("is_mpim")
    return Channel(
        id=channel["id"],
        title="" if private else f"#{channel.get('name', '')}",
        name=channel.get("name", ""),
        is_member=bool(channel.get("is_member") or channel.get("is_im")),
    )


@cache
def _zones() -> frozenset[str]:
    """Read from the disk once."""
    return frozenset(available_timezones())


def _keep(known: dict, key: str, value: object) -> None:  # type: ignore[type-arg]
    known[key] = value
    if len(known) > MOST_KEPT:
        del known[next(iter(known))]
