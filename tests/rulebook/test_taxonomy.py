"""The error types: read, typed, and closed over what hides them."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.domain.taxonomy import Disposition, ErrorClass, FixableBy, Owner, Severity
from robot.errors import RuleFileError
from robot.rulebook.taxonomy import load_taxonomy, suppressors
from tests.rulebook.world import ERROR_TYPES, error_type

FULL = """\
payment-details-differ:
  title: {da: Titel, en: Title}
  explain: {da: Forklaring, en: Explanation}
  fix:
    da: Ret
    en: Fix
    sdi: {da: Ret i SDI, en: Fix in SDI}
  class: security
  disposition: hold
  owner: sam-masterdata
  fixable-by: supplier
  severity: critical
  order: 7
  suppressed-by: [unreadable]
  deadline: 2
  retry: 3
  bypass: yes
  quote-values: no
  peppol-reason: PAY
  minutes: 15
  reached-by: erp
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "error_types.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_becomes_a_field(tmp_path: Path) -> None:
    taxonomy, problems = load_taxonomy(written(tmp_path, ERROR_TYPES + FULL))
    assert problems == ()
    kind = taxonomy["payment-details-differ"]
    assert (kind.error_class, kind.disposition) == (ErrorClass.SECURITY, Disposition.HOLD)
    assert (kind.owner, kind.fixable_by) == (Owner.SAM_MASTERDATA, FixableBy.SUPPLIER)
    assert (kind.severity, kind.order, kind.deadline_days) == (Severity.CRITICAL, 7, 2)
    assert (kind.retry, kind.bypass, kind.quote_values) == (3, True, False)
    assert (kind.peppol_reason, kind.minutes, kind.reached_by) == ("PAY", 15, "erp")
    assert kind.suppressed_by == ("unreadable",)
    assert kind.texts["da"].fix == "Ret"
    assert kind.texts["en"].fix_by_source == {"sdi": "Fix in SDI"}


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    taxonomy, _ = load_taxonomy(written(tmp_path, ERROR_TYPES))
    kind = taxonomy["coding-missing"]
    assert (kind.deadline_days, kind.retry, kind.bypass, kind.quote_values) == (
        None,
        0,
        False,
        True,
    )
    assert kind.suppressed_by == ()


def test_the_types_that_the_robot_gives_must_be_there(tmp_path: Path) -> None:
    _, problems = load_taxonomy(written(tmp_path, error_type("odd")))
    assert [problem.code for problem in problems] == ["error-type-missing"] * 6


def test_a_broken_type_leaves_the_others(tmp_path: Path) -> None:
    taxonomy, problems = load_taxonomy(
        written(tmp_path, ERROR_TYPES + error_type("odd", severity="loud"))
    )
    assert "odd" not in taxonomy
    assert "coding-missing" in taxonomy
    assert len(problems) == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"error_types\.yaml:1:1"):
        load_taxonomy(tmp_path / "error_types.yaml")


def test_what_hides_a_type_hides_what_follows_from_it(tmp_path: Path) -> None:
    taxonomy, _ = load_taxonomy(written(tmp_path, ERROR_TYPES))
    hidden_by = suppressors(taxonomy)
    assert hidden_by["details-wrong"] == {"amount-wrong", "reference-missing"}
    assert hidden_by["reference-missing"] == frozenset()
