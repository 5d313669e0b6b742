"""XES by invoice, for tools that know one case for an event. Source: IEEE 1849-2016."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

from lxml import etree

from robot.adapters.export.log import Log, LogEvent

_SPACE: Final = "http://www.xes-standard.org/"
_EXTENSIONS: Final = (
    ("Concept", "concept", f"{_SPACE}concept.xesext"),
    ("Time", "time", f"{_SPACE}time.xesext"),
    ("Organizational", "org", f"{_SPACE}org.xesext"),
)


def write_xes(log: Log, path: Path) -> None:
    """Write the log, a trace for each invoice."""
    traces: dict[str, list[LogEvent]] = defaultdict(list)
    for event in log.events:
        for thing, qualifier in event.objects:
            if qualifier == "invoice":
                traces[thing].append(event)
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("log", {"xes.version": "1849.2016", "xmlns": _SPACE}):
            for name, prefix, uri in _EXTENSIONS:
                _empty(xml, "extension", name=name, prefix=prefix, uri=uri)
            _empty(xml, "classifier", name="Event", keys="concept:name")
            for name, events in traces.items():
                with xml.element("trace"):
                    _empty(xml, "string", key="concept:name", value=name)
                    for event in events:
                        _event(xml, event)


def _event(xml: etree._IncrementalFileWriter, event: LogEvent) -> None:
    with xml.element("event"):
        _empty(xml, "string", key="concept:name", value=event.type)
        _empty(xml, "date", key="time:timestamp", value=event.at.isoformat())
        _empty(xml, "string", key="org:resource", value=event.attributes["person"])
        _empty(xml, "string", key="org:role", value=event.attributes["actor"])
        for name in ("system", "precision", "outcome", "codes"):
            _empty(xml, "string", key=name, value=event.attributes[name])


def _empty(xml: etree._IncrementalFileWriter, tag: str, /, **attributes: str) -> None:
    with xml.element(tag, attributes):
        pass
