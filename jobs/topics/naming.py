"""What a topic is called in a chat's language. Pure."""

from jobs.presets import presets
from storage.models import Lang, Topic


def name_of(topic: Topic, lang: Lang) -> str:
    """The preset's name in the language, else the topic as it was written."""
    preset = presets().named(topic.preset) if topic.preset else None
    if preset is None:
        return topic.text
    return preset.zh if lang is Lang.ZH else preset.en
