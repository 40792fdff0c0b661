"""Words that tell guesses, silence and limits from what a paper says. Pure."""

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
    r"|不详|无相关(?:信息|内容)|暂无|\A\W*(?:none|nothing|nil|unknown|无|没有|未知)\W*\Z",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\A(?:the|this) (?:paper|work|article|study|section|authors?) (?:also )?(?:describes?"
    r"|presents?|discuss(?:es)?|introduces?|outlines?|explains?|reports?(?! (?:that|an?\b))"
    r"|details?|provides?)\b"
    r"|\A(?:本文|论文|本研究|作者)(?:描述|介绍|讨论|阐述|概述|说明)了?",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\A(?:the|an|one|our) (?:main |primary |overall |ultimate )?(?:goal|aim|purpose|objective|core"
    r"|focus) of (?:the|this|our) (?:paper|work|study|article|research|authors) (?:is|was)\b"
    r"|\A(?:the|this) (?:paper|work|study|article|research) aims?\b"
    r"|\A(?:本文|本?论文|本研究|本工作|作者)的?(?:主要|核心)?(?:目标|目的|旨在)",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?i:fig(?:ure)?s?|tables?|eq(?:uation)?s?|sec(?:tion)?s?|appendix)\b\.? ?\(?(?:\d|[A-Z]\b)"
    r"|[图表式节] ?\(?\d"
)
_VOICE = re.compile(r"\b(?:we|our)\b|我们|本文假设", re.IGNORECASE)
_CAPTION = re.compile(
    r"\A(?:an? |the )?(?:diagram|illustration|depiction|screenshot|overview) of\b"
    r"|的(?:整体)?(?:架构|结构|流程|示意|框架)图\W*\Z",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:not|no|none|never|nor|only|alone|without|lack\w*|limit\w*|fail\w*|cannot|unable|restrict\w*"
    r"|confin\w*|requir\w*|needs?|needed|depend\w*|rel(?:y|ies)|assum\w*|expensive|costs?|costly"
    r"|slow\w*|wors\w*|low|lower|weak\w*|poor\w*|degrad\w*|drop\w*|decreas\w*|declin\w*|small\w*"
    r"|few\w*|less|least|bias\w*|sensitiv\w*|difficult\w*|hard\w*|challeng\w*|struggl\w*|suffer\w*"
    r"|unclear|unknown|uncertain\w*|un(?:tested|tried|explored)|remain\w*|future|further|may|might|could"
    r"|however|although|though|but|despite|still|single|one|narrow\w*|insufficien\w*|incomplete\w*"
    r"|errors|erroneous|mis[a-z]+|nois\w*|hurts?|harm\w*|beyond|outside|trade-?offs?|expense|overfit\w*"
    r"|too|larger?|long\w*|heav\w*|computational\w*|overhead|vulnerab\w*|risk\w*|gaps?|issues?"
    r"|problems?|concerns?|caveats?|scope|special\w*|specific\w*|mainly|mostly|partial\w*|rather)\b|n['’]t\b"
    r"|不(?![同仅断])|[未没无难仅只缺限需尚仍但若]|依赖|假设|代价|昂贵|成本|开销|较[低差慢弱高大]|下降|降低|偏差|敏感|挑战|可能"
    r"|然而|单一|失败|失效|错误|噪声|以外|之外|权衡|过拟合|损失|问题|风险|特定|主要|复杂",
    re.IGNORECASE,
)


def limits_something(text: str) -> bool:
    """Whether a text can be the limitation of something: it says what is not, or what it takes."""
    return _LIMIT.search(text) is not None


def announces(text: str) -> bool:
    """Whether it tells what the paper is about, and not what came of it."""
    return _ANNOUNCED.search(text) is not None


def aims(text: str) -> bool:
    """Whether it tells what the authors want, and not what they do."""
    return _AIM.search(text) is not None


def speaks_as_authors(text: str) -> bool:
    """Whether it is told in the authors' voice."""
    return _VOICE.search(text) is not None


def is_a_caption(text: str) -> bool:
    """Whether it tells what a figure shows, and no more."""
    return _CAPTION.search(text) is not None


def points_away(text: str) -> bool:
    """Whether it sends its reader to a figure, table, equation or section."""
    return _POINTER.search(text) is not None


def guess_in(text: str) -> str:
    """The first word that only guesses; empty where there is none."""
    found = _GUESS.search(text)
    return found[0] if found else ""


def tells_nothing(text: str) -> str:
    """The words that only say that something isn't said; empty where there are none."""
    found = _NOTHING_TOLD.search(text)
    return found[0] if found else ""
