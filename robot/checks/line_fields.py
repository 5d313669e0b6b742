"""The field catalogue, part four: the fields of a line.

`lines` holds one entry for each invoice line and for each allowance or charge on the whole
document (numbered `allowance-1`, `charge-1`, ...). A line that is coded on several accounts gives
one entry a coding row, each with the line's own fields.
"""

from __future__ import annotations

from typing import Final

from robot.domain.fields import FieldSpec, FieldType

_CODE: Final = FieldType.CODE
_FLAG: Final = FieldType.FLAG
_MONEY: Final = FieldType.MONEY
_NUMBER: Final = FieldType.NUMBER
_SOURCE: Final = "source system"
_CURRENCY: Final = "the document's currency (BT-5)"


def _line(name: str, kind: FieldType, da: str, en: str, source: str, unit: str = "") -> FieldSpec:
    return FieldSpec(
        name=f"lines.{name}",
        type=kind,
        da=da,
        en=en,
        source=source,
        unit=unit,
        of_line=True,
        open_ended=name.endswith("."),
    )


#: In the order in which people read them.
LINE_FIELDS: Final = (
    _line("number", _CODE, "Linjens nummer", "Number of the line", "BT-126"),
    _line("text", FieldType.TEXT, "Varens eller ydelsens navn", "Name of the item", "BT-153"),
    _line("quantity", _NUMBER, "Antal", "Quantity", "BT-129"),
    _line("unit", _CODE, "Enhed", "Unit", "BT-130"),
    _line("price", _MONEY, "Pris pr. enhed", "Price of a unit", "BT-146", _CURRENCY),
    _line("net", _MONEY, "Linjens beløb uden moms", "Net amount of the line", "BT-131", _CURRENCY),
    _line("net_differs", _FLAG, "Antal gange pris giver ikke beløbet",
          "Quantity times price is not the amount", "BT-129, BT-146, BT-131"),
    _line("vat_rate", _NUMBER, "Momssats", "VAT rate", "BT-152", "percent"),
    _line("vat_category", _CODE, "Momskategori", "VAT category", "BT-151 (UNCL 5305)"),
    _line("order_line", _CODE, "Ordrelinje", "Order line", "BT-132"),
    _line("order_reference", _CODE, "Ordrenummer på linjen", "Order number of the line", "UBL"),
    _line("accounting_cost", _CODE, "Kundens konteringsstreng", "The buyer's accounting reference",
          "BT-133"),
    _line("coded", _FLAG, "Linjen er konteret", "The line is coded", _SOURCE),
    _line("coded_amount", _MONEY, "Konteret beløb uden moms", "Coded amount without VAT", _SOURCE,
          _CURRENCY),
    _line("account", _CODE, "Finanskonto", "G/L account", _SOURCE),
    _line("account_name", FieldType.TEXT, "Kontoens navn", "Name of the account", "NAV 15.2"),
    _line("account_known", _FLAG, "Kontoen findes (ja, når ingen er angivet)",
          "The account exists (yes when none is given)", "NAV table 15"),
    _line("account_blocked", _FLAG, "Kontoen er spærret", "The account is blocked", "NAV 15.13"),
    _line("account_posting", _FLAG, "Kontoen kan bogføres på: ikke sum eller overskrift",
          "The account takes postings: no total or heading", "NAV 15.4"),
    _line("account_direct", _FLAG, "Kontoen tillader direkte bogføring",
          "The account takes direct posting", "NAV 15.14"),
    _line("vat_code", _CODE, "Momskode", "VAT code", _SOURCE),
    _line("vat_code_known", _FLAG, "Momskoden findes (ja, når ingen er angivet)",
          "The VAT code is set up (yes when none is given)", "NAV table 325"),
    _line("vat_code_fits", _FLAG, "Momskoden passer til linjens moms (ja, når ingen er angivet)",
          "The VAT code fits the line's VAT (yes when none is given)", "NAV 325.4, BT-152"),
    _line("dimensions.", _CODE, "Dimensionens værdi", "Value of the dimension", _SOURCE),
    _line("dimensions_missing", _CODE, "Dimensioner, som kontoen kræver, men som mangler",
          "Dimensions that the account requires and that are missing", "NAV table 352"),
    _line("dimension_unknown", _CODE, "Dimension eller værdi, der ikke findes",
          "Dimension or value that does not exist", "NAV tables 348 and 349"),
    _line("dimension_blocked", _CODE, "Dimension eller værdi, der er spærret eller en sum",
          "Dimension or value that is blocked or a total", "NAV tables 348 and 349"),
    _line("dimension_wrong", _CODE, "Dimension, hvis værdi kontoen ikke tillader",
          "Dimension with a value that the account does not allow", "NAV table 352"),
    _line("combination_blocked", _CODE, "Dimensioner, der ikke kan bruges sammen",
          "Dimensions that can't be used together", "NAV tables 350 and 351"),
    _line("asset_suspected", _FLAG, "Muligt anlæg på en driftskonto",
          "Possibly an asset, on an account of operations", "BT-131, BT-153, account"),
    _line("reminder_fee", _FLAG, "Ser ud til at være rykkergebyr eller rente",
          "Seems to be a reminder fee or interest", "BT-153"),
)  # fmt: skip
