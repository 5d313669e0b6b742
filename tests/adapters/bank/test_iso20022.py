"""Status reports (pain.002) and bookings (camt.054) of banks, and files that are neither."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.bank import BankFolder
from robot.adapters.bank.iso20022 import read

PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">
 <CstmrPmtStsRpt>
  <GrpHdr><MsgId>STS-1</MsgId><CreDtTm>2026-11-25T09:15:00+01:00</CreDtTm></GrpHdr>
  <OrgnlPmtInfAndSts>
   <TxInfAndSts>
    <OrgnlEndToEndId>KF100001</OrgnlEndToEndId><TxSts>ACSP</TxSts>
    <OrgnlTxRef><Amt><InstdAmt Ccy="DKK">1250.00</InstdAmt></Amt></OrgnlTxRef>
   </TxInfAndSts>
   <TxInfAndSts>
    <OrgnlEndToEndId>KF100002</OrgnlEndToEndId><TxSts>RJCT</TxSts>
    <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Kontoen er lukket</AddtlInf></StsRsnInf>
   </TxInfAndSts>
   <TxInfAndSts><OrgnlEndToEndId>KF100003</OrgnlEndToEndId><TxSts>PDNG</TxSts></TxInfAndSts>
  </OrgnlPmtInfAndSts>
 </CstmrPmtStsRpt>
</Document>"""
CAMT_054 = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}">
 <BkToCstmrDbtCdtNtfctn>
  <GrpHdr><MsgId>NTF-1</MsgId><CreDtTm>2026-11-26T06:00:00</CreDtTm></GrpHdr>
  <Ntfctn>
   <Ntry>
    <Amt Ccy="DKK">1250.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts>
    <BookgDt><Dt>2026-11-26</Dt></BookgDt>
    <NtryDtls><TxDtls>
     <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
     <RmtInf><Strd><RfrdDocInf><Nb>F-1001</Nb></RfrdDocInf></Strd></RmtInf>
    </TxDtls></NtryDtls>
   </Ntry>
   <Ntry>
    <Amt Ccy="DKK">99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-26</Dt></BookgDt>
    <NtryDtls><TxDtls><Refs><EndToEndId>X</EndToEndId></Refs></TxDtls></NtryDtls>
   </Ntry>
  </Ntfctn>
 </BkToCstmrDbtCdtNtfctn>
</Document>"""
BOOKED_OLD = CAMT_054.format(version="02", status="BOOK")
BOOKED_NEW = CAMT_054.format(version="08", status="<Cd>BOOK</Cd>")


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_status_report_says_what_was_accepted_and_what_was_rejected(version: str) -> None:
    kind, rows = read(PAIN_002.format(version=version).encode())
    assert kind == "pain.002"
    assert [(row.references, row.status, row.reason) for row in rows] == [
        (("KF100001",), "accepted", ""),
        (("KF100002",), "rejected", "AC04 Kontoen er lukket"),
    ]
    assert rows[0].amount == Decimal(1250)
    assert rows[0].at == datetime(2026, 11, 25, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", [BOOKED_OLD, BOOKED_NEW])
def test_a_notice_says_what_was_booked_on_which_day(text: str) -> None:
    kind, rows = read(text.encode())
    assert kind == "camt.054"
    assert [(row.references, row.status, row.at) for row in rows] == [
        (("F-1001",), "settled", date(2026, 11, 26))
    ]


def test_a_file_is_read_once_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(BOOKED_OLD, encoding="utf-8")
    (tmp_path / "b.xml").write_text(BOOKED_OLD, encoding="utf-8")
    files = list(BankFolder(tmp_path).files(frozenset()))
    assert [file.name for file in files] == ["a.xml"]
    assert list(BankFolder(tmp_path).files({files[0].content_hash})) == []


def test_a_broken_file_is_told_and_another_kind_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(BOOKED_OLD[:300], encoding="utf-8")
    (tmp_path / "b.xml").write_text("<Document><CstmrCdtTrfInitn/></Document>", encoding="utf-8")
    (tmp_path / "c.xml").mkdir()
    files = list(BankFolder(tmp_path).files(frozenset()))
    assert [(file.name, bool(file.problem)) for file in files] == [
        ("a.xml", True),
        ("c.xml", True),
    ]


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert list(BankFolder(tmp_path / "nowhere").files(frozenset())) == []


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>' + BOOKED_OLD
    with pytest.raises(ValueError, match="document type declaration"):
        read(bomb.encode())


@given(st.integers(0, len(BOOKED_OLD)), st.binary(max_size=8))
def test_damage_gives_a_reason_or_rows_and_nothing_else(at: int, put: bytes) -> None:
    whole = BOOKED_OLD.encode()
    try:
        kind, _ = read(whole[:at] + put + whole[at + len(put) :])
    except ValueError:
        return
    assert kind == "camt.054"
