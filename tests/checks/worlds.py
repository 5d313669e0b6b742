"""Generated documents and facts: well-typed, but not necessarily sensible."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from robot.domain.customer import Customer, Mandate
from robot.domain.document import Approval, ApprovedDocument, CodingLine, Step
from robot.domain.facts import (
    Account,
    BankAccount,
    Blocked,
    BlockedCombination,
    Coding,
    Creditor,
    DimensionRule,
    DimensionValue,
    Duplicate,
    Facts,
    Posting,
    ValuePosting,
)
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import (
    AllowanceCharge,
    Attachment,
    BillingReference,
    Format,
    Invoice,
    Kind,
    Line,
    Party,
    PaymentChannel,
    PaymentMeans,
    VatSubtotal,
)
from tests.support.factories import a_customer, a_document, a_party, an_identifier, an_invoice


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def few(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


amounts = st.decimals(-99_999, 99_999, places=2) | st.just(Decimal(0))
rates = st.sampled_from([Decimal(0), Decimal(25), Decimal("12.5")])
categories = st.sampled_from(["S", "Z", "E", "AE", "K"])
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
texts = st.text(max_size=12) | st.sampled_from(
    ["NA", "Rykkergebyr", "Forudbetaling", "Mikroskop", "Leje", "TIL SAM: hej", "Betal ikke", "0"]
)
digits = st.text("0123456789", max_size=16)
lines = st.builds(
    Line,
    number=st.sampled_from(["1", "2", "3"]),
    text=texts,
    net=amounts | st.just(Decimal(60_000)),
    quantity=maybe(amounts),
    price=maybe(amounts),
    vat_category=maybe(categories),
    vat_rate=maybe(rates),
    period_start=maybe(days),
    period_end=maybe(days),
)
means = st.builds(
    PaymentMeans,
    code=st.none(),
    channel=st.sampled_from(PaymentChannel),
    account=maybe(digits | st.just("81234562")),
    branch=maybe(st.sampled_from(["1551", "1", "DABADKKK", ""])),
    iban=maybe(st.sampled_from(["DE89370400440532013000", "DK3215510001234567", "X", ""])),
    reference=maybe(digits | texts),
    due_date=maybe(days),
    note=maybe(texts),
)
numbers = st.sampled_from(["33391005", "99130008", "10391005", ""])
parties: st.SearchStrategy[Party] = st.builds(
    a_party,
    name=texts,
    cvr=maybe(numbers),
    gln=maybe(st.sampled_from(["5798000880016", "1"])),
    country=maybe(st.sampled_from(["DK", "DE", "us", ""])),
    vat_id=maybe(numbers.map(lambda value: an_identifier("vat", value))),
    contact_id=maybe(texts),
)
taxes = st.builds(
    VatSubtotal,
    taxable=maybe(amounts),
    amount=amounts,
    category=maybe(categories),
    rate=maybe(rates),
    tax=st.sampled_from(["VAT", "Elafgift"]),
)
charges = st.builds(
    AllowanceCharge,
    charge=st.booleans(),
    amount=amounts,
    reason=maybe(texts),
    vat_rate=maybe(rates),
)
invoices: st.SearchStrategy[Invoice] = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(Kind),
        "format": st.sampled_from(Format),
        "type_code": maybe(st.sampled_from(["380", "386", "325", "393"])),
        "currency": st.sampled_from(["DKK", "EUR"]),
        "issue_date": maybe(days),
        "due_date": maybe(days),
        "delivery_start": maybe(days),
        "delivery_end": maybe(days),
        "buyer_reference": maybe(texts),
        "order_reference": maybe(texts),
        "seller": parties,
        "buyer": parties,
        "payee": maybe(parties),
        "payment_means": few(means),
        "payment_terms": few(texts, 1),
        "notes": few(texts, 1),
        "taxes": few(taxes),
        "allowances_charges": few(charges, 2),
        "lines": few(lines),
        "net": amounts,
        "vat": amounts,
        "total": amounts,
        "payable": amounts,
        "prepaid": maybe(amounts),
        "rounding": maybe(amounts),
        "billing_references": few(st.builds(BillingReference, number=texts), 2),
        "attachments": few(st.builds(Attachment, name=maybe(texts), media_type=st.none(),
                                     size=maybe(st.integers(0, 10**9)))),
        "differences": few(st.tuples(
            st.sampled_from(["line_total", "net", "vat", "total", "payable", "line:1"]), amounts)),
    }
).map(lambda change: replace(an_invoice(), **change))  # fmt: skip
approvals = st.builds(
    Approval,
    step=st.sampled_from(Step),
    by=st.sampled_from(["abe", "ABE", "dan"]),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    limit=maybe(amounts),
)
dimensions = few(
    st.tuples(st.sampled_from(["delregnskab", "sted"]), st.sampled_from(["", "100", "900"])), 2
)
codings = st.builds(
    CodingLine,
    line=st.sampled_from(["1", "2", "charge-1", "9"]),
    account=maybe(st.sampled_from(["", "220100", "999999"])),
    dimensions=dimensions,
    vat_code=maybe(st.sampled_from(["", "I25", "EUV", "?"])),
    amount=maybe(amounts),
)
documents: st.SearchStrategy[ApprovedDocument] = st.builds(
    a_document,
    invoices,
    posting_date=maybe(days),
    remark=maybe(texts),
    confidential=maybe(st.booleans()),
    approvals=maybe(few(approvals, 4)),
    coding=maybe(few(codings, 4)),
)
creditors = st.builds(
    Creditor,
    number=st.just("10001"),
    name=texts,
    cvr=maybe(numbers),
    blocked=st.sampled_from(Blocked),
    pay_to=maybe(st.just("10002")),
    currency=maybe(st.just("EUR")),
    payment_channel=maybe(st.sampled_from([channel.value for channel in PaymentChannel])),
    creditor_number=maybe(digits),
    accounts=few(st.builds(BankAccount, branch=maybe(digits), account=maybe(digits))),
)
rules = st.builds(
    DimensionRule,
    table=st.sampled_from(["account", "creditor"]),
    owner=st.sampled_from(["", "220100", "10001"]),
    dimension=st.sampled_from(["delregnskab", "sted"]),
    value=maybe(st.just("100")),
    posting=st.sampled_from(ValuePosting),
)
allowed = st.builds(
    Coding,
    accounts=st.sampled_from(
        [{}, {"220100": Account(number="220100")}, {"220100": Account(number="220100",
                                                                      blocked=True)}]
    ),
    dimensions=st.sampled_from([frozenset[str](), frozenset({"delregnskab", "sted"})]),
    values=st.just({("sted", "100"): DimensionValue(dimension="sted", code="100")}),
    rules=few(rules),
    combinations=few(st.builds(
        BlockedCombination,
        first=st.just("delregnskab"),
        first_value=maybe(st.just("100")),
        second=st.just("sted"),
        second_value=maybe(st.just("100")),
    ), 1),
    vat_rates=st.just({"I25": Decimal(25), "EUV": Decimal(0)}),
    reverse_charge=st.sampled_from([frozenset[str](), frozenset({"EUV"})]),
)  # fmt: skip
unknown = st.just(UNKNOWN)
worlds: st.SearchStrategy[Facts] = st.builds(
    Facts,
    creditor=unknown | maybe(creditors),
    creditor_candidates=st.integers(0, 2),
    coding=unknown | allowed,
    posting=unknown
    | st.builds(
        Posting,
        allowed_from=maybe(days),
        allowed_to=maybe(days),
        period_exists=st.booleans(),
        year_closed=st.booleans(),
        next_open=maybe(days),
    ),
    duplicates=unknown
    | few(
        st.builds(
            Duplicate,
            number=st.sampled_from(["A", "B"]),
            where=st.sampled_from(["posted", "draft", "robot"]),
            exact=st.booleans(),
            creditor=st.just("10001"),
        ),
        2,
    ),
    currencies=unknown | st.just(frozenset({"DKK"})),
    rate_to_dkk=unknown | maybe(st.just(Decimal("7.46"))),
    referenced_posted=unknown | st.sampled_from([frozenset[str](), frozenset({"NA"})]),
)
customers: st.SearchStrategy[Customer | None] = maybe(
    st.builds(
        a_customer,
        mandates=few(st.builds(Mandate, person=st.sampled_from(["abe", "dan"]),
                               limit=maybe(amounts), valid_from=maybe(days)), 2),
    )
)  # fmt: skip
