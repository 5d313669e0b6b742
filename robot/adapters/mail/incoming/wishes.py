"""What the writer of a reply wants. A wish is noted; none of them changes an invoice."""

from __future__ import annotations

import re
from typing import Final

from robot.domain.incoming import Intent

_STATUS: Final = re.compile(r"\W{0,6}status\W{0,6}", re.IGNORECASE)
_STATUS_ASKED: Final = re.compile(
    r"^(?:hvad\s+er\s+status(?:en)?|hvad\s+er\s+status\s+på\s+(?:sagen|fakturaen)|status\s+på\s+sagen|"
    r"what\s+is\s+the\s+status|what's\s+the\s+status)\b[^.!\n]{0,80}\??$",
    re.IGNORECASE,
)
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSES: Final = re.compile(r"[,;:()]|\s[-–—]\s|\s(?:og|and|men|but)\s", re.IGNORECASE)
_NOT: Final = re.compile(
    r"\b(?:ikke|ej|aldrig|hverken|uden|kan\s+ikke|not|never|cannot|can'?t|couldn'?t|isn'?t|"
    r"hasn'?t|haven'?t|wasn'?t|unable|hvis|når|if|when|once|unless|skal|bør|burde|should|must|"
    r"vil|will|bliver|bedes|please|hvordan|how|hvor)\b",
    re.IGNORECASE,
)
_FIXED: Final = re.compile(
    r"\b(?:er\s+(?:nu\s+|blevet\s+|hermed\s+|så\s+|netop\s+)*(?:rettet|ordnet|fikset|korrigeret|bragt\s+i\s+orden)|"
    r"(?:har|er)\s+(?:vi\s+|jeg\s+)?(?:nu\s+|lige\s+|netop\s+|også\s+)*(?:rettet|ordnet|fikset|korrigeret)|"
    r"(?:vi|jeg)\s+(?:har\s+)?(?:nu\s+|lige\s+|netop\s+)*rettede?|"
    r"(?:konto|dimension\w*|delregnskab\w*|formål\w*|fakturaen|bilaget|kontering\w*|fejlen)\s+(?:nu\s+)?rettet|"
    r"godkendt\s+(?:den\s+|fakturaen\s+|bilaget\s+)?(?:igen|på\s+ny)|"
    r"(?:is|are|has\s+been|have\s+been)\s+(?:now\s+)?(?:fixed|corrected)|"
    r"(?:i|we)\s+(?:have\s+|'ve\s+)?(?:now\s+|just\s+)?(?:fixed|corrected)|"
    r"(?:i|we)'ve\s+(?:now\s+|just\s+)?(?:fixed|corrected)|approved\s+(?:it\s+)?again)\b",
    re.IGNORECASE,
)
#: A whole answer of a word or two.
_FIXED_ALONE: Final = re.compile(
    r"(?:det\s+|den\s+)?(?:er\s+)?(?:nu\s+)?(?:rettet|ordnet|fikset|fixed|corrected|done|klaret)"
    r"(?:\s+nu|\s+i\s+(?:sdi|indfak)|\s+and\s+approved\s+again|\s+og\s+godkendt(?:\s+igen)?)?\W{0,4}",
    re.IGNORECASE,
)
_RECHECK: Final = re.compile(
    r"\b(?:(?:prøv|forsøg|tjek|check|kig|se|behandl|kør)\w*\s+(?:venligst\s+)?(?:på\s+)?(?:den|det|fakturaen|bilaget|sagen)?\s*"
    r"(?:igen|en\s+gang\s+til|på\s+ny)|gen(?:tjek|behandl|kør|prøv)\w*|"
    r"(?:re-?check|re-?process|re-?try|try\s+(?:it\s+)?again|check\s+(?:it\s+)?again|look\s+(?:at\s+it\s+)?again|"
    r"process\s+(?:it\s+)?again))\b",
    re.IGNORECASE,
)
_SUPPLIER: Final = re.compile(
    r"\b(?:(?:venter|afventer)\s+(?:på\s+)?(?:svar\s+(?:fra\s+)?|en\s+)?(?:leverandør\w*|kreditor\w*|kreditnota\w*|ny\s+faktura)|"
    r"(?:leverandør\w*)\s+(?:sender|vil\s+sende|fremsender|skal\s+sende|er\s+kontaktet|har\s+lovet)|"
    r"(?:kontaktet|skrevet\s+til|ringet\s+til|bedt|rykket)\s+leverandør\w*|"
    r"(?:waiting|wait)\s+(?:for|on)\s+(?:an?\s+answer\s+from\s+)?(?:the\s+)?(?:supplier|vendor|credit\s+note)|"
    r"(?:supplier|vendor)\s+(?:will|is\s+going\s+to|has\s+promised\s+to)\s+(?:send|issue)|"
    r"(?:contacted|asked|written\s+to)\s+the\s+(?:supplier|vendor))\b",
    re.IGNORECASE,
)
_MORE_TIME: Final = re.compile(
    r"\b(?:(?:brug\s+for|have|få|bede\s+om|behov\s+for)\s+(?:lidt\s+)?(?:mere|længere|ekstra)\s+tid|"
    r"(?:forlæng|udskyd|udsæt)\w*\s+(?:venligst\s+)?(?:fristen|sagen)?|længere\s+frist|(?:ny|senere)\s+frist|udsættelse|"
    r"vi\s+når\s+(?:det\s+)?ikke|(?:kan|når)\s+(?:vi\s+|jeg\s+)?(?:det\s+)?først\b|"
    r"vender?\s+tilbage|ser\s+på\s+det\s+(?:i\s+)?(?:næste|senere|mandag|tirsdag|onsdag|torsdag|fredag|morgen)|"
    r"(?:need|give\s+us|ask\s+for|like)\s+(?:a\s+(?:bit|little)\s+|some\s+)?more\s+time|(?:extend|postpone)\s+the\s+deadline|"
    r"(?:an?\s+)?extension\s+(?:of|until|to)|get\s+back\s+to\s+you|(?:not|can't|cannot)\s+(?:\w+\s+){0,4}(?:before|until)\s+(?:next|monday|friday))\b",
    re.IGNORECASE,
)
#: What only a person may answer, whatever else the reply says.
_PAYMENT_DETAILS: Final = re.compile(
    r"\b(?:kontonummer|kontonr|bankkonto|reg\.?\s?nr|registreringsnummer|iban|swift|nemkonto|fi-?kort|"
    r"bank\s+(?:account|details)|account\s+number|betalingsoplysninger|payment\s+details)\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(r"\?\s*$")
_LONGEST: Final = 4_000
_LONGEST_LINE: Final = 120
#: A greeting and a question.
_FEW_LINES: Final = 2


def asks_status(text: str, subject: str) -> bool:
    """Whether the first line, or the subject of an empty mail, asks for the status and no more."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return bool(_STATUS.fullmatch(subject.strip()))
    if len(lines[0]) > _LONGEST_LINE:
        return False
    if _STATUS.fullmatch(lines[0]):
        return True
    return len(lines) <= _FEW_LINES and bool(
        _STATUS_ASKED.match(lines[-1]) or _STATUS_ASKED.match(lines[0])
    )


def wish_of(text: str, subject: str = "") -> Intent:
    """What a reply wants; what is not plain, or several things at once, is a comment."""
    if asks_status(text, subject):
        return Intent.STATUS
    text = text[:_LONGEST]
    if _PAYMENT_DETAILS.search(text):
        return Intent.COMMENT
    wishes = {wish for sentence in _SENTENCES.split(text) for wish in _wishes(sentence)}
    if wishes == {Intent.FIXED, Intent.RECHECK}:
        return Intent.FIXED
    if wishes == {Intent.SUPPLIER, Intent.MORE_TIME}:
        return Intent.SUPPLIER
    return wishes.pop() if len(wishes) == 1 else Intent.COMMENT


def _wishes(sentence: str) -> set[Intent]:
    sentence = sentence.strip()
    if not sentence:
        return set()
    asked = bool(_QUESTION.search(sentence))
    found: set[Intent] = set()
    if _RECHECK.search(sentence):
        found.add(Intent.RECHECK)
    if _SUPPLIER.search(sentence) and not asked:
        found.add(Intent.SUPPLIER)
    if _MORE_TIME.search(sentence):
        found.add(Intent.MORE_TIME)
    if not asked and found <= {Intent.RECHECK} and _says_fixed(sentence):
        found.add(Intent.FIXED)
    return found


def _says_fixed(sentence: str) -> bool:
    if _FIXED_ALONE.fullmatch(sentence):
        return True
    return any(
        _FIXED.search(clause) and not _NOT.search(clause) for clause in _CLAUSES.split(sentence)
    )


def mentions_payment_details(text: str) -> bool:
    """Whether it speaks of bank accounts, which no mail changes."""
    return bool(_PAYMENT_DETAILS.search(text[:_LONGEST]))
