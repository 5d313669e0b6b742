"""Every recorded shape goes where it must."""

from __future__ import annotations

import pytest

from robot.adapters.mail.incoming import sort
from robot.domain.incoming import Route
from tests.adapters.mail.incoming.shapes import automatic, broken, encodings, replies
from tests.adapters.mail.incoming.shapes.world import CONTEXT, Shape

SHAPES = [
    *replies.shapes(),
    *automatic.shapes(),
    *encodings.shapes(),
    *broken.shapes(),
]


def test_there_are_two_hundred_of_them_with_a_name_each() -> None:
    assert len(SHAPES) >= 200
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_it_goes_where_it_must(shape: Shape) -> None:
    found = sort(shape.raw, CONTEXT)
    wanted = (shape.kind, shape.route, shape.intent)
    assert (found.kind.value, found.route.value, found.intent.value) == wanted, found.reason
    if shape.text is not None:
        assert found.text == shape.text
    assert bool(found.cases) or found.route is not Route.CASE
