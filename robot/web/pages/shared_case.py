"""What a customer sees by the signed link in a mail: one case, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from robot.domain.case import status_words
from robot.domain.customer import Customer
from robot.domain.notice import NoticeFinding
from robot.domain.state import State
from robot.errors import ActError
from robot.flow.case_port import LinkClaim, LinkTrouble
from robot.flow.case_view import CaseReport
from robot.flow.mailboxes import demand_address_of
from robot.web.page import Page, act
from robot.web.pages.causes import texts_of
from robot.web.security.sessions import sent_from_own_page
from robot.web.visit import Visit

_TROUBLES: Final = {
    LinkTrouble.ALTERED: (
        "Linket virker ikke. Brug linket i den mail, I har fået, uden ændringer.",
        "The link doesn't work. Use the link in the mail you got, unchanged.",
    ),
    LinkTrouble.EXPIRED: (
        "Linket er udløbet. Svar STATUS på mailen, så får I et nyt.",
        "The link has expired. Answer STATUS to the mail and you get a new one.",
    ),
    LinkTrouble.WITHDRAWN: (
        "Denne adresse har ikke længere adgang til sagen.",
        "This address no longer has access to the case.",
    ),
}


def _opened(visit: Visit) -> tuple[LinkClaim, CaseReport] | LinkTrouble:
    token = visit.path("token")
    report = visit.case_reader().open_link(visit.dashboard.links, token)
    if isinstance(report, LinkTrouble):
        return report
    claim = visit.dashboard.links.read(token)
    return claim if isinstance(claim, LinkTrouble) else (claim, report)


def _show(visit: Visit) -> Response:
    opened = _opened(visit)
    if isinstance(opened, LinkTrouble):
        words = _TROUBLES.get(opened, _TROUBLES[LinkTrouble.ALTERED])
        return visit.render(
            "trouble.html.j2", status=410, code=410, title=visit.say(*words), words=""
        )
    claim, report = opened
    customer = visit.dashboard.customers().get(report.customer)
    return visit.render(
        "shared_case.html.j2",
        report=report,
        customer=customer.name if customer else report.customer,
        status_word=lambda status: status_words(status, visit.language),
        own=claim.address,
        repairs=_repairs(visit, claim.case_number),
        key=_key(visit.path("token")),
        token=visit.path("token"),
        contact=visit.dashboard.settings.mail.service_desk,
        asked=visit.asked("asked") == "1",
    )


def _repairs(visit: Visit, number: str) -> list[tuple[str, tuple[NoticeFinding, ...]]]:
    """What is wrong with each document that the customer has to put right, and how."""
    dashboard = visit.dashboard
    found = []
    for document in dashboard.store.cases.documents(number):
        if document.state is not State.BOUNCED or document.confidential:
            continue
        decisions = dashboard.store.documents.decisions(document.document)
        if not decisions:
            continue
        decision = decisions[-1].decision
        core = dashboard.store.documents.get(document.document).core
        texts = texts_of(visit, core, decision, decision.findings)
        if texts:
            found.append((document.number, texts))
    return found


def _share(visit: Visit) -> Response:
    """Ask for a colleague of the same domain to see the case too; the robot checks it again."""
    token = visit.path("token")
    opened = _opened(visit)
    if isinstance(opened, LinkTrouble):
        raise HTTPException(403)
    if not hmac.compare_digest(visit.form.get("key", "").encode(), _key(token).encode()):
        raise HTTPException(403)
    if not sent_from_own_page(visit.request):
        raise HTTPException(403)
    claim, report = opened
    address = visit.form.get("address", "").strip().lower()
    customer = visit.dashboard.customers().get(report.customer)
    if customer is None or not _is_colleague(customer, claim.address, address):
        words = visit.say(
            "Skriv en adresse hos jer selv, med samme domæne som jeres egen.",
            "Write an address of your own organisation, of the same domain as yours.",
        )
        raise HTTPException(400, words)
    visit.ask_as(
        claim.address,
        "case-share",
        {"case": report.number, "address": address},
        reason=f"{claim.address}: {address}",
    )
    return visit.go(f"/sag/{token}", asked="1")


def _is_colleague(customer: Customer, own: str, address: str) -> bool:
    """Whether an address is of the customer and of the same domain as one's own."""
    try:
        demand_address_of(customer, address)
    except ActError:
        return False
    return address.rpartition("@")[2] == own.rpartition("@")[2]


def _key(token: str) -> str:
    """What only the page of this link carries; no other site can make it without the link."""
    return hmac.new(token.encode(), b"invoice-robot: share", hashlib.sha256).hexdigest()


PAGES: Final = (
    Page(path="/sag/{token}", name="shared-case", da="Sag", en="Case", show=_show, public=True),
    act("/sag/{token}/del", "share-case", _share, public=True),
)
