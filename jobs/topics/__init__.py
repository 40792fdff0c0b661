"""What a chat subscribes to: topic syntax → tree, presets, categories.

Pure apart from the data files read at first use; evaluates nothing (`jobs.matching`).
The way of a text: `lines` makes it plain, `translate` turns Chinese words into English,
`lucene` has luqum parse it, `tree` builds our tree, `scope` adds the categories.
"""

from jobs.presets import Preset, find_presets, suggest
from jobs.topics.errors import TopicError, pointer
from jobs.topics.naming import name_of
from jobs.topics.parse import parse, preset_topic
from jobs.topics.scope import asked_node, kind_for, topic_categories

__all__ = [
    "Preset",
    "TopicError",
    "asked_node",
    "find_presets",
    "kind_for",
    "name_of",
    "parse",
    "pointer",
    "preset_topic",
    "suggest",
    "topic_categories",
]
