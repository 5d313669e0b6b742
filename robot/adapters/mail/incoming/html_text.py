"""The text of an HTML mail, with quotations marked as plain mails mark them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from robot.adapters.mail.incoming.charsets import seen

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "div",
        "dd",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "blockquote",
    ]
)
_UNREAD: Final = frozenset({"script", "style", "head", "title", "template", "object", "svg"})
#: Marks by which mail programs tell where the mail that is answered begins.
_QUOTATION: Final = re.compile(
    r"gmail_quote|divrplyfwdmsg|appendonsend|yahoo_quoted|moz-cite-prefix|protonmail_quote|"
    r"outlookmessageheader|replysplit|mail-editor-reference-message-container|olk_src_body_section|"
    r"ms-outlook-mobile-reference-message|zmail_extra|hmquote|x_divrplyfwdmsg",
    re.IGNORECASE,
)
#: Outlook's line above the mail that is answered.
_RULE_ABOVE: Final = re.compile(
    r"border-top:\s{0,3}solid\s{0,3}#[0-9a-f]{6}\s{0,3}1", re.IGNORECASE
)
_MANY_BREAKS: Final = re.compile(r"\n{3,}")
#: A line of its own at which the mail that is answered begins.
CUT: Final = "\x02quotation"
_DEEPEST: Final = 5
_UNFINISHED: Final = re.compile(r"<[A-Za-z/!][^<>]{0,5000}\Z")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread = 0
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
            return
        if tag == "br":
            self._break()
            return
        if tag not in _BLOCKS and tag not in {"span", "a", "td", "th"}:
            return
        given = dict(attrs)
        names = f"{given.get('id') or ''} {given.get('class') or ''}"
        style = given.get("style") or ""
        if _QUOTATION.search(names) or _RULE_ABOVE.search(style):
            self._break()
            if "moz-cite-prefix" not in names:
                self.pieces.append(CUT)
            self._break()
        if tag in _BLOCKS:
            self._break()
        if tag == "blockquote":
            self._depth += 1
            self._break()
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BLOCKS:
            if tag == "blockquote":
                self._depth = max(0, self._depth - 1)
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self.pieces.append("\n" + "> " * min(self._depth, _DEEPEST))


def text_of(html: str) -> str:
    """Plain text: one line a block, `> ` before what is quoted, `CUT` where an answer ends.

    Nothing is fetched or run; what can't be parsed gives what was read up to there.
    """
    reader = _Reader()
    try:
        reader.feed(_UNFINISHED.sub("", html.replace("\x02", "")))
        reader.close()
    except Exception:  # noqa: BLE001 - the text up to there is better than none
        reader.pieces.append("")
    lines = (line.rstrip() for line in "".join(reader.pieces).split("\n"))
    kept = [line if line.lstrip(" ").startswith(">") else line.strip() for line in lines]
    marked = "\n".join("" if set(line) <= {">", " "} else line for line in kept)
    before, *quoted = marked.split(CUT)
    text = seen(before)
    if quoted:
        text += "\n" + CUT + "\n" + seen("\n".join(quoted))
    return _MANY_BREAKS.sub("\n\n", text).strip("\n")
