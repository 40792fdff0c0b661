"""Which code a whole paper calls its authors' own, among all that it names."""

import re
from collections.abc import Iterator

from formatters.text.links import chosen, code_links, repository
from formatters.text.mentions import Mention, mentions
from formatters.text.prose import sentences
from storage.models import FullText, texts_of

_THEIRS = (
    r"\b(?:official|their|(?<!code we )use[sd]?|using|adopt\w*|adapt\w*|based on|follow\w*"
    r"|buil[dt]\w* (?:up)?on|borrow\w*|from|provided by|by the (?:original )?authors|et al"
    r"|baselines?)\b"
)
_OTHERS = re.compile(rf"{_THEIRS}[^.]*\Z", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:our|we|available|accessible|releas\w+|public(?:ly)?|open-?sourc\w*|code:?)\b[^.]*\Z"
    r"|(?:代码|开源|公开|发布)[^。]*\Z",
    re.IGNORECASE,
)
_CODE = r"(?:code ?bases?|codes?|implementations?|repositor(?:y|ies)|software)"
_OFFERED = (
    r"(?:available|accessible|releas\w+|public(?:ly)?|open-?sourc\w*|found|here|hosted|shared?"
    r"|provided?)"
)
_FAR = r".{0,100}"
_SHARES = re.compile(
    rf"\b(?:our (?:[\w-]+ ){{0,4}}{_CODE}"
    rf"|{_CODE} (?:[\w-]+ ){{0,6}}(?:our|this (?:paper|work|study|article)))\b{_FAR}\b{_OFFERED}\b"
    rf"|\bwe (?:[\w-]+ ){{0,2}}(?:releas\w+|open-?sourc\w*|publish|shared?|provided?|ma[dk]e)"
    rf" (?:[\w-]+ ){{0,2}}(?:our|all|the)(?: [\w-]+){{0,3}} {_CODE}\b"
    rf"|\A\W*(?:(?:the|all|full|source|training|models?|weights|checkpoints?|data|datasets?|demos?"
    rf"|and),? )*{_CODE}(?:,? (?:and|the|all|models?|weights|checkpoints?|data|datasets?|demos?)"
    rf"){{0,6}} (?:is|are|was|were|has|have|can) {_FAR}\b{_OFFERED}\b"
    rf"|代码{_FAR}(?:开源|公开|发布|获取|见)|(?:开源|公开|发布){_FAR}代码",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    rf"{_THEIRS}|\b(?:will|plan to|upon|once|after|soon|requests?|not|supplement\w*"
    r"|appendix|attached|(?:project|home|web) ?(?:page|site))\b|https?:|\w\.[a-z]{2}"
    r"|他们|使用|基于|附录|将|接收后|主页",
    re.IGNORECASE,
)
"""It is others', not yet there, or somewhere else."""


def own_code(text: FullText) -> tuple[str, ...]:
    """The addresses that the words before them call the authors'; each once, in order.

    Where the text says that its code is shared and no word shows where, that is the one
    repository among its links that nothing says is anybody else's.
    """
    said = [text.abstract, *_said(text)]
    named = [mention for each in said for mention in mentions(each)]
    own = chosen(mention for mention in named if _is_own(mention))
    if own or not any(_shares(sentence) for each in said for sentence in sentences(each)):
        return own
    named = [mention for mention in named if any(map(str.isalpha, mention.before))]
    cited = (mention for each in text.references for mention in mentions(each))
    taken = {None, *(repository(mention.address) for mention in (*named, *cited))}
    left = {at: link for link in text.links if (at := repository(link)) not in taken}
    return code_links(*left.values()) if len(left) == 1 else ()


def _said(text: FullText) -> Iterator[str]:
    for section in text.sections:
        for passage in section.passages:
            yield from texts_of(passage)


def _is_own(mention: Mention) -> bool:
    return _OWN.search(mention.before) is not None and _OTHERS.search(mention.before) is None


def _shares(sentence: str) -> bool:
    """It says that the authors' code can be had, and not where."""
    return (
        _SHARES.search(sentence) is not None
        and _NOT_SO.search(sentence) is None
        and next(mentions(sentence), None) is None
    )
