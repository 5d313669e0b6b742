"""Reading UBL: the whole reader against lxml's bare parse of the same files, on one core.

The documents are the real ones beside the project where they are there, else the examples. Only
what is read to an invoice counts; the floor parses the same bytes and does nothing with them.
Floor and reader take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from lxml import etree

from bench.ratio import Ratio
from robot.documents import read
from robot.domain.invoice import Invoice

PROJECT = Path(__file__).resolve().parents[1]
CORPUS = PROJECT.parent / "shared" / "corpus"
EXAMPLES = PROJECT / "examples" / "documents"
AIM = "≥ 0.4"
#: Turns of floor and reader; the median of their ratios is taken.
TURNS = 15
#: How long one turn of the floor should take at least, in seconds.
TURN_SECONDS = 0.15


def documents() -> list[bytes]:
    """The bytes of every document that is read to an invoice."""
    folder = CORPUS if CORPUS.is_dir() else EXAMPLES
    contents = (path.read_bytes() for path in sorted(folder.rglob("*.xml")))
    return [content for content in contents if isinstance(read(content), Invoice)]


def _seconds(act: Callable[[bytes], object], contents: Iterable[bytes]) -> float:
    start = time.perf_counter()
    for content in contents:
        act(content)
    return time.perf_counter() - start


def _measure(name: str, contents: list[bytes]) -> Ratio:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)

    def parse(content: bytes) -> object:
        return etree.fromstring(content, parser)

    once = max(_seconds(parse, contents), 1e-6)
    work = contents * max(1, round(TURN_SECONDS / once))
    turns = [(_seconds(parse, work), _seconds(read, work)) for _ in range(TURNS)]
    floor = min(parsing for parsing, _ in turns)
    reader = min(reading for _, reading in turns)
    return Ratio(
        name=name,
        value=len(work) / reader,
        unit="documents/s",
        floor_name="lxml, parse only",
        floor_value=len(work) / floor,
        ratio=statistics.median(parsing / reading for parsing, reading in turns),
        aim=AIM,
    )


def run() -> list[Ratio]:
    """Reading all documents, and the Danish ones alone."""
    contents = documents()
    if not contents:
        return []
    danish = [content for content in contents if b"OIOUBL-2" in content]
    measured = [_measure(f"reading, {len(contents)} documents", contents)]
    if danish and len(danish) < len(contents):
        measured.append(_measure(f"reading, {len(danish)} of OIOUBL 2", danish))
    return measured
