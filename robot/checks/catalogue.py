"""The field catalogue: the one list of the typed names that rules can use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from robot.checks.document_fields import DOCUMENT_FIELDS
from robot.checks.line_fields import LINE_FIELDS
from robot.checks.reposting_fields import REPOSTING_FIELDS
from robot.checks.settlement_fields import SETTLEMENT_FIELDS
from robot.checks.statement_fields import STATEMENT_FIELDS
from robot.domain.fields import FieldSpec, FieldType

_LINES: Final = FieldSpec(
    name="lines",
    type=FieldType.LINES,
    da="Fakturaens linjer, med tillæg og fradrag på hele bilaget",
    en="The lines, with allowances and charges on the whole document",
    source="BG-25, BG-20, BG-21",
)

#: Every field by name: the document's own, `lines`, and those of a line under `lines.`.
CATALOGUE: Final[Mapping[str, FieldSpec]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            *DOCUMENT_FIELDS,
            *SETTLEMENT_FIELDS,
            *STATEMENT_FIELDS,
            *REPOSTING_FIELDS,
            _LINES,
            *LINE_FIELDS,
        )
    }
)
