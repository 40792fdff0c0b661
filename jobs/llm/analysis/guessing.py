"""Words by which a text gives a guess for a fact, or tells that the paper tells nothing. Pure."""

import re

_GUESS = re.compile(
    r"\b(?:probably|presumably|(?<!more )(?<!less )(?<!most )(?<!as )likely(?! to\b)"
    r"|perhaps|apparently|possibly|seemingly|supposedly"
    r"|might|could be|may (?:be|have|use|also|well|require)|seems? to|appears? to"
    r"|(?:usually|typically|commonly|generally|normally|often) (?:available|released?|provided"
    r"|includes?)|it (?:is|can be) (?:assumed|inferred|expected)|we can (?:assume|infer))\b"
    r"|(?<![不尽])可能(?!性)|大概|也许|或许|推测|据推断|猜测|应该(?:是|会|使用)|想必|似乎|估计(?:会|使用|需要)"
    r"|(?:通常|一般)(?:可|会提供|提供|公开|来说)",
    re.IGNORECASE,
)
_NOTHING_TOLD = re.compile(
    r"\b(?:not|isn['’]t|aren['’]t|n[o']t) (?:explicitly |clearly |directly )?(?:mention|specif|stat"
    r"|provid|report|disclos|describ|discuss|giv|detail|indicat|list)\w*"
    r"(?= (?:in|by|here|explicitly)\b|\W*\Z)"
    r"|\b(?:the )?(?:paper|text|authors?|notes?|sections?) (?:do|does|did) not (?:\w+ly )?"
    r"(?:mention|specify|state|provide|report|disclose|describe|discuss|give|detail|indicate|list)\b"
    r"|\b(?:no mention|unspecified|not applicable|n/a)\b"
    r"|(?:未|没有|并未|未能)(?:明确|具体|直接)?(?:提及|提到|说明|给出|指明|披露|报告|描述|列出|提供)"
    r"|不详|无相关(?:信息|内容)|暂无",
    re.IGNORECASE,
)


def guess_in(text: str) -> str:
    """The first word that only guesses; empty where there is none."""
    found = _GUESS.search(text)
    return found[0] if found else ""


def tells_nothing(text: str) -> str:
    """The words that only say that something isn't said; empty where there are none."""
    found = _NOTHING_TOLD.search(text)
    return found[0] if found else ""
