"""Who may do what: roles, grants and the customers that somebody sees."""

from __future__ import annotations

import pytest

from robot.domain.rights import Grant, Person, Right, Role, Scope, person_of

CLERK = Grant(roles=frozenset({Role.CLERK}), group="SAM-Kreditor", customers=frozenset({"99001"}))
VIEWER = Grant(roles=frozenset({Role.VIEWER}), person="bente@sam.example.test")
AUTHOR = Grant(
    roles=frozenset({Role.RULE_AUTHOR}), group="SAM-Regler", customers=frozenset({"99002"})
)


def test_nobody_gets_in_without_a_grant() -> None:
    assert person_of("ukendt", ["SAM-Andet"], [CLERK, VIEWER]) is None
    assert person_of("", ["SAM-Kreditor"], [CLERK]) is None


def test_a_group_gives_its_roles_and_its_customers_whatever_the_case() -> None:
    person = person_of("anna", ["sam-kreditor"], [CLERK, AUTHOR])
    assert person is not None
    assert person.roles == {Role.CLERK}
    assert person.scope == Scope(customers=frozenset({"99001"}))


def test_several_grants_add_up() -> None:
    person = person_of("anna", ["SAM-Kreditor", "SAM-Regler"], [CLERK, AUTHOR])
    assert person is not None
    assert person.roles == {Role.CLERK, Role.RULE_AUTHOR}
    assert person.scope == Scope(customers=frozenset({"99001", "99002"}))


def test_a_grant_for_all_customers_covers_every_one() -> None:
    person = person_of("Bente@SAM.example.test", [], [VIEWER])
    assert person is not None
    assert person.scope.covers("99006")
    assert person.scope.covers("")


def test_a_limited_scope_does_not_cover_documents_of_nobody_knows_whom() -> None:
    assert not Scope(customers=frozenset({"99001"})).covers("")


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.VIEWER, {Right.SEE}),
        (Role.CLERK, {Right.SEE, Right.WORK}),
        (Role.RULE_AUTHOR, {Right.SEE, Right.TRY_RULES, Right.PROPOSE_RULES}),
        (Role.APPROVER, {Right.SEE, Right.TRY_RULES, Right.APPROVE_RULES}),
        (Role.ADMIN, {Right.SEE, Right.WORK, Right.ADMINISTER}),
    ],
)
def test_a_role_gives_these_rights_and_no_others(role: Role, rights: set[Right]) -> None:
    person = Person(name="p", roles=frozenset({role}))
    assert {right for right in Right if person.may(right)} == rights
