"""Small real files to attach: a one-page PDF and a picture of one pixel, made here."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file within the document, or a link to one outside it."""

    name: str
    description: str
    media_type: str = ""
    content: bytes = b""
    link: str = ""


def a_pdf(name: str, description: str, text: str) -> Attachment:
    """A PDF of one page with one line of text (ASCII)."""
    return Attachment(
        name=name,
        description=description,
        media_type="application/pdf",
        content=_pdf(text),
    )


def a_picture(name: str, description: str) -> Attachment:
    """A PNG of one grey pixel."""
    return Attachment(name=name, description=description, media_type="image/png", content=_png())


def a_link(name: str, description: str, link: str) -> Attachment:
    """A file that lies elsewhere; nobody fetches it."""
    return Attachment(name=name, description=description, link=link)


_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)


def _pdf(text: str) -> bytes:
    shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii")
    drawing = b"BT /F1 14 Tf 50 780 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(written))
    )


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    # Stored, not compressed, so that every version of zlib writes the same bytes.
    pixels = zlib.compress(b"\x00\x80", level=0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )
