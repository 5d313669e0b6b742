"""The official rules run in a child process that can be slow, broken or missing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from robot.documents.official_rules import OfficialRules, Validation, Verdict
from robot.domain.invoice import Format, Kind
from tests.support import ubl

PASSING = "print('<r/>')"
SVRL = """
print('''<s:schematron-output xmlns:s="http://purl.oclc.org/dsdl/svrl">
<s:failed-assert flag="fatal" location="/Invoice"><s:text>[BR-01] An
 Invoice shall have it</s:text></s:failed-assert>
<s:failed-assert flag="warning"><s:text>[W] only a warning</s:text></s:failed-assert>
</s:schematron-output>''')"""
DANISH = """
print('''<Schematron><Error context="x"><Pattern>false()</Pattern>
<Description>[F-INV042] Invalid</Description><Xpath>/Invoice[1]</Xpath></Error></Schematron>''')"""
ECHO = """
import sys
sent = sys.stdin.buffer.read()
marks = [mark for mark in (b'<!--', b'<?', b'DOCTYPE', b'Envelope') if mark in sent]
print(f'<r><Error><Description>{len(sent) > 100} {marks}</Description></Error></r>')"""


def rules(folder: Path, script: str = PASSING, *, seconds: float = 30.0) -> OfficialRules:
    place = folder / "oioubl-2" / "invoice"
    place.mkdir(parents=True, exist_ok=True)
    (place / "rules.xslt").write_text("<x/>")
    return OfficialRules(folder, seconds=seconds, child=(sys.executable, "-c", script))


def validation(official: OfficialRules, document: bytes = b"") -> Validation:
    return official.validate(document or ubl.oioubl(), Format.OIOUBL_2, Kind.INVOICE)


def test_a_document_without_findings_passes(tmp_path: Path) -> None:
    assert validation(rules(tmp_path)).verdict is Verdict.PASSED


def test_findings_are_read_from_svrl_and_warnings_do_not_fail(tmp_path: Path) -> None:
    found = validation(rules(tmp_path, SVRL))

    assert found.verdict is Verdict.FAILED
    assert [(each.text, each.fatal) for each in found.findings] == [
        ("[BR-01] An Invoice shall have it", True),
        ("[W] only a warning", False),
    ]
    assert found.findings[0].location == "/Invoice"


def test_findings_are_read_from_the_form_of_the_oioubl_rules(tmp_path: Path) -> None:
    (finding,) = validation(rules(tmp_path, DANISH)).findings

    assert (finding.text, finding.location) == ("[F-INV042] Invalid", "/Invoice[1]")


def test_trap_21_the_child_never_sees_the_suppliers_bytes(tmp_path: Path) -> None:
    number, root = "<cbc:ID>1001", "\n<Invoice"
    document = ubl.swapped(ubl.enveloped(ubl.oioubl()), number, f"<!-- x --><?pi?>{number}")
    doctype = ubl.swapped(ubl.oioubl(), root, f'\n<!DOCTYPE Invoice SYSTEM "http://x">{root}')

    (finding,) = validation(rules(tmp_path, ECHO), document).findings
    refused = validation(rules(tmp_path, ECHO), doctype)

    assert finding.text == "True []"
    assert refused.verdict is Verdict.NOT_VALIDATED
    assert "DOCTYPE" in (refused.reason or "")


def test_a_child_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"

    found = validation(rules(tmp_path, script, seconds=1.0))

    assert found.verdict is Verdict.NOT_VALIDATED
    assert found.reason == "rules.xslt took more than 1 seconds and was stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_a_child_that_fails_says_why(tmp_path: Path) -> None:
    found = validation(rules(tmp_path, "import sys; sys.exit('XPTY0004: bad input')"))

    assert found.verdict is Verdict.NOT_VALIDATED
    assert found.reason == "rules.xslt could not run on this document: XPTY0004: bad input"


@pytest.mark.parametrize("script", ["print('no xml')", "print('<!DOCTYPE a><a/>')", "pass"])
def test_a_report_that_is_no_xml_is_no_verdict(tmp_path: Path, script: str) -> None:
    found = validation(rules(tmp_path, script))

    assert found.verdict is Verdict.NOT_VALIDATED
    assert "report of rules.xslt" in (found.reason or "")


def test_a_command_that_is_not_there_is_no_verdict(tmp_path: Path) -> None:
    rules(tmp_path)

    found = validation(OfficialRules(tmp_path, child=(str(tmp_path / "nothing"),)))

    assert "can't be started" in (found.reason or "")


def test_without_rule_files_it_says_where_they_should_be(tmp_path: Path) -> None:
    found = validation(OfficialRules(tmp_path))

    assert found.verdict is Verdict.NOT_VALIDATED
    assert str(tmp_path / "oioubl-2") in (found.reason or "")


def test_rule_files_are_chosen_by_format_and_kind(tmp_path: Path) -> None:
    for name in ("en-16931/b.xslt", "en-16931/a.xsl", "en-16931/invoice/c.xslt", "en-16931/x.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<x/>")

    official = OfficialRules(tmp_path)

    def names(kind: Kind) -> list[str]:
        return [file.name for file in official.files_for(Format.EN_16931, kind)]

    assert names(Kind.INVOICE) == ["a.xsl", "b.xslt", "c.xslt"]
    assert names(Kind.CREDIT_NOTE) == ["a.xsl", "b.xslt"]
    assert official.files_for(Format.OIOUBL_2, Kind.INVOICE) == ()


@pytest.mark.skipif(
    importlib.util.find_spec("saxonche") is not None, reason="saxonche is installed here"
)
def test_without_saxonche_it_says_what_to_install(tmp_path: Path) -> None:
    rules(tmp_path)

    found = validation(OfficialRules(tmp_path))

    assert found.verdict is Verdict.NOT_VALIDATED
    assert "install invoice-robot[xslt]" in (found.reason or "")
