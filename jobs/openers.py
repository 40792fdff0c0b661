"""The beginning of a sentence: does it lean on the one before, and can that be cut away.

Pure; English only, other languages pass unchanged. Words are only ever left out (a capital
at the new start apart), so that what remains is still a quotation.
"""

import re

PAPER = (
    r"(?:(?:\w+ )?(?:paper|work|study|article|survey|review|report|research|letter|tutorial|chapter"
    r"|thesis|manuscript|dissertation|note|overview|perspective|essay|project|demo|submission))"
)
"""What authors call what they wrote, after `this`."""

_MARKER = (
    r"(?:accordingly|additionally|also|alternatively|as such|as a (?:result|consequence)"
    r"|at (?:its|their) core|at the same time|besides|by contrast|finally|first|first of all|fourth"
    r"|for (?:example|instance|this(?: \w+)?)|further(?:more)?|hence|here|however|indeed|instead"
    r"|in (?:addition|brief|conclusion|contrast|fact|general|parallel|particular|practice|response"
    r"|short|sum|summary|total|turn|this (?:context|way|regard|direction|light|vein))|last"
    r"|likewise|meanwhile|(?:more|most) (?:broadly|importantly|notably|precisely|recently"
    r"|specifically)|moreover|nevertheless|next|nonetheless|on the (?:one|other) hand|otherwise"
    r"|overall|rather|second|still|taken together|then|therefore|third|thus"
    r"|to (?:do so|that end|this end)|together|yet)"
)
_POINTER = r"(?:this|these|that|those|such|it|its|them|their|they|aforementioned|above)"
_SUBJECT = (
    r"(?=(?:(?:in )?this|we|our|i|the|an?|it|existing|recent|prior|current|most|many)\b"
    r"|(?-i:[A-Z]))"
)
_HEADING = (
    r"(?:background(?: and \w+)?|introduction|context|motivation|problem|purpose|aims?"
    r"|objectives?|(?:materials and )?methods?|methodology|approach|design|(?:main |key )?results?"
    r"|findings|conclusions?|discussion|significance|interpretation|availability(?: and \w+)?)"
)
_MEANS = (
    r"(?:to|by|addressing|tackling|based (?:up)?on|buil(?:ding|t) (?:up)?on|motivated by"
    r"|inspired by|guided by|driven by|leveraging|using|with|given|in light of|in response to"
    r"|in view of|following|complementing|despite|beyond|for|recogni[sz]ing|from|through"
    r"|while|although|as)"
)
_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The headings of a structured abstract.
        rf"^{_HEADING}\s?(?::|\.\s|—|–)\s*(?=(?-i:[A-Z]))",
        rf"^{_MARKER},\s+",
        r"^\w{3,}ly,\s+",
        r"^(?:and|but|so|yet|here|thus|hence|therefore|finally)\s+(?=(?:we|i)\b)",
        rf"^in (?:this|our|the present) {PAPER}(?:,\s+|\s+(?=(?:we|i)\b))",
        # What a demonstrative points at stands in an earlier sentence.
        rf"^{_MEANS}\b[^,]*?\b{_POINTER}\b[^,]*,\s+{_SUBJECT}",
    )
)
_DANGLING = re.compile(
    rf"^(?:{_MARKER}(?:,|\s(?:we|i|it|they|the|this|these|a)\b)|\w{{3,}}ly,"
    r"|(?:and|but|or|nor|so|yet|however|because|it|its|itself|they|their|them|he|she|his|her|those|such"
    r"|both|neither|either|the (?:former|latter|same|others?|second|third))\b"
    rf"|this\b(?! {PAPER}\b)|these\b"
    r"|(?:to|by|with|on|in|under|at|for|from|using|given|through|within|across|among|based on"
    r"|building (?:up)?on|motivated by|inspired by|despite|beyond|during) (?:\w+ ){0,2}"
    rf"(?:this|these|that|those|such|it|them|its|their)\b(?! {PAPER}\b))",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^(?:(?:our|the|these|extensive|comprehensive|experimental|empirical|numerical|detailed"
    r"|rigorous|thorough|additional|systematic|quantitative|qualitative|and|simulation|theoretical"
    r"|further|evaluation|ablation|experiments?|results?|evaluations?|analys[ie]s|stud(?:y|ies)"
    r"|findings?|simulations?) )+(?:(?:further|also|consistently|clearly|together|collectively) )?"
    r"(?:show|demonstrate|reveal|confirm|verify|validate|prove|find)s? that ",
    re.IGNORECASE,
)
_OUR_KNOWLEDGE = re.compile(r",? to (?:the best of )?our knowledge,(?= )", re.IGNORECASE)
_POINTING_END = re.compile(
    r",? (?:to|that|which|for|aiming to|designed to) (?:address|tackl|bridg|overcom|fill|solv"
    r"|resolv|mitigat|clos|alleviat|remed|achiev|meet)\w*"
    r" (?:this|these|those|such) \w+(?: \w+)?(?=\.?$)"
)
_LEAST_WORDS = 3


def freed(sentence: str) -> str:
    """The sentence without what only ties it to others: `However, `, `To address this, `."""
    text = _POINTING_END.sub("", _OUR_KNOWLEDGE.sub("", sentence.strip()))
    for _ in range(_LEAST_WORDS):
        cut = next((found for lead in _LEADS if (found := lead.match(text))), None)
        if cut is None or len(text[cut.end() :].split()) < _LEAST_WORDS:
            break
        text = capitalized(text[cut.end() :])
    return text


def unframed(sentence: str) -> str:
    """`Extensive experiments show that X does Y` as `X does Y`."""
    frame = _FRAME.match(sentence)
    rest = sentence[frame.end() :] if frame else ""
    whole = len(rest.split()) > _LEAST_WORDS and " and that " not in rest
    return capitalized(rest) if whole else sentence


def dangles(sentence: str) -> bool:
    """True if the beginning points at something said earlier."""
    return _DANGLING.match(sentence) is not None


def capitalized(text: str) -> str:
    """`text` with a capital at the start, where the first word is a plain one (not `k-means`)."""
    first = text.partition(" ")[0].rstrip(",")
    plain = first.replace("-", "").isalpha() and first.islower() and first.isascii()
    return text[:1].upper() + text[1:] if plain and first[1:2] != "-" else text
