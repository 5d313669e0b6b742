"""Cases beside the rules: read, run, and told apart when they fail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from robot.domain.document import ApprovedDocument, SourceStatement
from robot.domain.fields import UNKNOWN
from robot.errors import SourceError
from robot.rulebook.case_reader import read_cases
from robot.rulebook.cases import CaseResult, CaseRunner, ReadDocument
from tests.rulebook.world import CUSTOMER, loaded, standard

RULES = standard(
    "id: small\npost:\nwhen: {invoice.total: {at_most: 1000 DKK}}",
    "id: reference\nbounce: reference-missing\nwhen: {order.reference: missing}",
    """
    id: dimension
    bounce: dimension-missing
    when: {lines: {any: {dimensions.delregnskab: missing}}}
    """,
    "id: old\nnote: supplier-error\nwhen: {invoice.issue_date: {before: today - 30 days}}",
)
DOCUMENTS = """\
today: 2026-11-24
customer: x
documents:
  clean:
    invoice.kind: invoice
    invoice.total: 500 DKK
    invoice.issue_date: today - 4 days
    order.reference: "0450"
    creditor.accounts: ["1", "2"]
    remark.text: missing
    lines:
      - {number: "10", account: "0450", dimensions.delregnskab: "100"}
      - {number: "20", account: "220100", dimensions.delregnskab: "100"}
  note:
    like: clean
    invoice.kind: credit-note
"""


def read(cases: str, documents: str = DOCUMENTS) -> tuple[Any, Any]:
    rules = loaded(
        {
            "standard.yaml": RULES,
            "customers/x.yaml": CUSTOMER,
            "cases/a.yaml": documents,
            "cases/b.yaml": f"today: 2026-11-24\ncustomer: '99001'\ncases:\n{cases}",
        }
    )
    return rules, read_cases(rules.files, rules)


def run(cases: str, read_document: ReadDocument | None = None) -> list[CaseResult]:
    rules, book = read(cases)
    assert [str(problem) for problem in book.problems] == []
    runner = CaseRunner(rules, book, compute=computed, read_document=read_document)
    return list(runner.run_all())


def computed(*_: object) -> Mapping[str, Any]:
    return {"invoice.total": UNKNOWN, "order.reference": "1", "lines": UNKNOWN}


def test_a_case_that_comes_out_as_expected_passes() -> None:
    (result,) = run(
        """
  - case: A small one is posted.
    document: clean
    expect: {outcome: post, findings: []}
"""
    )
    assert result.passed
    assert result.as_json()["outcome"] == "post"


def test_fields_and_facts_are_changed() -> None:
    (result,) = run(
        """
  - case: Everything is wrong.
    document: note
    change: {order.reference: missing, "lines[20].dimensions.delregnskab": missing}
    facts: {invoice.issue_date: 2026-01-01}
    expect:
      outcome: bounce
      findings:
        - {code: dimension-missing, path: "lines[20].dimensions.delregnskab", seen: "–"}
        - reference-missing
      notes: [supplier-error]
"""
    )
    assert str(result) == f"{result.case.at}: Everything is wrong."


def test_every_line_can_be_changed_at_once() -> None:
    (result,) = run(
        """
  - case: No line has it.
    document: clean
    change: {lines.dimensions.delregnskab: unknown}
    expect: {outcome: hold, findings: [cannot-check]}
"""
    )
    assert result.passed


def test_a_failure_says_what_was_expected_and_what_was_given() -> None:
    (result,) = run(
        """
  - case: Wrong expectations.
    document: clean
    change: {order.reference: missing, invoice.total: unknown}
    expect:
      outcome: post
      findings: [dimension-missing]
      not-findings: [reference-missing]
      notes: [supplier-error]
"""
    )
    missing = "(rule reference, order.reference, seen –)"
    assert str(result).splitlines()[1:] == [
        "    outcome: expected post, was bounce",
        "    findings: - dimension-missing was expected, was not given",
        f"    findings: + reference-missing was given, was not expected {missing}",
        f"    findings: reference-missing was not expected, was given {missing}",
        "    notes: supplier-error was expected, was not given (given: none)",
    ]
    assert str(result).startswith("rules/cases/b.yaml:5:5: ")


def test_a_document_that_nobody_knows_is_held() -> None:
    (result,) = run(
        """
  - case: Nobody's.
    customer: unknown
    document: clean
    expect: {outcome: hold, findings: [customer-unknown]}
"""
    )
    assert result.passed


def test_a_line_that_is_not_there_can_not_be_changed() -> None:
    (result,) = run(
        """
  - case: No such line.
    document: clean
    change: {"lines[3].account": "1"}
    expect: {outcome: post}
"""
    )
    assert result.differences == ("the document does not have a line '3' to change",)


XML = """
  - case: From a file.
    document: made.xml
    change: {invoice.total: 5 DKK, "lines": [{number: "1", dimensions.delregnskab: "1"}]}
    expect: {outcome: post}
"""


def document(path: Path, refusal: str | None = None) -> ApprovedDocument:
    from tests.support.factories import an_invoice  # noqa: PLC0415 - only here

    return ApprovedDocument(
        name=path.name,
        statement=SourceStatement(system="folder", document_id="1"),
        content_hash="0" * 64,
        invoice=None if refusal else an_invoice(),
        refusal=refusal,
        reason="a reminder" if refusal else None,
    )


def test_a_document_is_read_from_a_file_beside_the_case() -> None:
    asked: list[Path] = []

    def read_file(path: Path) -> ApprovedDocument:
        asked.append(path)
        return document(path)

    (result,) = run(XML, read_file)
    assert result.passed, str(result)
    assert asked[0] == Path("rules/cases/made.xml")


def test_a_file_that_is_no_invoice_is_decided_as_such() -> None:
    case = XML.replace("outcome: post", "outcome: not-an-invoice, findings: [not-an-invoice]")
    (result,) = run(case, lambda path: document(path, "not-an-invoice"))
    assert result.passed, str(result)


def test_a_file_that_can_not_be_read_fails_the_case() -> None:
    def missing(path: Path) -> ApprovedDocument:
        raise SourceError(f"{path} is not there")

    (result,) = run(XML, missing)
    assert result.differences == (
        "document: rules/cases/made.xml can't be read: rules/cases/made.xml is not there",
    )
    (result,) = run(XML)
    assert result.differences == ("document: 'made.xml' can't be read here",)


def test_a_customer_without_usable_rules_fails_the_case() -> None:
    (result,) = run(
        """
  - case: Who?
    customer: y
    document: clean
    expect: {outcome: post}
"""
    )
    assert result.differences == ("customer: 'y' has no rules that can be used (known: x)",)


def test_what_is_wrong_in_a_case_is_told_with_its_place() -> None:
    _, book = read(
        """
  - case: Wrong.
    document: claen
    change: {invoice.totl: 5 DKK, invoice.total: 5.000 DKK, invoice.kind: bill, lines: x}
    expect: {outcome: posted, findings: [reference-mising]}
  - document: clean
    expect: {}
"""
    )
    told = [str(problem).removeprefix("rules/cases/b.yaml:") for problem in book.problems]
    assert (
        "\n".join(told)
        == """\
6:15: there is no document 'claen' under 'documents' of any case file; did you mean 'clean'?
7:14: 'invoice.totl' is not a field; did you mean 'invoice.total'?
7:50: '5.000 DKK' is ambiguous: write thousands without a separator, e.g. '5000 DKK'
7:75: 'bill' is not one of the choices of 'invoice.kind' (invoice, credit-note)
7:88: 'lines' is a list of lines, not 'x'
8:23: 'posted' is not one of post, bounce, hold, unreadable, not-an-invoice; did you mean 'post'?
8:42: there is no error type 'reference-mising'; did you mean 'reference-missing'?
9:5: a case needs 'case'
10:13: 'expect' asks for nothing"""
    )


def test_base_documents_are_checked() -> None:
    documents = "documents:\n  a: {like: b}\n  b: {like: a}\n  c: {like: d}\n"
    rules = loaded({"cases/a.yaml": documents})
    assert [str(problem) for problem in read_cases(rules.files, rules).problems] == [
        "rules/cases/a.yaml:2:3: documents are made from each other: a -> b -> a",
        "rules/cases/a.yaml:4:3: there is no document 'd'",
    ]
