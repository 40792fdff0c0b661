"""Whether what an app sends is such as Slack takes: messages, metadata, views, suggestions.

Refuses as Slack does; what Slack would take but spoil is told to `note`.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import slack_texts as texts
from slack_blocks import in_message, in_view
from slack_elements import SUGGESTIONS
from slack_refusals import Refusal, refused

TEXT = 40_000
UPDATED_TEXT = 4_000
BLOCK_CHARACTERS = 13_000
"""What all blocks of a message may hold together; Slack doesn't publish the number."""
BUDGET = 9_000
"""What is surely accepted."""
MARKDOWN = 12_000
METADATA = 16_384
"""Characters of JSON; Slack doesn't publish the number."""
_TABLES = frozenset({"table", "data_table"})

Note = Callable[[str], None]


def decoded(value: Any, wrong: str) -> Any:
    """JSON that came in a form field."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal(wrong) from None


def message(content: dict[str, Any], note: Note, *, capped: bool = True) -> dict[str, Any]:
    """The text, blocks and metadata of a message, checked. `capped`: the sum of blocks too."""
    blocks = _blocks(content.get("blocks"), note, capped=capped)
    text = content.get("text") or ""
    if markdown := content.get("markdown_text"):
        if text or blocks:
            raise Refusal("markdown_text_conflict")
        if len(markdown) > MARKDOWN:
            raise Refusal("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    if not isinstance(text, str):
        raise Refusal("invalid_arguments", ("must be a string [json-pointer:/text]",))
    if not (text.strip() or blocks or content.get("attachments")):
        raise Refusal("no_text")
    if blocks and not text.strip() and not markdown:
        note("blocks without a fallback text")
    if len(text) > TEXT:
        note(f"text of {len(text)} characters is cut")
    return {"text": text[:TEXT], "blocks": blocks, "metadata": metadata(content.get("metadata"))}


def _blocks(value: Any, note: Note, *, capped: bool) -> list[dict[str, Any]]:
    blocks = decoded(value, "invalid_blocks_format") or []
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    refused("invalid_blocks", in_message(blocks))
    if sum(len(each["text"]) for each in blocks if each["type"] == "markdown") > MARKDOWN:
        raise Refusal("msg_too_long")
    if sum(each["type"] in _TABLES for each in blocks) > 1:
        raise Refusal("invalid_attachments", ("only_one_table_allowed",))
    size = texts.characters(blocks)
    if capped and size > BLOCK_CHARACTERS:
        raise Refusal("msg_blocks_too_long")
    if size > BUDGET:
        note(f"{size} characters over all blocks, where {BUDGET} are safe")
    return blocks


def metadata(value: Any) -> dict[str, Any] | None:
    made = decoded(value, "invalid_metadata_format")
    if made is None:
        return None
    fields = isinstance(made, dict) and {"event_type": str, "event_payload": dict}
    if not fields or any(not isinstance(made.get(name), kind) for name, kind in fields.items()):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(made, ensure_ascii=False)) > METADATA:
        raise Refusal("metadata_too_large")
    return made


def client_msg_id(value: Any, note: Note) -> str:
    if value is None:
        return ""
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError):
        note(f"client_msg_id {value!r} is no UUID")
        return str(value)


def view(value: Any, kind: str) -> dict[str, Any]:
    """A view to be opened or published, checked."""
    made = decoded(value, "invalid_arguments")
    if not isinstance(made, dict):
        raise Refusal("invalid_arguments", ("must provide an object [json-pointer:/view]",))
    refused("invalid_arguments", in_view(made, kind))
    if len(json.dumps(made, ensure_ascii=False)) > 250_000:
        raise Refusal("view_too_large")
    return made


def suggestions(value: Any) -> list[dict[str, Any]]:
    """The options of an answer to a block_suggestion."""
    refused("invalid_options", SUGGESTIONS(value, ""))
    grouped = [each for group in value.get("option_groups", []) for each in group["options"]]
    return value.get("options", []) + grouped
