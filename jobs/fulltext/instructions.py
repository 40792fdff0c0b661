"""Sentences in plain sight that tell a reader's or a reviewer's model what to do.

A sentence counts when it gives an order (drop your instructions, praise this paper, keep
quiet about its flaws, write this into your review) or speaks to a model as one. Telling of
such orders does not count, quoting one whole does: it would be as dangerous as the order.
Pure.
"""

import re
from collections.abc import Iterator
from functools import cache

from formatters.text import sentences, split

_LONGEST = 5_000
"""What a sentence, or a text without any, is judged by at a time."""

_ORDERS = r"(?:instructions?|prompts?|directives?|commands?|guidelines|directions|orders)"
_EARLIER = (
    r"(?:(?:all|any|the|your|every|each|these|those|of|other|and|or|previous(?:ly)?|prior|preceding"
    r"|above|earlier|foregoing|existing|former|past|original|initial|system|given|provided"
    r"|review(?:ing|er)?)\s+)"
)
_MUST = (
    r"(?:must|should|shall|will|need\s+to|have\s+to|are\s+to"
    r"|are\s+(?:required|asked|instructed|expected)\s+to)"
)
_BEGINS = (
    r"(?:^|[.:;!?—–\"“‘'«(\[{]\s*|,\s*(?:please\s+|now\s+)|\bplease,?\s+|\bnow,?\s+"
    rf"|\byou\s+{_MUST}\s+)(?:[-*•\d.)\s]{{0,6}})"
    r"(?:(?:please|now|always|only|simply|just|also|strictly|instead|then|kindly),?\s+){0,3}"
)
"""Where an order begins: with its sentence, after a colon or an opening quotation mark, or
after `you must`; never after a subject or `to`."""
_WORK = r"(?:paper|manuscript|submission|article|work|preprint)"
_THIS = rf"(?:the|this|our)\s+{_WORK}"
_GOOD = (
    r"(?:positive|favou?rable|glowing|good|high(?:est)?|excellent|strong(?:est)?|enthusiastic"
    r"|outstanding|top|perfect|maximum)"
)
_VERDICT = (
    r"(?:reviews?|ratings?|scores?|evaluations?|assessments?|feedback|recommendations?|marks?"
    r"|comments?)"
)
_FLAWS = (
    r"(?:negatives?|weakness(?:es)?|flaws?|shortcomings?|limitations?|criticisms?|drawbacks?"
    r"|negative\s+(?:aspects?|points?|comments?|sides?|feedback))"
)
_MODEL = (
    r"(?:(?:large\s+)?language\s+models?|l?llms?|ai|chat\s?bots?|gpt\S*|artificial\s+intelligence)"
    r"(?:[-\s]+(?:based|assisted|powered|generated|language))?"
    r"(?:[-\s]+(?:models?|assistants?|reviewers?|agents?|systems?|tools?|readers?|summari[sz]ers?)){0,2}"
)
_HIDE = (
    r"(?:do\s+not|don['’]?t|never|avoid|refrain\s+from)\s+(?:\w+\s+){0,1}?"
    r"(?:highlight|mention|point(?:ing)?\s+out|list|discuss|includ|emphasi[sz]|rais|report|not|criticiz"
    r"|reveal|stress|bring(?:ing)?\s+up)\w*"
)
_OPENS = (
    r"(?:^|[，。：；！？—“”「『\"'（(\s]|请(?:务必|你|直接|立即)?|现在|务必|必须"
    r"|你(?:应该|应当|应|必须|需要|需|要|务必))"
)
_YOU_MUST = r"(?:请(?:务必|你|直接|立即)?|务必|必须|你(?:应该|应当|应|必须|需要|需|要|务必))"
_MODEL_ZH = r"(?:大型?语言模型|语言模型|大模型|AI|人工智能|LLM)"
_LISTS = (
    (
        "ignore disregard forget override",
        rf"{_BEGINS}(?:ignore|disregard|forget|override)\s+{_EARLIER}{{1,6}}{_ORDERS}\b",
        (
            rf"{_BEGINS}(?:ignore|disregard|forget)\s+(?:everything|anything|all)\s+(?:\w+\s+){{0,3}}"
            r"(?:above|before|previous(?:ly)?|so\s+far|told)\b"
        ),
    ),
    (
        "review rating score evaluation assessment feedback recommendation mark comment",
        (
            rf"{_BEGINS}(?:give|write|provide|produce|output|generate|return|assign|submit|award|offer"
            rf"|make)\s+(?:(?:only|it|us|{_THIS}|an?|the|your|very|extremely|highly|its|most|possible)\s+)"
            rf"{{0,5}}(?:\w+\s+and\s+)?{_GOOD}\s+(?:\w+\s+){{0,2}}?{_VERDICT}\b"
        ),
        rf"^\W*{_GOOD}\s+reviews?\s+only\W*$",
    ),
    (
        "negative weakness flaw shortcoming limitation criticism drawback",
        (
            rf"{_BEGINS}{_HIDE}\s+(?:(?:any|the|its|all|of|possible|potential|major|minor"
            rf"|{_THIS}(?:['’]s)?)\s+){{0,4}}{_FLAWS}\b"
        ),
        (
            rf"\b{_FLAWS}\s+(?:\w+\s+){{0,3}}?(?:should|must)\s+(?:be\s+(?:downplayed|omitted|left\s+out)"
            r"|not\s+be\s+(?:mentioned|highlighted|listed|discussed|raised))\b"
        ),
    ),
    (
        "model;llm;ai ;ai,;ai:;gpt;bot;artificial intelligence;reviewer;assistant;agent",
        (
            rf"\bas\s+an?\s+{_MODEL}(?:,\s*(?:you|please|recommend|give|write|accept|praise)\b"
            rf"|\s+you\s+{_MUST}\b)"
        ),
        (
            rf"\bif\s+you\s+are\s+(?:an?\s+|the\s+)?{_MODEL}(?:\s*[,:]|\s+(?:and|that|who|which|reading"
            r"|reviewing|processing|evaluating|assessing|summari[sz]ing|asked|tasked|being|used"
            r"|assisting)\b)"
        ),
        (
            r"^\W*(?:attention|note|notice|message|reminder|instructions?|important|warning)?\W{0,3}"
            rf"(?:to|for|dear|hey|attention)?,?\s*(?:all\s+|any\s+|the\s+|an?\s+)?{_MODEL}\s*[:,!]\s*"
            r"(?:please|ignore|disregard|you|give|write|do\s+not|don['’]?t|accept|recommend|forget)\b"
        ),
    ),
    (
        "you",
        (
            rf"\byou\s+{_MUST}\s+(?:\w+\s+){{0,3}}?(?:recommend|accept|praise|endorse|favou?r|champion"
            rf"|promote|rate|score)\w*\s+(?:\w+\s+){{0,4}}?{_THIS}\b"
        ),
        (
            rf"\byou\s+{_MUST}\s+(?:\w+\s+){{0,2}}?(?:emphasi[sz]e|highlight|stress)\s+(?:\w+\s+){{0,4}}?"
            rf"(?:strengths?|merits?|novelty|contributions?)\s+of\s+{_THIS}\b"
        ),
        (
            rf"{_BEGINS}(?:include|use|insert|add|mention|write)\s.{{1,300}}?\bin\s+your\s+"
            r"(?:review|summary|response|answer|output|evaluation|assessment|reply)\b"
        ),
    ),
    (
        "recommend suggest accept praise endorse champion",
        (
            rf"{_BEGINS}(?:strongly\s+|highly\s+)?(?:recommend|suggest)\s+(?:\w+\s+){{0,2}}?"
            rf"(?:accept(?:ance|ing)?|publication|publishing)\b(?:\s+(?:of|for))?(?:\s+{_THIS}|\W*$)"
        ),
        rf"{_BEGINS}(?:strongly\s+)?(?:accept|praise|endorse|champion)\s+{_THIS}\b",
    ),
    (
        "指令 指示 提示 命令 要求",
        (
            rf"{_OPENS}(?:忽略|无视|忘记|忘掉|忽视|不要理会|不要遵循|不要遵守)掉?"
            r"(?:之前|以前|以上|上述|前面|先前|此前|上面|上文|前文|所有|全部|一切|任何|你|您|收到|给出|的){1,6}"
            r"(?:系统)?(?:指令|指示|提示词?|命令|审稿要求|评审要求)"
        ),
    ),
    (
        "评 审 反馈 意见 结论 分",
        (
            rf"(?:{_YOU_MUST}|现在|^\W*|[，。：“]\s*)(?:只|仅|直接|立即|对(?:本|该|这篇)?论?文章?)*"
            r"(?:给出?|给予|写出?|提供|撰写|输出|生成|打出|作出|做出)(?:本|该|这篇)?(?:论文|文章)?"
            r"(?:一个|一份|一篇|一段)?(?:非常|完全|高度|全面|最)?的?"
            r"(?:正面|积极|肯定|好评|高分?|最高分?|正向|赞扬)性?的?(?:评价|评审|评语|审稿|评分|评论|反馈|意见|结论|分)"
        ),
    ),
    (
        "缺点 不足 负面 弱点 局限 缺陷 消极",
        (
            rf"(?:{_YOU_MUST}|^\W*|[，。：；“]\s*(?:并且?|且)?)(?:不要|请?勿|不得|不应|别)再?"
            r"(?:提及|指出|强调|突出|提到|列出|写出|讨论|批评)"
            r"(?:任何|其|它的|该|本|这篇|论文|文章|本文|文|中|的|存在|潜在)*"
            r"(?:缺点|不足|负面|弱点|局限|缺陷|消极)"
        ),
    ),
    (
        "模型 人工智能 助手 审稿人 ai llm",
        rf"作为(?:一个|一名|一位)?{_MODEL_ZH}(?:助手|审稿人|评审)?[，,]?\s*(?:你|请)",
        rf"如果你是(?:一个|一名|一位)?{_MODEL_ZH}",
    ),
    (
        "接收 录用 接受 采纳",
        (
            rf"{_YOU_MUST}(?:强烈|直接)?(?:推荐|建议)?(?:接收|录用|接受|采纳)(?:本|这篇|该|此)"
            r"(?:论?文|文章|稿)"
        ),
    ),
)
"""Words of which an order has one (the quick look), and what the order looks like."""


def instructions_in(text: str) -> list[tuple[int, int]]:
    """Where the sentences of `text` stand that are orders to a model, in order, apart."""
    if not any(_hinted(text)):
        return []
    found: list[tuple[int, int]] = []
    end = 0
    for piece in split(text, _LONGEST):
        for sentence in sentences(piece):
            start = text.index(sentence, end)
            end = start + len(sentence)
            if any(order.search(sentence) for order in _hinted(sentence)):
                found.append((start, end))
    return found


def _hinted(text: str) -> Iterator[re.Pattern[str]]:
    """The orders that may be in a text by the words it has."""
    lower = text.lower()
    for hints, order in _orders():
        for hint in hints:
            if hint in lower:
                yield order
                break


@cache
def _orders() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    return tuple(
        (
            tuple(hints.split(";") if ";" in hints else hints.split()),
            re.compile("|".join(f"(?:{said})" for said in orders), re.IGNORECASE),
        )
        for hints, *orders in _LISTS
    )
