"""luqum's tree turned into ours: fields, categories, authors, ids, words.

Pure. Words side by side must all occur; categories side by side mean any of them, for a
list of categories is what people write when they follow several.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

from jobs.arxiv_ids import parse_paper_id
from jobs.categories import taxonomy
from jobs.chinese import has_han
from jobs.topics.errors import TopicError, error_at
from jobs.topics.lines import Line
from jobs.topics.lucene import uncovered
from storage.syntax import And, Author, Category, Field, Leaf, Node, Not, Or, PaperRef, Text
from storage.words import words

if TYPE_CHECKING:
    from luqum.tree import Item

_FIELDS = {
    **dict.fromkeys(("cat", "category"), "cat"),
    **dict.fromkeys(("author", "au"), "author"),
    **dict.fromkeys(("title", "ti"), "ti"),
    **dict.fromkeys(("abstract", "abs"), "abs"),
    "all": "all",
    "id": "id",
}
_TEXT_FIELDS = {"ti": Field.TITLE, "abs": Field.ABSTRACT}
_DEEPEST = 30
_SHORTEST_PREFIX = 2
_AROUND_WORDS = ".,;:?!"


def both(nodes: Sequence[Node]) -> Node:
    """All of `nodes`; nested ones are taken apart, repeated ones dropped."""
    return _joined(And, nodes)


def either(nodes: Sequence[Node]) -> Node:
    """Any of `nodes`; nested ones are taken apart, repeated ones dropped."""
    return _joined(Or, nodes)


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node:
    flat = (n for node in nodes for n in (node.children if isinstance(node, kind) else (node,)))
    unique = tuple(dict.fromkeys(flat))
    return kind(unique) if len(unique) > 1 else unique[0]


@dataclass(frozen=True, slots=True)
class TreeReader:
    """Reads one query's tree; knows the line for the places of its errors."""

    line: Line

    def node(self, item: "Item", field: str | None = None, depth: int = 0) -> Node:
        """The meaning of `item` inside `field`."""
        if depth > _DEEPEST:
            raise self._error("too-deep", item)
        match type(item).__name__:
            case "Word" | "Phrase":
                return self._leaf(item, field)
            case "Not" | "Prohibit":
                inner = self.node(item.a, field, depth + 1)
                return inner.child if isinstance(inner, Not) else Not(inner)
            case "OrOperation" | "AndOperation":
                join = either if type(item).__name__ == "OrOperation" else both
                return join([self.node(child, field, depth + 1) for child in item.children])
            case "UnknownOperation":
                return self._side_by_side(item, field, depth + 1)
            case "SearchField":
                field = self._field(item)
        # What is left holds one thing: a field, a group, a plus (which asks for what is
        # asked for anyway).
        return self.node(item.children[0], field, depth + 1)

    def _side_by_side(self, item: "Item", field: str | None, depth: int) -> Node:
        if field == "author" and all(type(c).__name__ == "Word" for c in item.children):
            return self._author(" ".join(uncovered(c.value) for c in item.children), item)
        self._check_author_quotes(item.children)
        nodes = [self.node(child, field, depth) for child in item.children]
        categories = [node for node in nodes if isinstance(node, Category)]
        if len(categories) > 1:
            place = nodes.index(categories[0])
            nodes = [node for node in nodes if not isinstance(node, Category)]
            nodes.insert(place, either(categories))
        return both(nodes)

    def _check_author_quotes(self, items: Sequence["Item"]) -> None:
        """`author:Grace Hopper` would ask for an author Grace and the word Hopper."""
        for item, following in pairwise(items):
            if (
                type(item).__name__ == "SearchField"
                and _FIELDS.get(item.name.lower()) == "author"
                and type(item.expr).__name__ == type(following).__name__ == "Word"
                and following.value.isalpha()
                and following.value.istitle()
            ):
                name = f"{uncovered(item.expr.value)} {following.value}"
                start, end = item.pos, following.pos + len(following.value)
                place = self.line.place(start, end)
                raise error_at("author-quotes", self.line.original, place, name=name)

    def _field(self, item: "Item") -> str:
        name = item.name.lower()
        field = _FIELDS.get(name)
        if field is None:
            near = get_close_matches(name, _FIELDS, n=1) or ["ti"]
            place = self.line.place(item.pos, item.pos + len(item.name))
            raise error_at("unknown-field", self.line.original, place, near=near[0])
        return field

    def _leaf(self, item: "Item", field: str | None) -> Leaf:
        quoted = type(item).__name__ == "Phrase"
        value = uncovered(item.value[1:-1] if quoted else item.value).strip()
        match field:
            case "cat":
                return self._category(value, item)
            case "author":
                return self._author(value, item)
            case "id":
                return self._paper(value, item)
            case None if not quoted and taxonomy().looks_like_one(value):
                return self._category(value, item)
            case None if not quoted and (found := parse_paper_id(value)):
                return PaperRef(found[0])
            case _:
                return self._text(value, item, _TEXT_FIELDS.get(field or "", Field.ANY))

    def _category(self, value: str, item: "Item") -> Category:
        found = taxonomy().find(value)
        if found is None:
            near = ", ".join(taxonomy().nearest(value)) or "cs.CV, cs.LG, stat.ML"
            raise self._error("unknown-category", item, near=near)
        return Category(found)

    def _author(self, value: str, item: "Item") -> Author:
        if has_han(value):
            raise self._error("chinese-author", item)
        if "*" in value:
            raise self._error("wildcard", item)
        if not words(value):
            raise self._error("no-word", item)
        return Author(value)

    def _paper(self, value: str, item: "Item") -> PaperRef:
        found = parse_paper_id(value)
        if found is None:
            raise self._error("bad-id", item)
        return PaperRef(found[0])

    def _text(self, value: str, item: "Item", field: Field) -> Text:
        # A star within quotes, or covered up in a link, is a star and nothing more.
        bare = item.value.rstrip(_AROUND_WORDS) if type(item).__name__ == "Word" else ""
        prefix = bare.endswith("*")
        if "*" in bare.removesuffix("*"):
            raise self._error("wildcard", item)
        text = value.rstrip(_AROUND_WORDS).removesuffix("*" if prefix else "")
        found = words(text)
        if not found:
            raise self._error("no-word", item)
        if prefix and len("".join(found)) < _SHORTEST_PREFIX:
            raise self._error("prefix-short", item)
        return Text(text, field, phrase=len(found) > 1, prefix=prefix)

    def _error(self, key: str, item: "Item", **values: str) -> TopicError:
        first, last = _ends(item)
        return error_at(key, self.line.original, self.line.place(first, last), **values)


def _ends(item: "Item") -> tuple[int, int]:
    """Where `item` begins and ends, seen by its outermost words."""
    spans = [(leaf.pos, leaf.pos + len(leaf.value)) for leaf in _terms(item)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _terms(item: "Item") -> Iterator["Item"]:
    stack = [item]
    while stack:
        here = stack.pop()
        if type(here).__name__ in ("Word", "Phrase"):
            yield here
        stack += here.children
