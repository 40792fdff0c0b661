"""Message texts as Telegram sees them: TDLib's own parser, plus the limits that it leaves out.

Knows neither chats nor requests. TDLib's static functions need no client and answer at once.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import tdjson
from telegram_refusals import bad_request

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
ENTITIES = 100

_MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
_NAMES = {
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "PreCode": "pre",
    "EmailAddress": "email",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
}
_HIDING = frozenset({"code", "pre", "text_link", "text_mention"})
_SPLIT = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
# What Telegram counts as nothing besides white space.
_BLANK = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A text after parsing: what is shown, and its entities as the Bot API names them."""

    plain: str
    entities: tuple[Entity, ...] = ()

    @property
    def weight(self) -> int:
        """How many entities Telegram keeps of it: a style is cut wherever another one begins."""
        return sum(1 + _cuts(each, self.entities) for each in self.entities)


def parse(raw: str, mode: str | None = None, entities: list[Entity] | None = None) -> Text:
    """The text as it will be shown, with the entities given and those found in it."""
    if mode:
        if mode.lower() not in _MODES:
            raise bad_request("unsupported parse_mode")
        got = _execute("parseTextEntities", text=raw, parse_mode=_MODES[mode.lower()])
        if got["@type"] == "error":
            message = got["message"]
            raise bad_request(message[:1].lower() + message[1:])
        raw, given = got["text"], [_entity(each) for each in got["entities"]]
    else:
        given = [dict(each) for each in entities or ()]
    plain, given = _trimmed(raw, given)
    found = [each for each in _found(plain) if not any(_hides(other, each) for other in given)]
    every = sorted(given + found, key=lambda each: (each["offset"], -each["length"]))
    return Text(plain, tuple(every))


def check_text(text: Text) -> None:
    """Refuse what cannot be a message's text."""
    if not text.plain:
        raise bad_request("text must be non-empty")
    if len(text.plain) > TEXT_LENGTH:
        raise bad_request("message is too long")


def check_caption(text: Text) -> None:
    """Refuse what cannot be a document's caption."""
    if len(text.plain) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")


def units(text: str) -> int:
    """The length in UTF-16, in which entities are measured."""
    return len(text.encode("utf-16-le")) // 2


@cache
def _silence() -> None:
    tdjson.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')


def _execute(function: str, **arguments: Any) -> dict[str, Any]:
    _silence()
    answer = tdjson.td_execute(json.dumps({"@type": function, **arguments}).encode())
    assert answer is not None
    return json.loads(answer)


def _found(plain: str) -> list[Entity]:
    every = [_entity(each) for each in _execute("getTextEntities", text=plain)["entities"]]
    return [each for each in every if each["type"] not in ("bank_card_number", "media_timestamp")]


def _entity(raw: dict[str, Any]) -> Entity:
    kind = raw["type"]["@type"].removeprefix("textEntityType")
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).strip("_")
    entity = {"type": _NAMES.get(kind, snake), "offset": raw["offset"], "length": raw["length"]}
    if kind == "MentionName":
        entity["user"] = {"id": raw["type"]["user_id"], "is_bot": False, "first_name": "Someone"}
    for name in ("url", "language", "custom_emoji_id"):
        if name in raw["type"]:
            entity[name] = raw["type"][name]
    return entity


def _trimmed(raw: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    plain = raw.rstrip()
    start = units(plain) - units(plain.lstrip())
    plain = plain.lstrip()
    if not plain.strip(_BLANK + " \n\t"):
        return "", []
    end, kept = units(plain), []
    for each in entities:
        first = max(each["offset"] - start, 0)
        last = min(each["offset"] + each["length"] - start, end)
        if first < last:
            kept.append({**each, "offset": first, "length": last - first})
    return plain, kept


def _hides(other: Entity, found: Entity) -> bool:
    return (
        other["type"] in _HIDING
        and other["offset"] < found["offset"] + found["length"]
        and found["offset"] < other["offset"] + other["length"]
    )


def _cuts(entity: Entity, others: tuple[Entity, ...]) -> int:
    if entity["type"] not in _SPLIT:
        return 0
    first, last = entity["offset"], entity["offset"] + entity["length"]
    borders = {border for o in others for border in (o["offset"], o["offset"] + o["length"])}
    return sum(first < border < last for border in borders)
