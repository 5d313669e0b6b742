"""Bytes to an element tree, safely: nothing is fetched, expanded or believed."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from robot.documents.limits import ORDINARY_BYTES, Limits
from robot.documents.refusal import RefusalError

#: First bytes of what suppliers send instead of XML, and what it is.
_OTHER_FILES: Final = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a rich text file"),
    (b"{", "JSON or other text"),
    (b"[", "JSON or other text"),
)
_HTML: Final = re.compile(
    rb"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+)?html[\s>]", re.IGNORECASE | re.DOTALL
)
#: Everything that may stand before a DOCTYPE; possessive, so that it is linear in its input.
_DOCTYPE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL
)
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff")
#: Where libxml2 says the same place twice.
_PLACE: Final = re.compile(r",? line \d+, column \d+.*$", re.DOTALL)
_DOCTYPE_REFUSED: Final = (
    "the document has a DOCTYPE declaration, which is never needed in an e-invoice and can hide "
    "an attack; it is refused unread"
)


def _parser(*, huge: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        # White space between elements means nothing in UBL; leaving it out is a sixth faster.
        remove_blank_text=True,
        huge_tree=huge,
    )


_ORDINARY: Final = _parser(huge=False)
_HUGE: Final = _parser(huge=True)


def parse(content: bytes, limits: Limits) -> etree._Element:
    """The root element of a document, without comments and processing instructions.

    Raises:
        RefusalError: The bytes are no well-formed XML, have a DOCTYPE, or pass a limit.
    """
    _check_size(content, limits)
    # The plain search first: in the documents that are read, it is all that happens.
    if b"<!" in content and _DOCTYPE.match(content) is not None:
        if _HTML.match(content):
            raise RefusalError("this is an HTML page, not an e-invoice in XML")
        raise RefusalError(_DOCTYPE_REFUSED)
    huge = len(content) > ORDINARY_BYTES
    try:
        root = etree.fromstring(content, _HUGE if huge else _ORDINARY)
    except etree.XMLSyntaxError as error:
        raise RefusalError(_not_well_formed(content, error)) from error
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise RefusalError(f"the XML can't be parsed: {error}") from error
    # Also in encodings that the look at the bytes above does not know (UTF-16, EBCDIC).
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusalError(_DOCTYPE_REFUSED)
    if (huge or limits.depth < _ORDINARY_DEPTH) and _deeper_than(root, limits.depth):
        raise RefusalError(f"elements are nested more than {limits.depth} deep")
    return root


#: libxml2 itself stops here unless the document is huge.
_ORDINARY_DEPTH: Final = 256


def _check_size(content: bytes, limits: Limits) -> None:
    if len(content) > limits.bytes:
        raise RefusalError(
            f"the document is {len(content):,} bytes; at most {limits.bytes:,} are read"
        )
    # A start tag needs a "<" and an attribute a "=", whatever the encoding, so counting bytes
    # bounds the tree before memory is spent on it. Twice, because end tags have one too.
    if len(content) > limits.elements and (
        content.count(b"<") > 2 * limits.elements or content.count(b"=") > 2 * limits.elements
    ):
        raise RefusalError(f"the document has more than {limits.elements:,} elements")


def _deeper_than(root: etree._Element, depth: int) -> bool:
    # Level by level in C; iterating in Python would take seconds on a huge tree.
    return bool(etree.XPath("boolean(" + "/*" * (depth + 1) + ")")(root))


def _not_well_formed(content: bytes, error: etree.XMLSyntaxError) -> str:
    start = content.lstrip()[:16] if len(content) < ORDINARY_BYTES else content[:16]
    if not start:
        return "the document is empty"
    for magic, kind in _OTHER_FILES:
        if start.startswith(magic):
            return f"this is {kind}, not an e-invoice in XML"
    if _HTML.match(content):
        return "this is an HTML page, not an e-invoice in XML"
    if not start.startswith((b"<", *_BYTE_ORDER_MARKS)) and b"<\x00" not in start:
        return "this is not XML: it does not begin with a tag"
    line, _ = error.position
    what = _PLACE.sub("", " ".join((error.msg or "").split()))
    if "excessive depth" in what.casefold():
        return f"elements are nested more than {_ORDINARY_DEPTH} deep (line {line})"
    return f"the XML is broken at line {line}: {what or 'unknown error'}"
