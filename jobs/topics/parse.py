"""A topic's text read: a preset's name, or a query in Lucene syntax, in either language.

Pure apart from the data files read at first use. Decides in which order a text is tried.
"""

from collections.abc import Sequence
from functools import cache

from formatters.catalogue import glossary
from jobs.presets import Preset, presets
from jobs.topics.errors import error_at
from jobs.topics.lines import Line, normalized
from jobs.topics.lucene import read
from jobs.topics.scope import needs_categories, within
from jobs.topics.translate import Vocabulary, to_english
from jobs.topics.tree import TreeReader
from storage.models import Topic
from storage.syntax import Category, Node, Or

MOST_CHARACTERS = 1000


def parse(
    text: str, *, default_categories: Sequence[str], vocabulary: Vocabulary | None = None
) -> Topic:
    """What `text` subscribes to. Raises TopicError, and nothing else, if it is no topic.

    A preset's name comes first; a query that is spelled like one goes in quotes.
    `vocabulary` stands for the built-in presets and glossary.
    """
    known = vocabulary or built_in_vocabulary()
    plain = normalized(text)
    if not plain:
        raise error_at("empty", plain, (0, 0))
    if len(plain) > MOST_CHARACTERS:
        raise error_at("too-long", plain, (MOST_CHARACTERS, len(plain)), most=MOST_CHARACTERS)
    if preset := known.presets.named(plain):
        return preset_topic(preset)
    line = to_english(Line.of(plain), known)
    node = _tree(line)
    english = line.text if line.text != plain else None
    if needs_categories(node) and default_categories:
        return Topic(plain, within(node, default_categories), None, english, True)
    return Topic(_category_list(node) or plain, node, english=english)


def preset_topic(preset: Preset) -> Topic:
    """The topic that a preset stands for; its text is the slug."""
    node = _tree(Line.of(normalized(preset.query)))
    return Topic(preset.slug, within(node, preset.categories), preset=preset.slug)


@cache
def built_in_vocabulary() -> Vocabulary:
    """The presets and the glossary that paperround comes with."""
    return Vocabulary(presets(), glossary())


def _tree(line: Line) -> Node:
    item, covered = read(line)
    return TreeReader(covered).node(item)


def _category_list(node: Node) -> str | None:
    """The one way to write a topic that is nothing but categories."""
    listed = node.children if isinstance(node, Or) else (node,)
    patterns = [leaf.pattern for leaf in listed if isinstance(leaf, Category)]
    return " ".join(patterns) if len(patterns) == len(listed) else None
