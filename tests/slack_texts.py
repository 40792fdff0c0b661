"""How Slack reads texts: mrkdwn, markdown and rich text; whom they mention, where they lead.

Reads strictly: what Slack might take for a mention or a link, is one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

_SEQUENCE = re.compile(r"<([^<>\n]*)>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*")
_BARE = re.compile(
    r"(?:https?://|www\.)[^\s<>|]+"
    r"|(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|ai|edu|gov|dev|app|cn|uk|de|fr|jp)\b"
    r"(?:/[^\s<>|]*)?"
)
_SHOUT = re.compile(r"(?<!\w)@(channel|here|everyone)\b")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_STYLES = {
    "pre": re.compile(r"```(.+?)```", re.DOTALL),
    "code": re.compile(r"(?<!`)`([^`\n]+)`(?!`)"),
    "bold": re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"),
    "italic": re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)"),
    "strike": re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"),
    "quote": re.compile(r"^(?:>|&gt;)+[ \t]?(.*)$", re.MULTILINE),
    "emoji": re.compile(r"(?<![\w:]):([a-z0-9_+-]+):(?![\w:])"),
}
_NAMED = {"user_id": "@", "channel_id": "#", "usergroup_id": "!subteam^", "range": "!"}
_SILENT = ("button", "overflow", "datepicker", "timepicker", "checkboxes", "radio_buttons")


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `bare`: Slack made it of an address in plain words."""

    url: str
    label: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown, and what it sets off.

    Mentions are `!channel`, `!here`, `!everyone`, `!subteam^S1`, `@U1`, `#C1`; styles are pairs
    such as ("bold", "words").
    """

    plain: str = ""
    mentions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    styles: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(
            "\n".join(filter(None, (self.plain, other.plain))),
            self.mentions + other.mentions,
            self.links + other.links,
            self.styles + other.styles,
        )


def mrkdwn(text: str, *, verbatim: bool = False, shouts: bool = True) -> Reading:
    """A mrkdwn text; `verbatim`: what is plain stays plain. `shouts`: @here in plain words calls
    everybody, as it may in blocks.
    """
    mentions, links, shown = [], [], []
    rest = 0
    for found in _SEQUENCE.finditer(text):
        shown.append(text[rest : found.start()])
        rest = found.end()
        shown.append(_sequence(found[1], mentions, links))
    shown.append(text[rest:])
    outside = _SEQUENCE.sub(" ", text)
    if not verbatim:
        mentions += [f"!{name}" for name in _SHOUT.findall(outside) if shouts]
        links += [Link(each.rstrip(".,;:!?)"), bare=True) for each in _BARE.findall(outside)]
    styles = [(name, each) for name, style in _STYLES.items() for each in style.findall(outside)]
    plain = _decoded("".join(shown))
    return Reading(plain, tuple(mentions), tuple(links), tuple(styles))


def _sequence(inside: str, mentions: list[str], links: list[Link]) -> str:
    target, _, label = inside.partition("|")
    if re.match(r"[@#][A-Z0-9]|!(?!date)\w", target):
        mentions.append(target)
        return label or (f"@{target[1:]}" if target[0] == "!" else target)
    if target.startswith("!date"):
        return label
    if _SCHEME.fullmatch(target):
        links.append(Link(_decoded(target), _decoded(label)))
        return label or target
    return f"<{inside}>"


def markdown(text: str) -> Reading:
    """A `markdown` block's text."""
    links = [Link(url, label) for label, url in _MARKDOWN_LINK.findall(text)]
    rest = _MARKDOWN_LINK.sub(lambda found: found[1], text)
    read = mrkdwn(rest)
    styles = [("bold", each) for each in re.findall(r"\*\*(.+?)\*\*", rest)]
    styles += [("heading", each) for each in re.findall(r"^#{1,6} +(.+)$", rest, re.MULTILINE)]
    shown = re.sub(r"\*\*(.+?)\*\*", r"\1", read.plain)
    return Reading(shown, read.mentions, (*links, *read.links), (*styles, *read.styles))


def blocks(items: Iterable[Any]) -> Reading:
    """All that blocks show, but for the labels of what can be clicked."""
    made = Reading()
    for each in items:
        made += _block(each)
    return made


def _block(item: Any) -> Reading:
    kind = item.get("type", "") if isinstance(item, dict) else ""
    if kind == "mrkdwn":
        return mrkdwn(item["text"], verbatim=item.get("verbatim", False))
    if kind == "plain_text":
        return Reading(item["text"])
    if kind == "markdown":
        return markdown(item["text"])
    if kind.startswith("rich_text_"):
        return _rich(item)
    if kind in _SILENT or kind.endswith(("_select", "_input")):
        return Reading()
    inside = item.values() if isinstance(item, dict) else item
    nested = [each for each in inside if isinstance(each, dict | list)]
    return blocks(nested)


def _rich(item: dict[str, Any]) -> Reading:
    leaves = [_leaf(each) for each in item.get("elements", [])]
    made = Reading()
    for each in leaves:
        made += each
    return Reading("".join(each.plain for each in leaves), made.mentions, made.links, made.styles)


def _leaf(item: dict[str, Any]) -> Reading:
    if item["type"] == "text":
        styles = tuple((name, item["text"]) for name in item.get("style", {}))
        return Reading(item["text"], styles=styles)
    if item["type"] == "link":
        shown = item.get("text", item["url"])
        return Reading(shown, links=(Link(item["url"], item.get("text", "")),))
    for field, sign in _NAMED.items():
        if field in item:
            return Reading(f"{sign}{item[field]}", (f"{sign}{item[field]}",))
    return _rich(item)


def characters(items: Any) -> int:
    """The characters of all texts in blocks, as far as Slack's cap on a message counts them."""
    return sum(map(len, _strings(items)))


def _strings(item: Any) -> Iterator[str]:
    if isinstance(item, list):
        for each in item:
            yield from _strings(each)
    elif isinstance(item, dict):
        for name, value in item.items():
            if name in ("text", "alt_text") and isinstance(value, str):
                yield value
            else:
                yield from _strings(value)


def escaped(text: str) -> str:
    """What a person typed, as Slack hands it on; mentions stay."""
    held = re.split(r"(<[@#!][^<>\n]*>)", text)
    kept = [each if at % 2 else _escape(each) for at, each in enumerate(held)]
    return "".join(kept)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), text)
