"""The elements that Slack's blocks are made of, as shapes: buttons, menus, inputs, options."""

from collections.abc import Iterator
from typing import Any

from slack_shapes import (
    Check,
    anything,
    choice,
    flag,
    listing,
    matching,
    number,
    problem,
    shape,
    string,
    text,
    typed,
)

PLAIN, MRKDWN = "plain_text", "mrkdwn"
URL = matching(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "invalid url")

_ID = string(255)
_CONFIRM = shape(
    {"title": text(100, PLAIN), "text": text(300, PLAIN, MRKDWN)},
    {"confirm": text(30, PLAIN), "deny": text(30, PLAIN), "style": choice("primary", "danger")},
)
_PLACEHOLDER = text(150, PLAIN)
_DAY = matching(r"\d{4}-\d\d-\d\d", "invalid date")
_HOUR = matching(r"([01]\d|2[0-3]):[0-5]\d", "invalid time")


def _option(*kinds: str, linked: bool = False) -> Check:
    more = {"description": text(75, *kinds)} | ({"url": URL} if linked else {})
    return shape({"text": text(75, *kinds), "value": string(150)}, more)


OPTION = _option(PLAIN)
OPTION_GROUP = shape({"label": text(75, PLAIN), "options": listing(OPTION, 100)})
_CHOICE = _option(PLAIN, MRKDWN)
_GROUPED = {"options": listing(OPTION, 100), "option_groups": listing(OPTION_GROUP, 100)}
_MENU = {
    "action_id": _ID,
    "placeholder": _PLACEHOLDER,
    "confirm": _CONFIRM,
    "focus_on_load": flag,
}
_ONE_OF = {"action_id": _ID, "confirm": _CONFIRM, "focus_on_load": flag}
_MANY = {"max_selected_items": number}


def _offered(value: dict[str, Any], at: str) -> Iterator[str]:
    """Options or groups of options, and what is chosen at first is among them."""
    if ("options" in value) == ("option_groups" in value):
        yield problem("must provide either options or option_groups", at)
    groups = value.get("option_groups", [])
    options = [*value.get("options", []), *(each for it in groups for each in it["options"])]
    chosen = [value["initial_option"]] if "initial_option" in value else []
    for each in [*chosen, *value.get("initial_options", [])]:
        if each not in options:
            yield problem("must match one of the provided options", f"{at}/initial_option")


def _static(**more: Check) -> Check:
    fields = shape({}, _MENU | _GROUPED | more)

    def check(value: Any, at: str) -> Iterator[str]:
        wrong = [*fields(value, at)]
        yield from wrong or _offered(value, at)

    return check


def _choices(**more: Check) -> Check:
    fields = shape({"options": listing(_CHOICE, 10)}, _ONE_OF | more)

    def check(value: Any, at: str) -> Iterator[str]:
        wrong = [*fields(value, at)]
        yield from wrong or _offered(value, at)

    return check


_TYPED = {
    "action_id": _ID,
    "placeholder": _PLACEHOLDER,
    "focus_on_load": flag,
    "dispatch_action_config": shape(
        {},
        {
            "trigger_actions_on": listing(
                choice("on_enter_pressed", "on_character_entered"), 2, least=1
            )
        },
    ),
}
_SEARCH = {"min_query_length": number}
_LENGTHS = {"min_length": number, "max_length": number}
IMAGE = shape({"alt_text": string(2000)}, {"image_url": URL, "slack_file": anything})

BUTTON = shape(
    {"text": text(75, PLAIN)},
    {
        "action_id": _ID,
        "url": URL,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)

MENUS: dict[str, Check] = {
    "static_select": _static(initial_option=OPTION),
    "multi_static_select": _static(initial_options=listing(OPTION, 100), **_MANY),
    "external_select": shape({}, _MENU | _SEARCH | {"initial_option": OPTION}),
    "multi_external_select": shape(
        {}, _MENU | _SEARCH | _MANY | {"initial_options": listing(OPTION, 100)}
    ),
    "users_select": shape({}, _MENU | {"initial_user": _ID}),
    "multi_users_select": shape({}, _MENU | _MANY | {"initial_users": listing(_ID, 100)}),
    "channels_select": shape({}, _MENU | {"initial_channel": _ID, "response_url_enabled": flag}),
    "conversations_select": shape(
        {},
        _MENU
        | {
            "initial_conversation": _ID,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": anything,
        },
    ),
    "datepicker": shape({}, _MENU | {"initial_date": _DAY}),
    "timepicker": shape({}, _MENU | {"initial_time": _HOUR, "timezone": string(100)}),
    "datetimepicker": shape({}, _ONE_OF | {"initial_date_time": number}),
    "checkboxes": _choices(initial_options=listing(_CHOICE, 10)),
    "radio_buttons": _choices(initial_option=_CHOICE),
}

CLICKABLE: dict[str, Check] = MENUS | {
    "button": BUTTON,
    "overflow": shape(
        {"options": listing(_option(PLAIN, linked=True), 5)},
        {"action_id": _ID, "confirm": _CONFIRM},
    ),
}

INPUTS: dict[str, Check] = MENUS | {
    "plain_text_input": shape(
        {}, _TYPED | _LENGTHS | {"initial_value": string(3000, 0), "multiline": flag}
    ),
    "number_input": shape(
        {"is_decimal_allowed": flag},
        _TYPED | dict.fromkeys(("initial_value", "min_value", "max_value"), string(40)),
    ),
    "email_text_input": shape({}, _TYPED | {"initial_value": string(3000)}),
    "url_text_input": shape({}, _TYPED | {"initial_value": string(3000)}),
}

ACCESSORY = typed(CLICKABLE | {"image": IMAGE})
ACTION = typed(CLICKABLE)
INPUT = typed(INPUTS)
CONTEXT = typed(
    {
        "image": IMAGE,
        PLAIN: shape({"text": string(3000)}, {"emoji": flag}),
        MRKDWN: shape({"text": string(3000)}, {"verbatim": flag}),
    }
)
FEEDBACK = typed({"feedback_buttons": anything, "icon_button": anything})
SUGGESTIONS = shape(
    {}, {"options": listing(OPTION, 100, 0), "option_groups": listing(OPTION_GROUP, 100)}
)
