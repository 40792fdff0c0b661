"""What a platform asks of the commands and what it gets back; no platform is seen here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.commands.claiming import ClaimCode
from bot.commands.refusals import Refusals
from formatters.compose.replies.status import ArchiveNews
from formatters.document import Document
from formatters.file import File
from jobs.analyze import Analyses
from jobs.digest import Desk
from jobs.llm.choice import Limits
from jobs.ports import Clock, PaperSource, Rejected
from storage.database import Database, Tx
from storage.errors import UserError
from storage.models import ChatKey, Lang, Platform, Subscription


async def anybody() -> bool:
    """Everybody here may manage the chat."""
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """One line from somebody, as text with or without a leading slash."""

    platform: Platform
    address: str
    """The chat it was said in, or is about."""
    person: str
    """Who said it, as `platform:id`."""
    text: str
    lang: Lang | None = None
    """The person's own language where the platform tells it; used for a chat that is new."""
    tz: str | None = None
    """Likewise the zone."""
    may_manage: Callable[[], Awaitable[bool]] = anybody
    """Whether this person may change this chat's subscriptions and settings; asked when needed."""
    makers_manage: bool = False
    """Who may not manage the chat may still subscribe it, and change what they subscribed."""
    room: str = ""
    """The chat that access is granted to: its address without a thread. Empty: the address."""
    title: str = ""
    """What people call the chat, for the admin who is asked to let it in."""
    name: str = ""
    """What the person is called."""
    asked_in: str = ""
    """The chat it was said in, where it is about another one."""
    read_only: bool = False
    """Who does not manage the chat only reads it and taps: a channel's members."""
    addressed: bool = True
    """False: other people's talk that was merely overheard, or a reply to a message of ours; what
    is no command and answers no question gets no answer."""
    tapped: bool = False
    """A button said it."""
    by_form: bool = False
    """A form asks for what is missing: no question waits for plain text."""
    about: str | None = None
    """The paper whose analysis this was said beneath, and its version, as commands take them:
    plain text is a question about it."""
    answered: str = ""
    """What the message says that this one answers, where the platform tells."""

    def made(self, subscription: Subscription) -> bool:
        """Whether it is this person's, where that gives the right to change it."""
        return self.makers_manage and subscription.maker == self.person


class Visibility(StrEnum):
    """Who sees a reply."""

    CHAT = "chat"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Told:
    """A word to another chat of the same platform: the admin, a chat that was let in."""

    address: str
    document: Document
    lang: Lang


@dataclass(frozen=True, slots=True)
class Reply:
    """A command's answer."""

    document: Document
    lang: Lang
    visibility: Visibility = Visibility.CHAT
    files: tuple[File, ...] = ()
    failed: bool = False
    """It says what was wrong; nothing was changed."""
    question: str | None = None
    """The command that the person's next plain text completes, with `{}` where it goes."""
    updates: AsyncIterator[Document] | None = None
    """What takes the document's place, one after the other, while something goes on."""
    told: tuple[Told, ...] = ()
    wrong: UserError | None = None
    """The mistake that a failed reply tells, for a form that puts it at its field."""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who is let in by the settings; the terminal always is."""

    open: bool = False
    """Every room is."""
    admins: frozenset[str] = frozenset()
    """People who decide about rooms, by their ids as the platform has them."""
    rooms: frozenset[str] = frozenset()
    """Rooms that are let in, likewise."""


@dataclass(frozen=True, slots=True)
class Context:
    """What commands work with; made once by the composition root."""

    desk: Desk
    source: PaperSource
    analyses: Analyses
    lang: Lang
    tz: str
    categories: Sequence[str]
    """Where a topic without a category searches."""
    changed: Callable[[], None] = field(default=lambda: None)
    """Called after a change to subscriptions, so that what is due is looked at again."""
    access: AccessRules = AccessRules()
    claim: ClaimCode | None = None
    """What makes the first admin; None: there is one."""
    limits: Limits | None = None
    """What models may use in a day; None: no model is set."""
    parked: Callable[[Tx, ChatKey, Rejected, datetime], None] = field(
        default=lambda _tx, _key, _error, _now: None
    )
    """Tells who subscribed a chat that it can't be reached any more."""
    archive_news: Callable[[], ArchiveNews | None] = field(default=lambda: None)
    """How the archive's last update went."""
    refusals: Refusals = field(default_factory=Refusals)
    """The rooms that were told lately that they are not let in."""

    @property
    def db(self) -> Database:
        """The database."""
        return self.desk.db

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.desk.clock

    @property
    def site(self) -> str:
        """Where links to papers lead, without a slash at its end."""
        return self.desk.site
