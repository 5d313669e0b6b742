from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.customer import Mailbox
from robot.domain.notice import FixByReason
from robot.domain.taxonomy import Taxonomy
from robot.flow.notify import fix_by, notice_addresses
from tests.support.notices import (
    TODAY,
    an_item,
    composed,
    found,
    one_digest,
    real_calendar,
    real_taxonomy,
    renderer,
    told_customer,
)

TAXONOMY = real_taxonomy()
CALENDAR = real_calendar()
MUSEUM = told_customer(
    name="Nordhavns Museum",
    bogfoeringskreds="99003",
    language="en",
    mailboxes=(Mailbox(address="museum@museum.example.test"),),
)


def test_each_customer_gets_one_digest_with_its_own_documents_only() -> None:
    digests = composed(
        an_item("M-1", customer=MUSEUM, supplier="Oxfield Instruments Ltd"),
        an_item("F-1"),
        an_item("M-2", customer=MUSEUM, supplier="Nordlys El A/S"),
        an_item("F-2", supplier="Kaffekompagniet ApS"),
    ).digests
    assert [digest.bogfoeringskreds for digest in digests] == ["99001", "99003"]
    assert [[document.number for document in digest.documents] for digest in digests] == [
        ["F-1", "F-2"],
        ["M-2", "M-1"],
    ]


def test_nothing_of_another_customer_is_in_the_mail() -> None:
    own, other = composed(
        an_item("F-1"),
        an_item("M-1", customer=MUSEUM, supplier="Oxfield Instruments Ltd"),
    ).digests
    mail = renderer().digest(own, message_id="<1@robot.example.test>")
    written = "\n".join((mail.subject, mail.plain, mail.html, *mail.recipients))
    for foreign in (
        "M-1",
        "Oxfield",
        "Nordhavns",
        "99003",
        "museum@",
        other.documents[0].case_number,
    ):
        assert foreign not in written


def test_mail_goes_to_mailboxes_for_notices_and_to_no_other() -> None:
    customer = told_customer(
        mailboxes=(
            Mailbox(address="regnskab@example.test", members=("a@example.test",)),
            Mailbox(address="rykker@example.test", purpose="reminders"),
            Mailbox(address="chef@example.test", purpose="escalation"),
            Mailbox(address="bilag@example.test", purpose="notices"),
            Mailbox(address="Regnskab@Example.test"),
        )
    )
    assert notice_addresses(customer) == ("regnskab@example.test", "bilag@example.test")


def test_a_customer_without_mailbox_is_a_problem_for_a_clerk() -> None:
    silent = told_customer(
        name="Domsarkivet",
        bogfoeringskreds="99005",
        mailboxes=(Mailbox(address="rykker@example.test", purpose="reminders"),),
    )
    notices = composed(an_item("D-1", customer=silent), an_item("D-2", customer=silent))
    assert notices.digests == ()
    (problem,) = notices.problems
    assert (problem.code, problem.bogfoeringskreds) == ("mail-contact-missing", "99005")
    assert problem.code in TAXONOMY
    assert problem.document_keys == ("key-D-1", "key-D-2")


def test_the_most_urgent_document_stands_first() -> None:
    digest = one_digest(
        an_item("later", due_date=None),
        an_item("sooner", due_date=date(2026, 11, 27)),
        an_item("overdue", due_date=date(2026, 11, 20)),
    )
    assert [document.number for document in digest.documents] == ["overdue", "sooner", "later"]


def test_documents_with_the_same_cause_stand_together() -> None:
    dimension, account = (found(),), (found("account-blocked", seen="229900"),)
    digest = one_digest(
        an_item("1", findings=dimension),
        an_item("2", findings=account),
        an_item("3", findings=dimension),
        an_item("4", findings=account),
    )
    codes = [document.findings[0].code for document in digest.documents]
    assert len(set(codes[:2])) == len(set(codes[2:])) == 1


def test_causes_stand_in_the_order_of_the_taxonomy() -> None:
    codes = ("posting-date-closed", "dimension-missing", "account-blocked")
    digest = one_digest(an_item(findings=tuple(found(code) for code in codes)))
    shown = [finding.code for finding in digest.documents[0].findings]
    assert shown == sorted(codes, key=lambda code: TAXONOMY[code].order)


@pytest.mark.parametrize(
    ("due", "days", "day", "reason"),
    [
        pytest.param(None, 2, date(2026, 11, 26), FixByReason.DEADLINE, id="no due date"),
        pytest.param(
            date(2027, 1, 15), 2, date(2026, 11, 26), FixByReason.DEADLINE, id="due much later"
        ),
        pytest.param(
            # Paid on Friday, sent on Thursday, so with the centre on Wednesday.
            date(2026, 11, 27),
            5,
            date(2026, 11, 25),
            FixByReason.DUE_DATE,
            id="due soon",
        ),
        pytest.param(
            # A Sunday: paid on Friday.
            date(2026, 11, 29),
            5,
            date(2026, 11, 25),
            FixByReason.DUE_DATE,
            id="due on a Sunday",
        ),
        pytest.param(
            # Christmas Day: paid on the 23rd, sent on the 22nd, with the centre on the 21st.
            date(2026, 12, 25),
            30,
            date(2026, 12, 21),
            FixByReason.DUE_DATE,
            id="bank holidays",
        ),
        pytest.param(
            date(2026, 11, 26), 2, TODAY, FixByReason.DUE_DATE, id="today is the last day"
        ),
        pytest.param(
            date(2026, 11, 25), 2, TODAY, FixByReason.OVERDUE, id="too late for the due date"
        ),
        pytest.param(date(2026, 10, 1), 2, TODAY, FixByReason.OVERDUE, id="due long ago"),
        pytest.param(None, 0, TODAY, FixByReason.DEADLINE, id="same day"),
        pytest.param(
            None, None, date(2026, 11, 25), FixByReason.DEADLINE, id="type without a deadline"
        ),
    ],
)
def test_the_date_to_fix_by(
    due: date | None, days: int | None, day: date, reason: FixByReason
) -> None:
    kind = replace(TAXONOMY["dimension-missing"], deadline_days=days)
    assert fix_by([kind], due, calendar=CALENDAR, today=TODAY) == (day, reason)


def test_the_shortest_deadline_of_several_errors_counts() -> None:
    kinds = [
        replace(TAXONOMY["dimension-missing"], deadline_days=days) for days in (None, 5, 1, 3)
    ]
    assert fix_by(kinds, None, calendar=CALENDAR, today=TODAY)[0] == date(2026, 11, 25)


def test_what_is_overdue_on_a_closed_day_is_for_the_next_working_day() -> None:
    saturday = date(2026, 11, 28)
    day, _ = fix_by(
        [TAXONOMY["dimension-missing"]], date(2026, 11, 1), calendar=CALENDAR, today=saturday
    )
    assert day == date(2026, 11, 30)


@given(
    today=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    ahead=st.integers(-60, 90),
    days=st.none() | st.integers(0, 20),
)
def test_a_fix_is_never_asked_for_in_the_past_nor_so_late_that_the_due_date_is_missed(
    today: date, ahead: int, days: int | None
) -> None:
    due = today + timedelta(days=ahead)
    kind = replace(TAXONOMY["dimension-missing"], deadline_days=days)
    day, reason = fix_by([kind], due, calendar=CALENDAR, today=today)
    assert day >= today
    assert reason is FixByReason.OVERDUE or day < CALENDAR.previous_bank_day(due)


def test_of_a_confidential_document_only_the_number_goes_on() -> None:
    digest = one_digest(an_item("F-7", confidential=True))
    document = digest.documents[0]
    assert (document.number, document.confidential) == ("F-7", True)
    assert (document.supplier, document.total, document.currency) == ("", None, "")
    assert (document.issue_date, document.due_date, document.findings) == (None, None, ())


def test_a_finding_of_an_unknown_type_stops_only_its_own_document() -> None:
    notices = composed(an_item("good"), an_item("bad", findings=(found("no-such-type"),)))
    assert [document.number for document in notices.digests[0].documents] == ["good"]
    (problem,) = notices.problems
    assert problem.document_keys == ("key-bad",)
    assert "no-such-type" in problem.message


def test_a_text_that_can_not_be_completed_stops_only_its_own_document() -> None:
    broken = TAXONOMY["account-blocked"]
    texts = {
        language: replace(text, explain="{{ not_there }}")
        for language, text in broken.texts.items()
    }
    taxonomy = Taxonomy([TAXONOMY["dimension-missing"], replace(broken, texts=texts)])
    notices = composed(
        an_item("good"),
        an_item("bad", findings=(found("account-blocked"),)),
        taxonomy=taxonomy,
    )
    assert [document.number for document in notices.digests[0].documents] == ["good"]
    (problem,) = notices.problems
    assert problem.code == "text-incomplete"
    assert "account-blocked" in problem.message


def test_a_customer_of_whose_documents_none_can_be_told_gets_no_mail() -> None:
    notices = composed(an_item(findings=(found("no-such-type"),)))
    assert notices.digests == ()
    assert len(notices.problems) == 1


def test_other_open_documents_are_counted() -> None:
    assert one_digest(an_item(), still_open={"99001": 4, "99003": 9}).still_open == 4


def test_nothing_to_tell_is_no_mail() -> None:
    assert composed().digests == ()
