"""What of a chat's talk is meant for us, and what it says. Pure."""

import re
from dataclasses import dataclass

from telegram import Message, MessageEntity, User
from telegram.constants import MessageEntityType

from bot.commands.names import by_word
from bot.telegram.places import place_of
from jobs.arxiv_ids import first_paper_id, written

_COMMAND = re.compile(r"[/／](?P<word>[^\s@/]+)(?:@(?P<bot>[A-Za-z0-9_]+))?")


@dataclass(frozen=True, slots=True)
class Heard:
    """A line for the commands."""

    text: str
    addressed: bool = True
    """False: it may be a command or an answer, and if it is neither it was not meant for us."""


def hear(message: Message, me: User) -> Heard | None:
    """The line that a message says to us, or None when it says nothing to us.

    In a private chat everything does; in a group only commands that are not another bot's,
    what begins with our name, and replies to our messages.
    """
    text = (message.text or message.caption or "").strip()
    command = _COMMAND.match(text)
    others = command and command["bot"] and command["bot"].casefold() != _name(me)
    if others or message.via_bot or _by_a_bot(message):
        return None
    if place_of(message).is_private:
        return _heard_in_private(message, text)
    if command:
        return _heard_command(text, command)
    return _heard_in_group(message, text, me)


def answered_text(message: Message) -> str:
    """What the message says that this one answers, with where its hidden links lead."""
    answered = message.reply_to_message
    if answered is None:
        return ""
    hidden = [_url(entity) for entity in (*answered.entities, *answered.caption_entities)]
    return " ".join((answered.text or answered.caption or "", *hidden)).strip()


def _heard_command(text: str, command: re.Match[str]) -> Heard | None:
    """What is not said to us by name may be another bot's: so is what only admins know."""
    if command["bot"]:
        return Heard(text)
    known = by_word().get(command["word"].casefold())
    return Heard(text, addressed=not known.admins) if known else None


def _heard_in_group(message: Message, text: str, me: User) -> Heard | None:
    name = re.escape(_name(me))
    mention = re.match(rf"@{name}(?![A-Za-z0-9_])[\s,:，：、]*", text, re.IGNORECASE)
    if mention:
        return Heard(text[mention.end() :])
    replied = message.reply_to_message
    if text and replied and replied.from_user and replied.from_user.id == me.id:
        return Heard(text, addressed=False)
    return None


def _heard_in_private(message: Message, text: str) -> Heard | None:
    """A text; for a message with hidden links, also where they lead."""
    if not text:
        return Heard("") if message.effective_attachment else None
    hidden = [_url(entity) for entity in (*message.entities, *message.caption_entities)]
    if not text.startswith("/") and first_paper_id(text) is None:
        paper = first_paper_id(" ".join(hidden))
        return Heard(written(*paper) if paper else text)
    return Heard(text)


def _url(entity: MessageEntity) -> str:
    return entity.url or "" if entity.type == MessageEntityType.TEXT_LINK else ""


def _by_a_bot(message: Message) -> bool:
    """Another bot's talk; a group's anonymous admins look like one, but speak as the group."""
    as_group = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    return message.from_user is not None and message.from_user.is_bot and not as_group


def _name(me: User) -> str:
    return (me.username or "").casefold()
