"""NAV's tables in one list, from which every layout is made."""

from __future__ import annotations

from typing import Final

from robot.adapters.navision.schema import (
    inbox,
    jobs,
    ledger,
    masterdata,
    purchase,
    sessions,
    setup,
)
from robot.adapters.navision.schema.model import Table

#: Every table that the robot reads or the small Navision writes.
TABLES: Final[tuple[Table, ...]] = (
    masterdata.COMPANY,
    masterdata.VENDOR,
    masterdata.VENDOR_BANK_ACCOUNT,
    masterdata.GL_ACCOUNT,
    masterdata.DIMENSION,
    masterdata.DIMENSION_VALUE,
    masterdata.DEFAULT_DIMENSION,
    masterdata.DIMENSION_COMBINATION,
    masterdata.DIMENSION_VALUE_COMBINATION,
    masterdata.DIMENSION_SET_ENTRY,
    masterdata.PAYMENT_METHOD,
    masterdata.PAYMENT_TERMS,
    masterdata.CURRENCY,
    masterdata.CURRENCY_EXCHANGE_RATE,
    setup.GENERAL_LEDGER_SETUP,
    setup.USER_SETUP,
    setup.ACCOUNTING_PERIOD,
    setup.PURCHASES_PAYABLES_SETUP,
    setup.VENDOR_POSTING_GROUP,
    setup.VAT_POSTING_SETUP,
    setup.GENERAL_POSTING_SETUP,
    setup.NO_SERIES,
    setup.NO_SERIES_LINE,
    purchase.PURCHASE_HEADER,
    purchase.PURCHASE_LINE,
    purchase.PURCH_INV_HEADER,
    purchase.PURCH_INV_LINE,
    purchase.PURCH_CR_MEMO_HDR,
    purchase.PURCH_CR_MEMO_LINE,
    ledger.VENDOR_LEDGER_ENTRY,
    ledger.DETAILED_VENDOR_LEDG_ENTRY,
    ledger.GL_ENTRY,
    jobs.JOB_QUEUE_ENTRY,
    jobs.JOB_QUEUE_LOG_ENTRY,
    inbox.ROBOT_INBOX,
    sessions.ACTIVE_SESSION,
    sessions.SERVER_INSTANCE,
    sessions.SCHEDULED_TASK,
)
