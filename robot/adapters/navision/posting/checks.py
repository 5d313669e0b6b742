"""NAV's checks before a purchase document is posted, in NAV's order (codeunits 90, 11, 12, 408).

Not here, because it can't happen at this door: a closing date (the order's date is a day), a
missing due date (NAV computes one from the payment terms), release and approval (the order is
made from an approved document), prepayment, deferral, items, assets and jobs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from robot.adapters.navision.options import (
    GL_ACCOUNT_TABLE,
    VENDOR_TABLE,
    AccountType,
    VatCalculationType,
    VendorBlocked,
)
from robot.adapters.navision.posting.dimensions import DimensionChecks
from robot.adapters.navision.posting.document import Document, Line
from robot.adapters.navision.posting.master import MasterData, Record
from robot.adapters.navision.posting.texts import Message, NavTexts, Refusal
from robot.adapters.navision.schema.captions import VAT_CALCULATION_TYPES
from robot.adapters.navision.schema.masterdata import GL_ACCOUNT
from robot.domain.money import CENT, ZERO, round_cents

#: Amounts from here on are refused: in a local currency they could leave the ledger's range.
_LIMIT: Final = Decimal(10) ** 12
_CALCULATIONS: Final = frozenset({VatCalculationType.NORMAL, VatCalculationType.REVERSE_CHARGE})


class PostingChecks:
    """Refuses what NAV would refuse, with NAV's text."""

    def __init__(self, master: MasterData, texts: NavTexts) -> None:
        self._master = master
        self._texts = texts
        self._dimensions = DimensionChecks(master, texts)

    def before_numbering(self, document: Document) -> None:
        """The checks up to the one where NAV assigns the posted number.

        Raises:
            Refusal: With the text of the first check that fails.
        """
        self._posting_date(document)
        self._header_dimensions(document)
        for line in document.lines:
            self._line_dimensions(document, line)
        self._vendors(document)
        if not document.lines:
            raise self._texts.refuse(Message.NOTHING_TO_POST)
        self._external_number(document)

    def lines_and_setup(self, document: Document) -> None:
        """The checks of lines and setup, up to the one for duplicates.

        Raises:
            Refusal: With the text of the first check that fails.
        """
        for line in document.lines:
            self._groups(document, line)
            self.account(line)
            self._posting_setup(document, line)
        if self._master.calendar().period(document.posting_date) is None:
            raise self._texts.refuse(
                Message.NONE_WITHIN_FILTER, self._texts.caption("Accounting Period")
            )

    def duplicate(self, document: Document) -> Refusal:
        """The refusal for a number that this creditor's ledger has already."""
        caption = self._texts.caption(document.type_caption)
        return self._texts.refuse(Message.DUPLICATE, caption, document.external_number)

    def accounts_and_amounts(self, document: Document) -> None:
        """The checks after the one for duplicates.

        Raises:
            Refusal: With the text of the first check that fails.
        """
        self._posting_group(document)
        self._amounts(document)
        self._total(document)
        self._entry_dimensions(document)

    def _header_key(self, document: Document, *, quoted: bool = False) -> str:
        return self._texts.key(
            ("Document Type", self._texts.caption(document.type_caption)),
            ("No.", document.number),
            quoted=quoted,
        )

    def _posting_date(self, document: Document) -> None:
        if not self._master.calendar().allows(document.posting_date):
            raise self._texts.refuse(
                Message.POSTING_DATE_NOT_ALLOWED,
                self._texts.caption("Purchase Header"),
                self._header_key(document, quoted=True),
            )

    def _header_dimensions(self, document: Document) -> None:
        caption, values = self._texts.caption(document.type_caption), document.dimensions
        if error := self._dimensions.combination_error(values):
            raise self._texts.refuse(
                Message.HEADER_COMBINATION_BLOCKED, caption, document.number, error
            )
        if error := self._dimensions.posting_error(VENDOR_TABLE, document.payee_number, values):
            raise self._texts.refuse(
                Message.HEADER_DIMENSIONS_INVALID, caption, document.number, error
            )

    def _line_dimensions(self, document: Document, line: Line) -> None:
        where = (self._texts.caption(document.type_caption), document.number, line.number)
        if error := self._dimensions.combination_error(line.dimensions):
            raise self._texts.refuse(Message.LINE_COMBINATION_BLOCKED, *where, error)
        error = self._dimensions.posting_error(
            GL_ACCOUNT_TABLE, line.account_number, line.dimensions
        )
        if error:
            raise self._texts.refuse(Message.LINE_DIMENSIONS_INVALID, *where, error)

    def _vendors(self, document: Document) -> None:
        vendors = {
            document.vendor_number: document.vendor,
            document.payee_number: document.payee,
        }
        for number, vendor in vendors.items():
            # Payment alone does not stop an invoice; a value that NAV adds one day does.
            if vendor.option("Blocked") not in {VendorBlocked.NO, VendorBlocked.PAYMENT}:
                raise self._texts.refuse(
                    Message.VENDOR_BLOCKED, number, self._texts.caption("All")
                )
        for number, vendor in vendors.items():
            if vendor.flag_or_no("Privacy Blocked"):
                raise self._texts.refuse(Message.VENDOR_PRIVACY_BLOCKED, number)

    def _external_number(self, document: Document) -> None:
        setup = self._master.purchases_setup()
        mandatory = setup is None or setup.flag("Ext_ Doc_ No_ Mandatory")
        if mandatory and not document.external_number:
            field = "Vendor Cr. Memo No." if document.is_credit else "Vendor Invoice No."
            raise self._texts.refuse(Message.EXTERNAL_NUMBER_MISSING, self._texts.caption(field))

    def _groups(self, document: Document, line: Line) -> None:
        for field, value in (
            ("Gen. Bus. Posting Group", document.vendor.code("Gen_ Bus_ Posting Group")),
            ("Gen. Prod. Posting Group", line.account.code("Gen_ Prod_ Posting Group")),
        ):
            if not value:
                raise self._texts.refuse(
                    Message.MUST_HAVE_VALUE,
                    self._texts.caption(field),
                    self._texts.caption("Purchase Line"),
                    self._texts.key(
                        ("Document Type", self._texts.caption(document.type_caption)),
                        ("Document No.", document.number),
                        ("Line No.", line.number),
                    ),
                )

    def account(self, line: Line) -> None:
        """Whether the line's account takes postings.

        Raises:
            Refusal: It does not.
        """
        kinds = GL_ACCOUNT.field("Account Type").captions
        kind = line.account.option("Account Type")
        found = kinds[kind] if 0 <= kind < len(kinds) else str(kind)
        for field, wanted, seen in (
            ("Direct Posting", "Yes", _yes(flag=line.account.flag("Direct Posting"))),
            ("Blocked", "No", _yes(flag=line.account.flag("Blocked"))),
            ("Account Type", kinds[AccountType.POSTING], found),
        ):
            if wanted != seen:
                raise self._texts.refuse(
                    Message.MUST_BE_EQUAL,
                    self._texts.caption(field),
                    self._texts.caption(wanted),
                    self._texts.caption("G/L Account"),
                    self._texts.key(("No.", line.account_number)),
                    self._texts.caption(seen),
                )

    def _posting_setup(self, document: Document, line: Line) -> None:
        business = document.vendor.code("Gen_ Bus_ Posting Group")
        product = line.account.code("Gen_ Prod_ Posting Group")
        if self._master.general_posting_setup(business, product) is None:
            raise self._missing(
                "General Posting Setup",
                ("Gen. Bus. Posting Group", business),
                ("Gen. Prod. Posting Group", product),
            )
        vat_business = document.vendor.code("VAT Bus_ Posting Group")
        key = (
            ("VAT Bus. Posting Group", vat_business),
            ("VAT Prod. Posting Group", line.vat_code),
        )
        setup = self._master.vat_posting_setup(vat_business, line.vat_code)
        if setup is None:
            raise self._missing("VAT Posting Setup", *key)
        self._vat_setup(setup, key)

    def _vat_setup(self, setup: Record, key: tuple[tuple[str, str], ...]) -> None:
        texts, calculation = self._texts, setup.option("VAT Calculation Type")
        if calculation not in _CALCULATIONS:
            known = 0 <= calculation < len(VAT_CALCULATION_TYPES)
            raise texts.refuse(
                Message.MUST_BE_EQUAL,
                texts.caption("VAT Calculation Type"),
                texts.caption(VAT_CALCULATION_TYPES[VatCalculationType.NORMAL]),
                texts.caption("VAT Posting Setup"),
                texts.key(*key),
                texts.caption(VAT_CALCULATION_TYPES[calculation]) if known else calculation,
            )
        needed = ["Purchase VAT Account"]
        if calculation == VatCalculationType.REVERSE_CHARGE:
            needed.append("Reverse Chrg. VAT Acc.")
        for field in needed:
            if not setup.code(field.replace(".", "_")):
                raise texts.refuse(
                    Message.MUST_HAVE_VALUE,
                    texts.caption(field),
                    texts.caption("VAT Posting Setup"),
                    texts.key(*key),
                )

    def _posting_group(self, document: Document) -> None:
        code = document.payee.code("Vendor Posting Group")
        if not code:
            raise self._texts.refuse(
                Message.MUST_HAVE_VALUE,
                self._texts.caption("Vendor Posting Group"),
                self._texts.caption("Vendor"),
                self._texts.key(("No.", document.payee_number)),
            )
        group = self._master.vendor_posting_group(code)
        if group is None:
            raise self._missing("Vendor Posting Group", ("Code", code))
        if not group.code("Payables Account"):
            raise self._texts.refuse(
                Message.MUST_HAVE_VALUE,
                self._texts.caption("Payables Account"),
                self._texts.caption("Vendor Posting Group"),
                self._texts.key(("Code", code)),
            )

    def _amounts(self, document: Document) -> None:
        amounts = [("Amount Including VAT", document.total)]
        for line in document.lines:
            amounts += [("Amount", line.amount), ("Amount Including VAT", line.vat_amount)]
        for field, amount in amounts:
            if abs(amount) >= _LIMIT:
                raise self._texts.refuse(Message.OUT_OF_RANGE, amount, self._texts.caption(field))
            if amount != amount.quantize(CENT):
                raise self._texts.refuse(Message.NEEDS_ROUNDING, self._texts.caption(field))

    def _total(self, document: Document) -> None:
        """The document's total is that of its lines with the VAT that NAV computes.

        NAV computes VAT for each VAT code in one; what the lines say may differ from it by the
        setup's "Max. VAT Difference Allowed" and by a cent of rounding for each line.
        """
        stated = sum((line.amount + line.vat_amount for line in document.lines), ZERO)
        computed = ZERO
        for code, (net, vat, count) in self._by_vat_code(document).items():
            expected = round_cents(net * self._charged_rate(document, code) / 100)
            allowed = max(self._allowed_difference(), CENT * count)
            near = bool(expected) and abs(vat - expected) <= allowed
            computed += net + (vat if near else expected)
        for total in (stated, computed):
            if total != document.total:
                raise self._texts.refuse(
                    Message.TOTAL_DIFFERS,
                    self._texts.caption("Doc. Amount Incl. VAT"),
                    document.total,
                    total,
                )

    def _by_vat_code(self, document: Document) -> Mapping[str, tuple[Decimal, Decimal, int]]:
        sums: dict[str, tuple[Decimal, Decimal, int]] = defaultdict(lambda: (ZERO, ZERO, 0))
        for line in document.lines:
            net, vat, count = sums[line.vat_code]
            sums[line.vat_code] = (net + line.amount, vat + line.vat_amount, count + 1)
        return sums

    def _charged_rate(self, document: Document, vat_code: str) -> Decimal:
        business = document.vendor.code("VAT Bus_ Posting Group")
        setup = self._master.vat_posting_setup(business, vat_code)
        if setup is None or setup.option("VAT Calculation Type") != VatCalculationType.NORMAL:
            return ZERO
        return setup.amount("VAT _")

    def _allowed_difference(self) -> Decimal:
        purchases, ledger = self._master.purchases_setup(), self._master.ledger_setup()
        if purchases is None or ledger is None or not purchases.flag("Allow VAT Difference"):
            return ZERO
        return ledger.amount("Max_ VAT Difference Allowed")

    def _entry_dimensions(self, document: Document) -> None:
        """Rules of the accounts that NAV itself posts to: VAT and payables."""
        business = document.vendor.code("VAT Bus_ Posting Group")
        generated: list[tuple[str, Mapping[str, str]]] = []
        for line in document.lines:
            setup = self._master.vat_posting_setup(business, line.vat_code)
            if setup is not None:
                generated += [
                    (setup.code("Purchase VAT Account"), line.dimensions),
                    (setup.code("Reverse Chrg_ VAT Acc_"), line.dimensions),
                ]
        group = self._master.vendor_posting_group(document.payee.code("Vendor Posting Group"))
        if group is not None:
            generated.append((group.code("Payables Account"), document.dimensions))
        for account, values in generated:
            error = account and self._dimensions.posting_error(GL_ACCOUNT_TABLE, account, values)
            if error:
                raise self._texts.refuse(
                    Message.ENTRY_DIMENSION_WRONG,
                    self._texts.caption("Gen. Journal Line"),
                    "",
                    "",
                    0,
                    error,
                )

    def _missing(self, table: str, *key: tuple[str, str]) -> Refusal:
        return self._texts.refuse(
            Message.DOES_NOT_EXIST, self._texts.caption(table), self._texts.key(*key, quoted=True)
        )


def _yes(*, flag: bool) -> str:
    return "Yes" if flag else "No"
