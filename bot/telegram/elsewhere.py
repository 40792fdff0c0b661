"""`… to @channel`: a command in a private chat that is about another chat.

The asker proves by Telegram's own word to be a member of it, for changes an admin; buttons of
the answer carry the chat along.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.telegram.places import Place, read_address, title_of
from formatters.document import Buttons, Document
from storage.errors import UserError

_ENDING = re.compile(
    r"""(?P<line>/?\S.*?)
    (?: \s+ (?:to|in|on|for|of) \s+ | \s* (?:推送到|发送到|发到|到|给|在) \s* )
    (?P<chat> @[A-Za-z]\w{3,31} | -[0-9]{5,20} (?:/[0-9]{1,12})? )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another chat, as the asker may see it."""

    place: Place
    title: str
    may_manage: Callable[[], Awaitable[bool]]


def split_line(text: str) -> tuple[str, str | None]:
    """A line and the chat that it names at its end, as `@name` or an address."""
    found = _ENDING.fullmatch(text.strip())
    return (found["line"].strip(), found["chat"]) if found else (text, None)


def carried(document: Document, place: Place) -> Document:
    """The document with buttons that stay with the place, wherever they are tapped."""
    return Document(
        tuple(
            Buttons(
                tuple(
                    replace(button, command=f"{button.command} to {place.address}")
                    for button in block.buttons
                )
            )
            if isinstance(block, Buttons)
            else block
            for block in document.blocks
        )
    )


async def visit(bot: Bot, named: str, user: int) -> Elsewhere:
    """The chat that somebody names. Raises UserError where it is none of theirs."""
    asked = named if named.startswith("@") else read_address(named).chat
    try:
        chat = await bot.get_chat(asked)
    except (BadRequest, Forbidden) as error:
        raise UserError("elsewhere.unknown", chat=named) from error
    if chat.type == ChatType.PRIVATE:
        raise UserError("elsewhere.unknown", chat=named)
    try:
        member = await bot.get_chat_member(chat.id, user)
    except (BadRequest, Forbidden) as error:
        raise UserError("elsewhere.not_in", chat=named) from error
    if not is_inside(member):
        raise UserError("elsewhere.not_member", chat=named)

    async def may_manage() -> bool:
        if member.status not in ADMINS:
            return False
        if chat.type == ChatType.CHANNEL:
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
    except (BadRequest, Forbidden):
        return False
    return member.status in ADMINS


async def _prove_posting(bot: Bot, chat: int, named: str) -> None:
    me = await bot.get_chat_member(chat, bot.id)
    if not isinstance(me, ChatMemberAdministrator) or not me.can_post_messages:
        raise UserError("elsewhere.cannot_post", chat=named)
