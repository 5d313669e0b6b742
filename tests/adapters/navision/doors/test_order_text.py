"""The order as the robot's app in NAV reads it: everything in it, nothing lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.doors.protocol import answer_from
from robot.errors import ErpUnavailableError
from robot.flow.ports import KeyState
from tests.adapters.navision.world import COMPANY, line, order
from tests.simulator.drafts import order_of


def test_an_order_comes_out_as_it_went_in() -> None:
    sent = order(
        "k1",
        line(delregnskab="100", sted="KBH"),
        line("221000", "-0.10", "0.00", None, formaal="Æ & <Ø>"),
        payment_reference="000000000000018",
        applies_to="F-7",
        bank_details_hash="ab" * 32,
        payment_channel="",
    )

    assert order_of(order_text(sent), "k1", COMPANY) == sent


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=60),
    cents=st.integers(-(10**12), 10**12),
)
def test_any_text_and_amount_gets_through(text: str, cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    sent = order("k1", replace(line(amount=str(amount)), text=text))

    got = ET.fromstring(order_text(sent))[0]  # noqa: S314 -- our own

    assert Decimal(got.attrib["amount"]) == amount
    kept = got.attrib.get("text", "")
    assert len(kept) == len(text)
    assert all(a == b or (not b.isprintable()) for a, b in zip(kept, text, strict=True))


def test_what_is_not_known_is_left_out() -> None:
    text = order_text(order(payment_reference=None, due_date=None))

    assert "paymentReference" not in text
    assert "dueDate" not in text
    assert f'documentDate="{date(2026, 11, 20)}"' in text


class TestAnswer:
    def test_state_generation_hash_result_and_refusal(self) -> None:
        answer = answer_from("Refused\n2\nabc\n\nLinje 1\nLinje 2")

        assert (answer.state, answer.generation, answer.payload_hash, answer.result) == (
            KeyState.REFUSED,
            "2",
            "abc",
            "",
        )
        assert answer.as_evidence().refusal == "Linje 1\nLinje 2"

    @pytest.mark.parametrize("text", ["", "OK", "Posted\n1\nh", "Bogført\n1\nh\nKF1\n"])
    def test_anything_else_says_nothing(self, text: str) -> None:
        with pytest.raises(ErpUnavailableError, match="can't be understood"):
            answer_from(text)
