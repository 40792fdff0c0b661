"""`… to @channel`: a command in a private chat that is about another chat.

The asker proves by Telegram's own word to be a member of it, for changes an admin; buttons of
the answer carry the chat along. Who is no member learns nothing of a chat, not even whether
there is one.
"""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from telegram import (
    Bot,
    ChatFullInfo,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.commands.line import has_slash, read_line
from bot.telegram.places import Place, read_address, title_of
from formatters.document import Block, Buttons, Document, Lead
from formatters.text import strip_controls
from jobs.arxiv_ids import parse_paper_id
from storage.errors import UserError

_NAMED = re.compile(
    r"""(?P<line>/?\S.*?)
    (?: (?: [ ]to[ ] | [ ]?(?:推送到|发送到|发到|到|给)[ ]? )
        (?: (?P<name>@[A-Za-z][A-Za-z0-9_]{3,31}) (?P<rest>[ ].*)?
          | (?P<ident>-[0-9]{5,20}(?:/[0-9]{1,12})?) )
      | (?: [ ](?:in|on|for|of)[ ] | [ ]?在[ ]? )
        (?P<within>@[A-Za-z][A-Za-z0-9_]{3,31} | -100[0-9]{8,17}(?:/[0-9]{1,12})?) )""",
    re.VERBOSE | re.IGNORECASE,
)
"""After `to` stands any chat, its name not always at the end; after other words no number that
may be one which a topic excludes."""
ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another chat, as the asker may see it."""

    place: Place
    title: str
    may_manage: Callable[[], Awaitable[bool]]


def split_line(text: str) -> tuple[str, str | None]:
    """A command and the chat that it names, as `@name` or an address.

    What is no command names no chat, nor does what stands in quotes.
    """
    plain = unicodedata.normalize("NFKC", strip_controls(text))
    found = _NAMED.fullmatch(" ".join(plain.split()))
    if found is None or found["line"].count('"') % 2:
        return text, None
    line = found["line"] + (found["rest"] or "")
    if not _is_command(line):
        return text, None
    return line, found["name"] or found["ident"] or found["within"]


def is_talk(text: str) -> bool:
    """Whether this is neither a command nor a paper's id: it may answer a question."""
    is_said = bool(text.strip()) and not has_slash(text)
    return is_said and not _is_command(text) and parse_paper_id(text) is None


def carried(document: Document, place: Place) -> Document:
    """The document with buttons that stay with the place, wherever they are tapped."""
    suffix = f" to {place.address}"
    return Document(tuple(_suffixed(block, suffix) for block in document.blocks))


async def visit(bot: Bot, named: str, user: int, *, admins_only: bool = True) -> Elsewhere:
    """The chat that somebody names. Raises UserError where it is none of theirs.

    `admins_only`: of a group's members only its admins manage it; of a channel's always.
    """
    try:
        chat = await _chat(bot, named)
        member = await _member(bot, chat, named, user)
    except ChatMigrated as error:
        return await visit(bot, str(error.new_chat_id), user, admins_only=admins_only)
    except TelegramError as error:
        log.warning("Telegram does not say who is in a chat", reason=error.message)
        raise UserError("elsewhere.defect") from error
    is_channel = chat.type == ChatType.CHANNEL

    async def may_manage() -> bool:
        if member.status not in ADMINS and (admins_only or is_channel):
            return False
        if is_channel:
            await _prove_posting(bot, chat.id, named)
        return True

    thread = None if named.startswith("@") else read_address(named).thread
    return Elsewhere(Place(chat.id, thread), title_of(chat), may_manage)


def is_inside(member: ChatMember) -> bool:
    """Whether this is a member now."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def is_admin(bot: Bot, chat: int, user: int) -> bool:
    """Whether a user administers a group."""
    try:
        member = await bot.get_chat_member(chat, user)
    except ChatMigrated as error:
        return await is_admin(bot, error.new_chat_id, user)
    except (BadRequest, Forbidden):
        return False
    return member.status in ADMINS


def _suffixed(block: Block, suffix: str) -> Block:
    """The block, with this behind each command that it carries."""
    if isinstance(block, Lead):
        return replace(block, suffix=suffix)
    if isinstance(block, Buttons):
        return Buttons(
            tuple(replace(button, command=button.command + suffix) for button in block.buttons)
        )
    return block


async def _chat(bot: Bot, named: str) -> ChatFullInfo:
    asked = named if named.startswith("@") else read_address(named).chat
    try:
        chat = await bot.get_chat(asked)
    except (BadRequest, Forbidden) as error:
        raise UserError("elsewhere.unknown", chat=named) from error
    if chat.type == ChatType.PRIVATE:
        raise UserError("elsewhere.unknown", chat=named)
    return chat


async def _member(bot: Bot, chat: ChatFullInfo, named: str, user: int) -> ChatMember:
    """The asker, who is inside. What has a public name may be told to be without us or them."""
    is_public = named.startswith("@")
    try:
        member = await bot.get_chat_member(chat.id, user)
    except (BadRequest, Forbidden) as error:
        raise UserError(
            "elsewhere.not_in" if is_public else "elsewhere.unknown", chat=named
        ) from error
    if not is_inside(member):
        raise UserError("elsewhere.not_member" if is_public else "elsewhere.unknown", chat=named)
    return member


async def _prove_posting(bot: Bot, chat: int, named: str) -> None:
    me = await bot.get_chat_member(chat, bot.id)
    if not isinstance(me, ChatMemberAdministrator) or not me.can_post_messages:
        raise UserError("elsewhere.cannot_post", chat=named)


def _is_command(text: str) -> bool:
    try:
        return read_line(text).command is not None
    except UserError:
        return False
