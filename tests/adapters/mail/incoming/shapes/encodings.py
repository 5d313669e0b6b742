"""Character sets and transfer encodings, right, wrong and broken."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator

from tests.adapters.mail.incoming.shapes.world import NOTICE, Shape, head, html, plain

TEXT = "Er beløbet på æblerne rigtigt? Ærø, Åse og Søren."


def _coded(content: bytes, charset: str, encoding: str = "8bit") -> bytes:
    start = head(
        f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {encoding}"
    )
    return (start + "\n\n").encode() + content


def shapes() -> Iterator[Shape]:
    """All of them."""
    right = {
        "utf-8": TEXT.encode(),
        "iso-8859-1": TEXT.encode("latin-1"),
        "iso-8859-15": TEXT.encode("iso-8859-15"),
        "windows-1252": TEXT.encode("cp1252"),
        "utf-7": TEXT.encode("utf-7"),
        "utf-16": TEXT.encode("utf-16"),
        "cp850": TEXT.encode("cp850"),
        "macintosh": TEXT.encode("mac-roman"),
    }
    for charset, content in right.items():
        yield Shape(
            f"charset-{charset}", _coded(content, charset), "reply", "case", "comment", TEXT
        )
        quoted = _coded(quopri.encodestring(content), charset, "quoted-printable")
        coded = _coded(base64.encodebytes(content), charset, "base64")
        yield Shape(f"qp-{charset}", quoted, "reply", "case", "comment", TEXT)
        yield Shape(f"base64-{charset}", coded, "reply", "case", "comment", TEXT)
    wrong = {
        "utf-8-called-latin-1": (TEXT.encode(), "iso-8859-1"),
        "utf-8-called-ascii": (TEXT.encode(), "us-ascii"),
        "utf-8-called-cp1252": (TEXT.encode(), "windows-1252"),
        "latin-1-called-utf-8": (TEXT.encode("latin-1"), "utf-8"),
        "latin-1-called-ascii": (TEXT.encode("latin-1"), "us-ascii"),
        "unknown-charset": (TEXT.encode(), "x-klingon"),
        "charset-in-quotes": (TEXT.encode("latin-1"), '"iso-8859-1"'),
        "charset-of-python": (TEXT.encode(), "unicode_escape"),
        "charset-that-is-none": (TEXT.encode(), "base64"),
    }
    for name, (content, charset) in wrong.items():
        yield Shape(name, _coded(content, charset), "reply", "case", "comment", TEXT)
    chinese = "发票已更正。"
    yield Shape(
        "gb2312", _coded(chinese.encode("gb2312"), "gb2312"), "reply", "case", "comment", chinese
    )
    japanese = "修正しました。"
    yield Shape(
        "iso-2022-jp",
        _coded(japanese.encode("iso-2022-jp"), "iso-2022-jp"),
        "reply",
        "case",
        "comment",
        japanese,
    )
    broken = _coded(b"Hej =ZZ igen =", "utf-8", "quoted-printable")
    yield Shape("qp-broken", broken, "reply", "case", "comment")
    half = base64.b64encode(TEXT.encode())[:-3] + b"!!"
    yield Shape("base64-broken", _coded(half, "utf-8", "base64"), "reply", "case", "comment")
    yield Shape(
        "unknown-transfer-encoding",
        _coded(TEXT.encode(), "utf-8", "x-uu-something"),
        "reply",
        "case",
        "comment",
        TEXT,
    )
    yield Shape(
        "nul-bytes", _coded(b"Hej\0 med\0 dig", "utf-8"), "reply", "case", "comment", "Hej med dig"
    )
    yield Shape(
        "byte-order-mark", _coded(b"\xef\xbb\xbfHej", "utf-8"), "reply", "case", "comment", "Hej"
    )
    yield Shape(
        "cut-in-a-character", _coded(TEXT.encode() + b"\xc3", "utf-8"), "reply", "case", "comment"
    )
    yield Shape(
        "turned-text",
        plain("Konto \u202e4321\u202c og\u200b mere"),
        "reply",
        "case",
        "comment",
        "Konto 4321 og mere",
    )
    yield Shape(
        "entities",
        html("<p>Er det K&oslash;b &amp; salg?</p>"),
        "reply",
        "case",
        "comment",
        "Er det Køb & salg?",
    )
    raw = (
        head("Content-Type: text/plain")
        .replace("Subject: SV", "Subject: SV Ærø")
        .encode("latin-1")
    )
    yield Shape("eight-bit-headers", raw + b"\n\nHej", "reply", "case", "comment", "Hej")
    for name, word in (
        ("encoded-subject-b", "=?utf-8?B?U1Y6IEtvbnRvIMOmw7jDpQ==?="),
        ("encoded-subject-q", "=?iso-8859-1?Q?SV:_Konto_=E6=F8=E5?="),
        ("encoded-subject-broken", "=?utf-8?B?U1Y6IEt!!=?= og mere"),
        ("encoded-subject-unknown", "=?x-none?Q?SV=3A_hej?="),
    ):
        yield Shape(name, plain("Hej", subject=word), "reply", "case", "comment", "Hej")
    assert NOTICE
