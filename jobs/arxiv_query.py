"""A topic's tree written as a query of arXiv's search API.

Pure. arXiv knows AND, OR and ANDNOT (a set minus a set), but no complement of its own
(info.arxiv.org/help/api/user-manual §5.1): the tree is therefore compiled bottom up to a set
or to the complement of one, and only a complement at the very top can't be asked for.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.errors import UserError
from storage.syntax import And, Author, Category, Field, Node, Not, Or, PaperRef, Text

_OPERATORS = frozenset({"AND", "OR", "ANDNOT", "NOT", "TO"})


@dataclass(frozen=True, slots=True)
class _Set:
    """What `query` finds, or (`complement`) everything else."""

    query: str
    complement: bool = False


def to_arxiv(node: Node) -> str:
    """The tree in arXiv's syntax.

    Raises UserError `search.only-negation` when the tree asks for everything but something,
    and `search.id-in-query` for a paper's id, which that syntax can't express.
    """
    result = _compile(node)
    if result.complement:
        raise UserError("search.only-negation")
    return result.query


def submitted_within(span: tuple[datetime, datetime]) -> str:
    """The clause for papers whose first version was submitted within `span`, ends included."""
    first, last = (moment.astimezone(UTC).strftime("%Y%m%d%H%M") for moment in span)
    return f"submittedDate:[{first} TO {last}]"


def _compile(node: Node) -> _Set:
    match node:
        case Text():
            return _Set(_text(node))
        case Category(pattern):
            return _Set(f"cat:{pattern}")
        case Author(name):
            return _Set(f"au:{_quoted(name)}")
        case PaperRef(paper_id):
            raise UserError("search.id-in-query", paper=paper_id)
        case Not(child):
            inner = _compile(child)
            return _Set(inner.query, complement=not inner.complement)
        case And(children):
            return _both([_compile(child) for child in children])
        case Or(children):
            # De Morgan: a OR b is everything but (not a AND not b).
            negated = _both([_compile(Not(child)) for child in children])
            return _Set(negated.query, complement=not negated.complement)


def _both(sets: list[_Set]) -> _Set:
    """What all of `sets` have in common."""
    found = [each.query for each in sets if not each.complement]
    excluded = [each.query for each in sets if each.complement]
    if not found:
        return _Set(_joined(" OR ", excluded), complement=True)
    return _Set(_joined(" ANDNOT ", [_joined(" AND ", found), *excluded]))


def _joined(operator: str, queries: list[str]) -> str:
    return f"({operator.join(queries)})" if len(queries) > 1 else queries[0]


def _text(leaf: Text) -> str:
    fields = (Field.TITLE, Field.ABSTRACT) if leaf.field is Field.ANY else (leaf.field,)
    return _joined(" OR ", [_in_field(field, leaf) for field in fields])


def _in_field(field: Field, leaf: Text) -> str:
    if not leaf.prefix:
        return f"{field}:{_quoted(leaf.text, phrase=leaf.phrase)}"
    # A wildcard works on one bare word only: `vision-lang*` is vision and lang*.
    *words, last = re.findall(r"\w+", leaf.text) or [leaf.text]
    return _joined(" AND ", [*(f"{field}:{_quoted(word)}" for word in words), f"{field}:{last}*"])


def _quoted(text: str, *, phrase: bool = False) -> str:
    """The text as one term; quoted where it is not one bare word."""
    plain = " ".join(re.sub(r'["\\]', " ", text).split())
    bare = not phrase and re.fullmatch(r"\w+", plain) and plain not in _OPERATORS
    return plain if bare else f'"{plain}"'
