"""The loopback arXiv's search: arXiv's query syntax evaluated over a handful of papers.

Written from the user manual alone, apart from the compiler that it tests. Words are matched
whole, without stemming; a phrase as words in a row.
"""

import re
from collections.abc import Callable

Matches = Callable[[dict], bool]

_TOKEN = re.compile(
    r"""\s*(?: (?P<date>submittedDate):\[(?P<first>\d{12})\ TO\ (?P<last>\d{12})\]
      | (?P<paren>[()])
      | (?:(?P<field>ti|abs|au|cat|all):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+))
    )""",
    re.VERBOSE,
)


class QueryError(Exception):
    """Not arXiv's syntax."""


def compile_query(text: str) -> Matches:
    """The predicate that `text` means; operators of one level bind from left to right."""
    tokens = _tokens(text)
    matches = _expression(tokens)
    if tokens:
        raise QueryError(f"unexpected {tokens[0][0]}")
    return matches


def _tokens(text: str) -> list[re.Match]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            raise QueryError(f"can't read {text[at : at + 20]!r}")
        found.append(token)
        at = token.end()
    return found


def _expression(tokens: list[re.Match]) -> Matches:
    matches = _operand(tokens)
    while tokens and tokens[0]["word"] in ("AND", "OR", "ANDNOT"):
        operator = tokens.pop(0)["word"]
        matches = _combined(operator, matches, _operand(tokens))
    return matches


def _combined(operator: str, left: Matches, right: Matches) -> Matches:
    return {
        "AND": lambda paper: left(paper) and right(paper),
        "OR": lambda paper: left(paper) or right(paper),
        "ANDNOT": lambda paper: left(paper) and not right(paper),
    }[operator]


def _operand(tokens: list[re.Match]) -> Matches:
    if not tokens:
        raise QueryError("the query ends too early")
    token = tokens.pop(0)
    if token["paren"] == "(":
        matches = _expression(tokens)
        if not tokens or tokens.pop(0)["paren"] != ")":
            raise QueryError("a parenthesis is missing")
        return matches
    if token["paren"] or token["word"] in ("AND", "OR", "ANDNOT"):
        raise QueryError(f"unexpected {token[0].strip()}")
    if token["date"]:
        return lambda paper: token["first"] <= _minute(paper["published"]) <= token["last"]
    return _term(token["field"] or "all", token["phrase"] or token["word"] or "")


def _term(field: str, text: str) -> Matches:
    if field == "cat":
        pattern = re.compile(re.escape(text).replace(r"\*", ".*"), re.IGNORECASE)
        return lambda paper: any(pattern.fullmatch(each) for each in paper["categories"])
    words = " ".join(re.findall(r"\w+\*?", text.casefold()))
    pattern = re.compile(rf"\b{re.escape(words)}\b".replace(r"\*\b", ""))
    return lambda paper: any(pattern.search(each) for each in _fields(paper, field))


def _fields(paper: dict, field: str) -> list[str]:
    texts = {"ti": [paper["title"]], "abs": [paper["abstract"]], "au": paper["authors"]}
    chosen = texts.get(field) or [each for group in texts.values() for each in group]
    return [" ".join(re.findall(r"\w+", each.casefold())) for each in chosen]


def _minute(moment: str | None) -> str:
    return re.sub(r"\D", "", moment or "")[:12]
