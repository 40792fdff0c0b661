"""Where a topic looks: its categories, the configured ones, and new against cross-list.

Pure.
"""

from collections.abc import Sequence

from jobs.categories import falls_under
from jobs.topics.tree import both, either
from storage.models import AnnounceType, Paper, Topic
from storage.syntax import And, Author, Category, Node, PaperRef, leaves


def topic_categories(node: Node) -> tuple[str, ...]:
    """The categories and patterns (`cs.*`) that the tree asks for, in its order."""
    asked = (
        leaf.pattern for leaf, negated in leaves(node) if isinstance(leaf, Category) and not negated
    )
    return tuple(dict.fromkeys(asked))


def within(node: Node, categories: Sequence[str]) -> Node:
    """The tree, in any of `categories` only: they are its last condition."""
    return both([node, either([Category(pattern) for pattern in categories])])


def needs_categories(node: Node) -> bool:
    """Whether the configured categories are to be added.

    Not when the tree names some, nor when it asks for authors and papers alone.
    """
    everywhere = all(isinstance(leaf, Author | PaperRef) for leaf, _ in leaves(node))
    negative = all(negated for _, negated in leaves(node))
    return not topic_categories(node) and (negative or not everywhere)


def asked_node(topic: Topic) -> Node:
    """The tree without the categories that the asker did not name.

    Those are the last condition of a topic that got them: see `within`.
    """
    node = topic.node
    if not (topic.default_categories or topic.preset) or not isinstance(node, And):
        return node
    return both(node.children[:-1])


def kind_for(paper: Paper, kind: AnnounceType, categories: Sequence[str]) -> AnnounceType:
    """How the announcement looks from a topic with these categories.

    A first announcement is a new one where the primary category is among them, else a
    cross-list; replacements stay what they are, and without categories everything does.
    """
    if kind.is_replacement or not categories:
        return kind
    own = any(falls_under(paper.primary_category, pattern) for pattern in categories)
    return AnnounceType.NEW if own else AnnounceType.CROSS
