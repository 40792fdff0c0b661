"""What orders to a reader's or a reviewer's model look like, in English and in Chinese. Pure.

An order drops instructions, praises this paper, keeps quiet about its flaws, is to be written
into a review, or speaks to a model as one. Telling of such orders does not count, quoting one
whole does: it would be as dangerous as the order.

The patterns are for texts whose sentences, lines or cells stand on lines of their own: `^` is
where any of them begins, and an order may go over several.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jobs.chinese import HAN, has_han

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
    r"(?:(?:large\s+)?language\s+models?|l?llms?|ai|chat\s?bots?|gpt\S{0,20}|artificial\s+intelligence)"
    r"(?:[-\s]+(?:based|assisted|powered|generated|language))?"
    r"(?:[-\s]+(?:models?|assistants?|reviewers?|agents?|systems?|tools?|readers?|summari[sz]ers?)){0,2}"
)
_HIDE = (
    r"(?:do\s+not|don['’]?t|never|avoid|refrain\s+from)\s+(?:\w+\s+){0,1}?"
    r"(?:highlight|mention|point(?:ing)?\s+out|list|discuss|includ|emphasi[sz]|rais|report|not|criticiz"
    r"|reveal|stress|bring(?:ing)?\s+up)\w*"
)
_WITHIN = r"(?:[^.!?]|[.!?](?!\s)){1,300}?"
"""Anything of the same sentence."""
_OPENS = (
    r"(?:^|[，。：；！？—“”「『\"'（(\s]|请(?:务必|你|直接|立即)?|现在|务必|必须"
    r"|你(?:应该|应当|应|必须|需要|需|要|务必))"
)
_YOU_MUST = r"(?:请(?:务必|你|直接|立即)?|务必|必须|你(?:应该|应当|应|必须|需要|需|要|务必))"
_MODEL_ZH = r"(?:大型?语言模型|语言模型|大模型|AI|人工智能|LLM)"
_LISTS = (
    (
        ("ignore disregard forget override",),
        rf"{_BEGINS}(?:ignore|disregard|forget|override)\s+{_EARLIER}{{1,6}}{_ORDERS}\b",
        (
            rf"{_BEGINS}(?:ignore|disregard|forget)\s+(?:everything|anything|all)\s+(?:\w+\s+){{0,3}}"
            r"(?:above|before|previous(?:ly)?|so\s+far|told)\b"
        ),
    ),
    (
        (
            "review rating score evaluation assessment feedback recommendation mark comment",
            "positive favo glowing good high excellen strong enthus outstand top perfect maximum",
            "give write provide produce output generate return assign submit award offer make only",
        ),
        (
            rf"{_BEGINS}(?:(?:give|write|provide|produce|generate|assign|make)\s+"
            r"|(?:output|return|submit|award|offer)[ ])"
            rf"(?:(?:only|it|us|{_THIS}|an?|the|your|very|extremely|highly|its|most|possible)\s+){{0,5}}"
            rf"(?:\w+\s+and\s+)?{_GOOD}\s+(?:\w+\s+){{0,2}}?{_VERDICT}\b"
        ),
        rf"^\W{{0,9}}{_GOOD}\s+reviews?\s+only\W*$",
    ),
    (
        (
            "negative weakness flaw shortcoming limitation criticism drawback",
            "not don never avoid refrain should must",
        ),
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
        (
            "as_a if_you_are",
            "model llm ai gpt bot artificial",
            "you please recommend give write accept praise",
        ),
        (
            rf"\bas\s+an?\s+{_MODEL}(?:,\s*(?:you|please|recommend|give|write|accept|praise)\b"
            rf"|\s+you\s+{_MUST}\b)"
        ),
        (
            rf"\bif\s+you\s+are\s+(?:an?\s+|the\s+)?{_MODEL}(?:\s*[,:]|\s+(?:and|that|who|which|reading"
            r"|reviewing|processing|evaluating|assessing|summari[sz]ing|asked|tasked|being|used"
            r"|assisting)\b)"
        ),
    ),
    (
        (
            "model llm ai gpt bot artificial",
            "please ignore disregard you give write not don accept recommend forget",
        ),
        (
            r"^\W{0,9}(?:attention|note|notice|message|reminder|instructions?|important|warning)?\W{0,3}"
            rf"(?:to|for|dear|hey|attention)?,?\s*(?:all\s+|any\s+|the\s+|an?\s+)?{_MODEL}\s*[:,!]"
            r"[ ]*(?:please|ignore|disregard|you|give|write|do\s+not|don['’]?t|accept|recommend"
            r"|forget)\b"
        ),
    ),
    (
        (
            "you",
            "recommend accept praise endors favo champion promot rat scor emph light stress your",
        ),
        (
            rf"\byou\s+{_MUST}\s+(?:\w+\s+){{0,3}}?(?:recommend|accept|praise|endorse|favou?r|champion"
            rf"|promote|rate|score)\w*\s+(?:\w+\s+){{0,4}}?{_THIS}\b"
        ),
        (
            rf"\byou\s+{_MUST}\s+(?:\w+\s+){{0,2}}?(?:emphasi[sz]e|highlight|stress)\s+(?:\w+\s+){{0,4}}?"
            rf"(?:strengths?|merits?|novelty|contributions?)\s+of\s+{_THIS}\b"
        ),
        (
            rf"{_BEGINS}(?:include|use|insert|add|mention|write)\s(?:{_WITHIN}\bin\s+your\s+"
            r"(?:review|evaluation|assessment)\b"
            r"|.{1,300}?\bin\s+your\s+(?:summary|response|answer|output|reply)\b)"
        ),
    ),
    (
        (
            "recommend suggest accept praise endorse champion",
            "accept publi paper manuscript submission article work preprint",
        ),
        (
            rf"{_BEGINS}(?:(?:strongly|highly)\s+(?:recommend|suggest)\s+|(?:recommend|suggest)[ ])"
            rf"(?:\w+\s+){{0,2}}?"
            rf"(?:accept(?:ance|ing)?|publication|publishing)\b(?:\s+(?:of|for))?(?:\s+{_THIS}|\W*$)"
        ),
        rf"{_BEGINS}(?:strongly\s+)?(?:accept|praise|endorse|champion)\s+{_THIS}\b",
    ),
    (
        ("指令 指示 提示 命令 要求",),
        (
            rf"{_OPENS}(?:忽略|无视|忘记|忘掉|忽视|不要理会|不要遵循|不要遵守)掉?"
            r"(?:之前|以前|以上|上述|前面|先前|此前|上面|上文|前文|所有|全部|一切|任何|你|您|收到|给出|的){1,6}"
            r"(?:系统)?(?:指令|指示|提示词?|命令|审稿要求|评审要求)"
        ),
    ),
    (
        ("评 审 反馈 意见 结论 分",),
        (
            rf"(?:{_YOU_MUST}|现在|^\W{{0,9}}|[，。：“]\s*)(?:只|仅|直接|立即|对(?:本|该|这篇)?论?文章?)*"
            r"(?:给出?|给予|写出?|提供|撰写|输出|生成|打出|作出|做出)(?:本|该|这篇)?(?:论文|文章)?"
            r"(?:一个|一份|一篇|一段)?(?:非常|完全|高度|全面|最)?的?"
            r"(?:正面|积极|肯定|好评|高分?|最高分?|正向|赞扬)性?的?(?:评价|评审|评语|审稿|评分|评论|反馈|意见|结论|分)"
        ),
    ),
    (
        ("缺点 不足 负面 弱点 局限 缺陷 消极",),
        (
            rf"(?:{_YOU_MUST}|^\W{{0,9}}|[，。：；“]\s*(?:并且?|且)?)(?:不要|请?勿|不得|不应|别)再?"
            r"(?:提及|指出|强调|突出|提到|列出|写出|讨论|批评)"
            r"(?:任何|其|它的|该|本|这篇|论文|文章|本文|文|中|的|存在|潜在)*"
            r"(?:缺点|不足|负面|弱点|局限|缺陷|消极)"
        ),
    ),
    (
        ("作为 如果你是",),
        rf"作为(?:一个|一名|一位)?{_MODEL_ZH}(?:助手|审稿人|评审)?[，,]?\s*(?:你|请)",
        rf"如果你是(?:一个|一名|一位)?{_MODEL_ZH}",
    ),
    (
        ("接收 录用 接受 采纳",),
        (
            rf"{_YOU_MUST}(?:强烈|直接)?(?:推荐|建议)?(?:接收|录用|接受|采纳)(?:本|这篇|该|此)"
            r"(?:论?文|文章|稿)"
        ),
    ),
)
"""Words of which an order has one each (the quick look; `_` is a space), and what it looks like.

`[ ]` stands where no line may end: what heads the columns of a table, or begins a line of a
dialogue, reads like an order with what comes next.
"""


_HAN = re.compile(f"[{HAN}]")
_BEGIN = re.compile(r"(?<!\[)\^")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}])\\W+(?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class Look:
    """What some orders look like."""

    hints: Sequence[Sequence[str]]
    """They have one word of each."""
    order: re.Pattern[str]
    loose: re.Pattern[str]
    """The same where sentences are not on lines of their own; it may find too much."""

    def hinted_in(self, lower: str) -> bool:
        """Whether a text in small letters has the words."""
        for words in self.hints:  # loops: this is asked of every passage
            for word in words:
                if word in lower:
                    break
            else:
                return False
        return True


def looks_hinted(text: str) -> Sequence[Look]:
    """Those that a text may have by its words."""
    lower = " ".join(text.lower().split())
    looks = _english()
    if has_han(lower):
        lower = _BETWEEN_HAN.sub("", lower)
        looks = (*looks, *_chinese())
    return [look for look in looks if look.hinted_in(lower)]


@cache
def _english() -> Sequence[Look]:
    return [_look(hints, orders) for hints, *orders in _LISTS if not has_han(hints[0])]


@cache
def _chinese() -> Sequence[Look]:
    """A line may end before any character of a Chinese order."""
    return [
        _look(hints, [_HAN.sub(r"\\n?\g<0>", order) for order in orders])
        for hints, *orders in _LISTS
        if has_han(hints[0])
    ]


def _look(hints: Sequence[str], orders: Sequence[str]) -> Look:
    order = "|".join(f"(?:{each})" for each in orders)
    loose = _BEGIN.sub(r"(?:^|[.!?…。！？][^\\w\\n]{0,20})", order)
    flags = re.IGNORECASE | re.MULTILINE
    return Look(
        [words.replace("_", " ").split(" ") for words in hints],
        re.compile(order, flags),
        re.compile(loose, flags),
    )
