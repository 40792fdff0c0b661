"""The form that /subscribe opens: its fields, and what was entered as a line. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands import hours
from bot.commands.options import MOST_PAPERS
from bot.slack.places import Place
from bot.slack.suggesting import Option, option, zone
from formatters.catalogue import say
from formatters.compose.replies.words import button, days_words
from formatters.document import Buttons, Document, Text, plain
from formatters.slack import one_post
from formatters.text import truncate
from storage.errors import UserError
from storage.models import Lang

CALLBACK = "subscribe"
TOPIC, QUERY, CHANNEL, HOUR, ZONE, DAYS, LANG, COUNT = (
    "topic", "query", "channel", "hour", "zone", "days", "lang", "count",
)  # fmt: skip
"""The fields; each is called so as block and as element."""
LONGEST_QUERY = 1_500
LONGEST_ERROR = 300
FRESH = "fresh"
EVERY_DAY = "daily"

Json = dict[str, Any]
Errors = dict[str, str]
"""Field → what is wrong with it."""

_AT = {
    "option": TOPIC, "topic": TOPIC, "time": HOUR, "weekly": HOUR, "zone": ZONE,
    "days": DAYS, "lang": LANG, "count": COUNT,
}  # fmt: skip
"""The subject of a mistake → the field that it is made in; all others are the channel's."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is shown the form, and where they asked for it."""

    lang: Lang
    tz: str | None
    channel: str | None
    """None: not in a channel."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered."""

    fields: Mapping[str, str]
    """What each field holds, as /subscribe takes it; empty ones are left out."""
    lang: Lang
    """Of the form."""

    @property
    def line(self) -> str:
        """The command."""
        said = self.fields
        parts = [
            f"/subscribe {self.topic}",
            f"at {said.get(HOUR, FRESH)}",
            f"tz {said[ZONE]}" if ZONE in said else "",
            f"days {said.get(DAYS, EVERY_DAY)}",
            f"lang {said.get(LANG, self.lang)}",
            f"max {said.get(COUNT, 'off')}",
        ]
        return " ".join(part for part in parts if part)

    @property
    def topic(self) -> str:
        """The chosen topic or the written query."""
        return self.fields.get(QUERY) or self.fields.get(TOPIC, "")

    @property
    def topic_field(self) -> str:
        """Where the topic was entered."""
        return QUERY if QUERY in self.fields else TOPIC

    @property
    def mistakes(self) -> Errors:
        """What is wrong whatever the commands make of it."""
        if not self.topic:
            return {TOPIC: say("form.no_topic", self.lang)}
        if TOPIC in self.fields and QUERY in self.fields:
            return {QUERY: say("form.two_topics", self.lang)}
        return {}

    def field_of(self, wrong: UserError | None) -> str:
        """The field that a mistake is made in."""
        found = _AT.get(wrong.key.partition(".")[0], CHANNEL) if wrong else CHANNEL
        return self.topic_field if found == TOPIC else found

    def place(self, user: str) -> Place:
        """Where the digests shall come."""
        return Place(self.fields.get(CHANNEL, user))


def form(asker: Asker) -> Json:
    """The form, empty but for what is usual."""
    lang = asker.lang
    return _modal(
        [
            _input(TOPIC, say("form.topic", lang), _topics(lang), optional=True),
            _input(QUERY, say("form.query", lang), _query(lang), optional=True),
            _input(CHANNEL, say("form.channel", lang), _channels(asker), optional=True)
            | {"hint": _plain(say("form.channel_how", lang))},
            _input(HOUR, say("form.hour", lang), _hours(lang)),
            _input(ZONE, say("form.zone", lang), _zones(asker), optional=True),
            _input(DAYS, say("form.days", lang), _days(lang), optional=True),
            _input(LANG, say("form.lang", lang), _langs(lang)),
            _input(COUNT, say("form.count", lang), _counts(), optional=True)
            | {"hint": _plain(say("form.count_how", lang, most=MOST_PAPERS))},
        ],
        lang,
        close=say("form.cancel", lang),
        submit=_plain(say("form.subscribe", lang)),
        callback_id=CALLBACK,
        private_metadata=json.dumps({"lang": lang}),
    )


def lang_of_form(view: Mapping[str, Any]) -> Lang:
    """The language that a form is in."""
    return Lang(json.loads(view["private_metadata"])["lang"])


def entered(view: Mapping[str, Any]) -> Entered:
    """What a submitted form holds."""
    fields = {}
    for block, elements in view["state"]["values"].items():
        held = _held(elements[block])
        if held:
            fields[block] = held
    return Entered(fields, lang_of_form(view))


def answer(document: Document, lang: Lang) -> Json:
    """What stands in the form's place afterwards; without buttons, which belong to the chat."""
    told = Document(tuple(b for b in document.blocks if not isinstance(b, Buttons)))
    return _modal(one_post(told, lang).blocks, lang, close=say("form.done", lang))


def failed(errors: Errors, lang: Lang) -> Json:
    """Errors that come too late to stand at their fields."""
    return answer(Document(tuple(Text(plain(said)) for said in errors.values())), lang)


def working(lang: Lang) -> Json:
    """Meanwhile."""
    return answer(Document((Text(plain(say("form.working", lang))),)), lang)


def words(document: Document) -> str:
    """What a document says, for beside a field."""
    texts = [block.text for block in document.blocks if isinstance(block, Text)]
    said = " ".join("".join(span.text for span in text) for text in texts)
    return truncate(said, LONGEST_ERROR)


def _held(element: Mapping[str, Any]) -> str:
    """An element's value as a word or words."""
    chosen = element.get("selected_option")
    if chosen:
        return str(chosen["value"])
    many = element.get("selected_options")
    if many:
        return ",".join(each["value"] for each in many)
    said = element.get("selected_conversation") or element.get("value") or ""
    return " ".join(str(said).split())


def _modal(blocks: Sequence[Json], lang: Lang, *, close: str, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": _plain(say("form.title", lang)),
        "close": _plain(close),
        "blocks": list(blocks),
        **more,
    }


def _input(name: str, label: str, element: Json, *, optional: bool = False) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "element": {"action_id": name, **element},
        "optional": optional,
    }


def _topics(lang: Lang) -> Json:
    return {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": _plain(say("form.topic_how", lang)),
        "focus_on_load": True,
    }


def _query(lang: Lang) -> Json:
    return {
        "type": "plain_text_input",
        "max_length": LONGEST_QUERY,
        "placeholder": _plain(say("form.query_example", lang)),
    }


def _channels(asker: Asker) -> Json:
    made: Json = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"]},
        "placeholder": _plain(say("form.channel_none", asker.lang)),
    }
    return made if asker.channel is None else made | {"initial_conversation": asker.channel}


def _hours(lang: Lang) -> Json:
    fresh = option(say("button.fresh", lang), FRESH)
    halves = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
    options = [fresh, *(option(half, half) for half in halves)]
    return {"type": "static_select", "options": options, "initial_option": fresh}


def _zones(asker: Asker) -> Json:
    made: Json = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": _plain(say("form.zone_how", asker.lang)),
    }
    return made if asker.tz is None else made | {"initial_option": zone(asker.tz, asker.lang)}


def _days(lang: Lang) -> Json:
    groups = {"weekdays": hours.WEEKDAYS, "weekends": hours.WEEKEND}
    named = {name: days_words(days, lang) for name, days in groups.items()}
    single = {name: days_words((day,), lang) for day, name in enumerate(hours.SHORT_NAMES)}
    return {
        "type": "multi_static_select",
        "options": [option(label, name) for name, label in (named | single).items()],
        "placeholder": _plain(days_words(hours.EVERY_DAY, lang)),
    }


def _langs(lang: Lang) -> Json:
    options = {each: _language(each) for each in Lang}
    return {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[lang],
    }


def _language(lang: Lang) -> Option:
    """Each under its own name: who reads it finds it."""
    return option(button(f"lang_{lang}", "", lang).label, lang)


def _counts() -> Json:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(MOST_PAPERS),
    }


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
