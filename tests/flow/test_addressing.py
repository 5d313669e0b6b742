from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from robot.domain.customer import Mailbox
from robot.domain.notice import MailPurpose
from robot.flow.addressing import may_write, receivers
from robot.flow.contact_port import ContactState
from tests.support.factories import a_customer

DESK = Mailbox(address="regnskab@example.test")
CHIEF = Mailbox(address="chef@example.test", purpose="escalation")
LATE = Mailbox(address="rykker@example.test", purpose="reminders")
DEAD = ContactState.DEAD
ADDRESSES = st.builds(
    "{}@{}".format,
    st.sampled_from(["a", "B", "regnskab", "Chef"]),
    st.sampled_from(
        ["example.test", "EXAMPLE.test", "x.example.test", "badexample.test", "b.test"]
    ),
)


def to(purpose: MailPurpose, *mailboxes: Mailbox, **states: ContactState) -> tuple[str, ...]:
    known = {f"{name}@example.test": state for name, state in states.items()}
    return receivers(a_customer(mailboxes=mailboxes), purpose, known).addresses


def test_notices_go_to_those_whom_the_file_names_for_them() -> None:
    assert to(MailPurpose.DIGEST, DESK, CHIEF, LATE) == ("regnskab@example.test",)
    assert to(MailPurpose.REMINDER, DESK, CHIEF, LATE) == (
        "regnskab@example.test",
        "rykker@example.test",
    )
    assert to(MailPurpose.ESCALATION, DESK, CHIEF, LATE) == ("chef@example.test",)


def test_the_second_role_is_told_when_mail_reaches_nobody_of_the_first() -> None:
    assert to(MailPurpose.DIGEST, DESK, CHIEF, regnskab=DEAD) == ("chef@example.test",)
    assert to(MailPurpose.DIGEST, DESK, CHIEF, regnskab=ContactState.SOFT) == (
        "regnskab@example.test",
    )
    assert to(MailPurpose.DIGEST, DESK, CHIEF, regnskab=DEAD, chef=DEAD) == ()


def test_without_a_second_role_the_first_is_written_to_again() -> None:
    assert to(MailPurpose.ESCALATION, DESK) == ("regnskab@example.test",)


def test_an_address_outside_the_domains_of_the_file_gets_nothing() -> None:
    customer = a_customer(
        mailboxes=(DESK, Mailbox(address="regnskab@gmail.example")), domains=("example.test",)
    )
    found = receivers(customer, MailPurpose.DIGEST, {})
    assert found.addresses == ("regnskab@example.test",)
    assert found.strange == ("regnskab@gmail.example",)


@given(st.lists(ADDRESSES, max_size=3), st.sampled_from(MailPurpose), st.booleans())
def test_only_addresses_of_the_file_in_its_domains_are_ever_written_to(
    addresses: list[str], purpose: MailPurpose, limited: bool
) -> None:
    customer = a_customer(
        mailboxes=tuple(Mailbox(address=address) for address in addresses),
        domains=("example.test",) if limited else (),
    )
    for address in receivers(customer, purpose, {}).addresses:
        assert address in addresses
        domain = address.rpartition("@")[2].casefold()
        assert not limited or domain in {"example.test", "x.example.test"}
        assert may_write(customer, [address], purpose)


@given(ADDRESSES)
def test_a_stranger_gets_no_mail_that_was_written_for_others(address: str) -> None:
    customer = a_customer(mailboxes=(DESK,), domains=("example.test",))
    for purpose in MailPurpose:
        allowed = may_write(customer, [address], purpose)
        answered = purpose in {MailPurpose.STATUS, MailPurpose.ACKNOWLEDGEMENT}
        domain = address.rpartition("@")[2].casefold()
        if answered:
            assert allowed == (domain in {"example.test", "x.example.test"})
        else:
            assert allowed == (address.casefold() == "regnskab@example.test")
