"""What a line asks for, and how Slack has its commands typed. Pure.

What has no slash command stands behind the umbrella: `/pause 7d` is `/paperround pause 7d`.
"""

import re
from dataclasses import replace

from bot.commands.line import Line, read_line
from bot.commands.names import TABLE, Name
from bot.commands.request import Reply, Visibility
from bot.slack.requirements import SLASH_COMMANDS
from formatters.compose.replies.words import faint
from formatters.document import (
    Block,
    Bullets,
    Code,
    Document,
    Facts,
    Heading,
    Inline,
    Text,
    Title,
)
from jobs.arxiv_ids import first_paper_id
from storage.errors import UserError

UMBRELLA = "/paperround"
FOUNDING = frozenset({Name.SUBSCRIBE, Name.CHOOSE, Name.OFFER})
"""What makes a chat of its own of the thread that it is said in."""
INTRODUCING = frozenset({Name.START, Name.HELP})

_BEHIND_UMBRELLA = "|".join(
    command.name for command in TABLE if f"/{command.name}" not in SLASH_COMMANDS
)
_COMMAND = re.compile(rf"(?<![\w/.:])/(?=(?:{_BEHIND_UMBRELLA})(?![\w/-]))")


def subscribing(text: str) -> str | None:
    """What stands behind /subscribe; None for every other line."""
    said = _read(text)
    is_that = said is not None and said.command is not None and said.command.name is Name.SUBSCRIBE
    return said.argument if said is not None and is_that else None


def posts_later(text: str) -> bool:
    """Whether what a line asks for is posted when it is done."""
    said = _read(text)
    return said is not None and said.command is not None and said.command.name is Name.ANALYZE


def founds(text: str) -> bool:
    """Whether a line subscribes, or may answer a question on the way there."""
    said = _read(text)
    return said is not None and (said.command is None or said.command.name in FOUNDING)


def with_address(reply: Reply, text: str) -> Reply:
    """A channel's answer to a line; one that tells what to say tells how to say it to us there."""
    if reply.question is not None:
        key = "talk.answer"
    elif _introduces(reply, text):
        key = "talk.how"
    else:
        return reply
    return replace(reply, document=reply.document + Document((faint(key, reply.lang),)))


def as_typed(document: Document) -> Document:
    """The document, with its commands as Slack takes them. What papers say stays as it is."""
    return Document(tuple(_typed(block) for block in document.blocks))


def _read(text: str) -> Line | None:
    try:
        return read_line(text)
    except UserError:
        return None


def _introduces(reply: Reply, text: str) -> bool:
    """Whether it tells the commands: to who asked for them, or said nothing that is one."""
    said = _read(text)
    if said is None:
        return False
    if said.command is not None:
        return said.command.name in INTRODUCING
    return reply.visibility is Visibility.PERSON and first_paper_id(text) is None


def _typed(block: Block) -> Block:
    if isinstance(block, Title | Heading | Text):
        return replace(block, text=_inline(block.text))
    if isinstance(block, Bullets):
        return replace(block, items=tuple(_inline(item) for item in block.items))
    if isinstance(block, Facts):
        pairs = ((_said(name), _inline(value)) for name, value in block.pairs)
        return replace(block, pairs=tuple(pairs))
    return Code(_said(block.text)) if isinstance(block, Code) else block


def _inline(text: Inline) -> Inline:
    return tuple(replace(span, text=_said(span.text)) for span in text)


def _said(text: str) -> str:
    return _COMMAND.sub(f"{UMBRELLA} ", text)
