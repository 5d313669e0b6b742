"""What somebody wrote in a reply, apart from what is quoted and from the signature.

The mail is split by mail-parser-reply. What that library does not know is done here, line by line:
Notes, older Outlook, answers below and between quoted lines, and whole-line signatures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailparser_reply import EmailReplyParser

from robot.adapters.mail.incoming.html_text import CUT

#: What the library is given: its patterns take long on long texts.
_MOST_LINES: Final = 300
_LONGEST_LINE: Final = 400
_LONGEST: Final = 15_000
_LONGEST_ATTRIBUTION: Final = 600
#: Lines below a greeting.
_LONGEST_SIGNATURE: Final = 40
_GREETING_WORDS: Final = 12
#: Lines among which the quotation is looked for.
_MOST_LOOKED_AT: Final = 3_000
_LANGUAGES: Final = ["da", "en", "de", "sv"]
_SPLITTER: Final = EmailReplyParser(languages=_LANGUAGES)

_SEPARATOR: Final = re.compile(
    r"^[>\s*]{0,9}(?:-{2,}\s*(?:original\s+message|oprindelig\s+(?:meddelelse|besked|mail)|opprinnelig\s+melding|"
    r"ursprungligt\s+meddelande|ursprüngliche\s+nachricht|original\s+besked|videresendt\s+(?:meddelelse|besked)|"
    r"forwarded\s+message|original\s+appointment|oprindelig\s+aftale)\s*-{2,}"
    r"|(?:begin\s+forwarded\s+message|start\s+på\s+videresendt\s+besked|startet\s+på\s+videresendt\s+besked|"
    r"oprindelig\s+meddelelse|-{5,}\s*forwarded\s+by\b.*|-{5,}\s*videresendt\s+af\b.*)\s*:?\s*-{0,9})\s*$",
    re.IGNORECASE,
)
_HEADER_WORDS: Final = (
    r"fra|from|von|från|afsender|sendt|sent|gesendet|skickat|dato|date|datum|til|to|an|till|cc|kopi|kopia|"
    r"emne|subject|betreff|ämne|vedr|besvar\s+til|reply-to|svar\s+til|vedhæftet|prioritet|importance"
)
_HEADER_LINE: Final = re.compile(
    rf"^[>\s|*]{{0,12}}\*?(?P<name>{_HEADER_WORDS})\*?\s?:\*?(?:\s|$)", re.IGNORECASE
)
_FROM_LINE: Final = re.compile(
    r"^[>\s|*]{0,12}\*?(?:fra|from|von|från|afsender)\*?\s?:\*?(?:\s|$)", re.IGNORECASE
)
_ATTRIBUTION: Final = re.compile(
    r"^[\s>]{0,12}(?:"
    r"(?:den|d\.|on|am|le|op|på|man|tir|ons|tor|fre|lør|søn|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|\d)"
    r".{0,300}\b(?:skrev|wrote|schrieb|a\s+écrit|schreef|skrev\s+følgende|følgende|sagde|said)\b.{0,200}:"
    r"|.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*(?:skrev|wrote|schrieb|skriver|writes)\b.{0,120}:?"
    r"|(?:quoting|citat\s+af|citat\s+fra|skrev)\s.{0,200}:)\s*$",
    re.IGNORECASE,
)
_ATTRIBUTION_START: Final = re.compile(
    r"^[\s>]{0,12}(?:den|d\.|on|am|man|tir|ons|tor|fre|lør|søn|mandag|tirsdag|onsdag|torsdag|"
    r"fredag|lørdag|søndag)\b.{0,20}\d",
    re.IGNORECASE,
)
#: Notes writes sender, date and `Til`, `Emne` in columns below a line of a name and a time.
_NOTES_START: Final = re.compile(
    r"^\s{0,20}[\w.\-\"/ ]{2,60}(?:<[^<>]{3,100}>)?\s{2,}"
    r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\s+\d{1,2}[:.]\d{2}",
)
_QUOTED: Final = re.compile(r"^\s{0,4}(?:>|&gt;|\|\s)")
_RULE: Final = re.compile(r"^\s{0,9}[_]{10,}\s*$|^\s{0,9}-{20,}\s*$")
_MARKER: Final = re.compile(
    r"(?:skriv|svar)\s+(?:jeres\s+|dit\s+)?(?:svar\s+)?(?:over|ovenfor)\s+denne\s+linje|"
    r"(?:reply|write)\s+above\s+this\s+line",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(
    r"^\s{0,9}(?:(?:de\s+|med\s+)?(?:venlig(?:e|st)?|bedste|kærlig|mange|gode)\s+hils(?:en|ner)(?:er)?|m\.?v\.?h\.?|"
    r"d\.?b\.?h\.?|b\.?h\.?|v\.?h\.?|hilsen|hilsner|på\s+vegne\s+af.{0,60}|"
    r"(?:best|kind|kindest|warm|many)\s+regards|regards|best|all\s+the\s+best|sincerely(?:\s+yours)?|yours\s+\w+|"
    r"cheers|mit\s+freundlichen\s+grüßen|(?:viele|beste|liebe)\s+grüße|mfg|"
    r"(?:med\s+)?(?:vänliga?|bästa)\s+hälsning(?:ar)?|hälsningar|(?:med\s+)?vennlig\s+hilsen)"
    r"\s*[,.!]?(?:\s*/\s*(?:best|kind)\s+regards,?)?(?:\s+[\wæøåÆØÅ.\-]{1,30}){0,3}\s*$",
    re.IGNORECASE,
)
_DASHES: Final = re.compile(r"^\s{0,3}--\s{0,3}$")
_SENT_FROM: Final = re.compile(
    r"^\s{0,9}(?:sendt\s+fra\s+(?:min|mit|outlook|yahoo|proton|en)|sent\s+from\s+(?:my|outlook|yahoo|mail|proton|a)|"
    r"sent\s+via|sent\s+with|"
    r"hent\s+outlook|get\s+outlook|hämta\s+outlook|skickat\s+från|gesendet\s+von|outlook\s+til\s+(?:ios|android)|"
    r"få\s+outlook|sendt\s+via|sendt\s+med|sendt\s+mobilt|hentet\s+fra\s+min|"
    r"fra\s+min\s+(?:iphone|ipad|mobil))\b.{0,160}$",
    re.IGNORECASE,
)
_DISCLAIMER: Final = re.compile(
    r"^\s{0,9}[*_]{0,2}(?:denne\s+(?:e-?)?mail\s+(?:er|kan|og|indeholder)|this\s+e-?mail\s+(?:is|and|may|contains)|fortrolighed|"
    r"confidentiality\s+notice|disclaimer|caution\s*:|advarsel\s*:|ekstern\s+(?:e-?)?mail|external\s+e-?mail)",
    re.IGNORECASE,
)
#: Lines that gateways put on top of mails from outside.
_BANNER: Final = re.compile(
    r"^\s{0,9}[\[*_]{0,3}(?:caution|advarsel|external|ekstern|obs)\b.{0,250}"
    r"(?:organi[sz]ation|udefra|outside|ekstern|external|links|vedhæftede|sender|afsender)",
    re.IGNORECASE,
)
_MANY_BREAKS: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text in two."""

    #: What the writer wrote; no signature.
    own: str
    #: Whether anything is quoted.
    quotes: bool


def written(text: str) -> Written:
    """What was written in a reply: above, below or between the lines that are quoted."""
    lines = _without_banner(text.replace(CUT + "\n", CUT + "\n").split("\n"))
    marked = [_QUOTED.match(line) is not None for line in lines]
    cut = _first_cut(lines)
    above = lines if cut is None else lines[:cut]
    quotes = cut is not None or any(marked)
    own = _own(above, marked[: len(above)])
    if not own and cut is not None and any(marked[cut:]):
        # Nothing above: the answer stands below or between the lines that are quoted.
        own = _below(lines[cut:], marked[cut:])
    elif own and cut is not None and any(marked[cut:]):
        below = _below(lines[cut:], marked[cut:])
        own = f"{own}\n\n{below}" if below and _greeting_only(own) else own
    return Written(own=_tidy(_by_library(own)) if own else "", quotes=quotes)


def _without_banner(lines: list[str]) -> list[str]:
    kept = list(lines)
    at = next((number for number, line in enumerate(kept) if line.strip()), None)
    if at is not None and _BANNER.match(kept[at]):
        return kept[at + 1 :]
    return kept


def _first_cut(lines: Sequence[str]) -> int | None:
    """The line at which the mail that is answered begins."""
    for number, line in enumerate(lines[:_MOST_LOOKED_AT]):
        if line == CUT or _MARKER.search(line[:200]) or _SEPARATOR.match(line[:300]):
            return number
        if _begins_quotation(lines, number):
            return number
    return None


def _begins_quotation(lines: Sequence[str], number: int) -> bool:
    line = lines[number][:700]
    if _ATTRIBUTION.match(line):
        return True
    if _ATTRIBUTION_START.match(line) and _wrapped_attribution(lines, number):
        return True
    if _FROM_LINE.match(line) and _header_block(lines, number):
        return True
    if _NOTES_START.match(line[:200]):
        return _header_block(lines, number + 1, least=1)
    return _RULE.match(line) is not None and _rule_before_headers(lines, number)


def _wrapped_attribution(lines: Sequence[str], number: int) -> bool:
    for more in (2, 3):
        joined = " ".join(line.strip() for line in lines[number : number + more])
        if len(joined) <= _LONGEST_ATTRIBUTION and _ATTRIBUTION.match(joined):
            return True
    return False


def _rule_before_headers(lines: Sequence[str], number: int) -> bool:
    after = [n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()]
    return bool(after) and _HEADER_LINE.match(lines[after[0]][:300]) is not None


def _header_block(lines: Sequence[str], number: int, *, least: int = 2) -> bool:
    """Whether at least this many different header lines stand here close together."""
    names: set[str] = set()
    for line in lines[number : number + 9]:
        found = _HEADER_LINE.match(line[:300])
        if found:
            names.add(found["name"].lower())
    return len(names) >= least


def _own(lines: Sequence[str], marked: Sequence[bool]) -> str:
    kept = [line for line, quoted in zip(lines, marked, strict=True) if not quoted]
    return _unsigned(kept)


def _below(lines: Sequence[str], marked: Sequence[bool]) -> str:
    """Own lines after the first one that is quoted; attributions are none."""
    first = marked.index(True)
    kept = [
        line
        for line, quoted in zip(lines[first:], marked[first:], strict=True)
        if not quoted and line != CUT and not _ATTRIBUTION.match(line[:700])
    ]
    return _unsigned(kept)


def _unsigned(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for number, line in enumerate(lines):
        short = line[:250]
        if _DASHES.match(short) or _SENT_FROM.match(short) or _DISCLAIMER.match(short):
            break
        if _SIGNATURE.match(short) and _ends_soon(lines, number):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _ends_soon(lines: Sequence[str], number: int) -> bool:
    """A greeting at the end is followed by a name and an address, not by half a letter."""
    return sum(1 for line in lines[number + 1 :] if line.strip()) <= _LONGEST_SIGNATURE


def _greeting_only(own: str) -> bool:
    return len(own.split()) <= _GREETING_WORDS


def _by_library(own: str) -> str:
    """The first of the mails that the library finds in a text; the text itself when none."""
    lines = own.split("\n")
    if len(own) > _LONGEST or len(lines) > _MOST_LINES:
        return own
    if any(len(line) > _LONGEST_LINE for line in lines):
        return own
    replies = _SPLITTER.read(own).replies
    first = replies[0].content if replies else ""
    return first or own


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()
