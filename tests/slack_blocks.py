"""Whether blocks and views are such as Slack takes, judged twice: by shapes, and by slack_sdk.

Knows no requests: what to answer is in slack_checks.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from slack_elements import ACCESSORY, ACTION, CONTEXT, FEEDBACK, INPUT, MRKDWN, PLAIN, URL
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_shapes import (
    Check,
    anything,
    choice,
    flag,
    listing,
    problem,
    shape,
    string,
    text,
    typed,
)

_TEXT = (PLAIN, MRKDWN)
_ID = {"block_id": string(255)}

_BLOCKS: dict[str, Check] = {
    "section": shape(
        {},
        _ID
        | {
            "text": text(3000, *_TEXT),
            "fields": listing(text(2000, *_TEXT), 10),
            "accessory": ACCESSORY,
            "expand": flag,
        },
    ),
    "header": shape({"text": text(150, PLAIN)}, _ID),
    "divider": shape({}, _ID),
    "context": shape({"elements": listing(CONTEXT, 10)}, _ID),
    "actions": shape({"elements": listing(ACTION, 25)}, _ID),
    "image": shape(
        {"alt_text": string(2000)},
        _ID | {"image_url": URL, "slack_file": anything, "title": text(2000, PLAIN)},
    ),
    "input": shape(
        {"label": text(2000, PLAIN), "element": INPUT},
        _ID | {"hint": text(2000, PLAIN), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": shape({"elements": listing(anything, 1000)}, _ID),
}
_IN_MESSAGES: dict[str, Check] = {
    "markdown": shape({"text": string(12_000)}, _ID),
    "context_actions": shape({"elements": listing(FEEDBACK, 5)}, _ID),
    "table": shape(
        {"rows": listing(listing(anything, 20), 100)}, _ID | {"column_settings": anything}
    ),
}
_ELSEWHERE = frozenset({"card", "carousel", "container", "alert", "plan", "task_card", "video"})
"""Types that only slack_sdk judges."""

_IN_VIEWS = typed(_BLOCKS)
_VIEW = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = shape(
    {"title": text(24, PLAIN), "blocks": listing(_IN_VIEWS, 100)},
    _VIEW
    | {
        "submit": text(24, PLAIN),
        "close": text(24, PLAIN),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = shape({"blocks": listing(_IN_VIEWS, 100)}, _VIEW)
_IN_MESSAGE = listing(
    typed(_BLOCKS | _IN_MESSAGES | dict.fromkeys(_ELSEWHERE, anything)), 50, least=0
)


def in_message(blocks: list[Any]) -> list[str]:
    """What is wrong with a message's blocks."""
    wrong = [*_IN_MESSAGE(blocks, "/blocks")]
    return wrong or [*_meant(blocks, "/blocks"), *_by_sdk(blocks, "/blocks")]


def in_view(view: dict[str, Any], kind: str) -> list[str]:
    """What is wrong with a view that is to be a `modal` or a `home`."""
    wrong = [*choice(kind)(view.get("type"), "/view/type")]
    wrong += {"modal": _MODAL, "home": _HOME}[kind](view, "/view")
    if wrong:
        return wrong
    blocks = view["blocks"]
    wrong = [*_meant(blocks, "/view/blocks"), *_by_sdk(blocks, "/view/blocks")]
    inputs = any(each["type"] == "input" for each in blocks)
    if kind == "modal" and inputs and "submit" not in view:
        wrong.append(problem("missing required field: submit", "/view"))
    focused = [each for each in blocks if each.get("element", {}).get("focus_on_load")]
    if len(focused) > 1:
        wrong.append(problem("only one element may set focus_on_load", "/view"))
    return wrong or _view_by_sdk(view)


def _meant(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    """What no shape can say: ids that repeat, sections without words, images from nowhere."""
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        here, ident = f"{at}/{place}", block.get("block_id")
        if ident in seen:
            yield problem(f"`block_id` {ident!r} already exists".replace("'", '"'), here)
        seen |= {ident} if ident else set()
        if block["type"] == "section" and not ("text" in block or "fields" in block):
            yield problem("missing required field: text", here)
        if block["type"] == "image" and ("image_url" in block) == ("slack_file" in block):
            yield problem("must provide either image_url or slack_file", here)
        yield from _repeated_actions(block, here)


def _repeated_actions(block: dict[str, Any], at: str) -> Iterator[str]:
    seen: set[str] = set()
    elements = block.get("elements", []) if block["type"] == "actions" else []
    for place, each in enumerate(elements):
        ident = each.get("action_id")
        if ident in seen:
            words = f'`action_id` "{ident}" already exists'
            yield problem(words, f"{at}/elements/{place}/action_id")
        seen |= {ident} if ident else set()


def _by_sdk(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    for place, block in enumerate(blocks):
        if words := _sdk_finds(json.dumps(block)):
            yield problem(words, f"{at}/{place}")


@lru_cache(4096)
def _sdk_finds(block: str) -> str:
    """What slack_sdk has against a block; it takes its time, and mornings repeat themselves."""
    content = json.loads(block)
    try:
        parsed = Block.parse(content)
        if parsed is None:
            return f"unsupported type: {content['type']}"
        parsed.to_dict()
    except (SlackObjectFormationError, TypeError, KeyError) as error:
        return str(error)
    return ""


def _view_by_sdk(view: dict[str, Any]) -> list[str]:
    try:
        View(**view).to_dict()
    except (SlackObjectFormationError, TypeError, KeyError) as error:
        return [problem(str(error), "/view")]
    return []
