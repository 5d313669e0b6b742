"""Documents by the notes on their decisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from robot.adapters.store.engine import reading
from robot.adapters.store.schema import decision, document, finding
from robot.flow.radar_port import NotedDocument


class SqlNoted:
    """Reading notes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, code: str, start: datetime) -> list[NotedDocument]:
        """Documents that got this note since then, each once, in the order of their decisions."""
        statement = (
            select(
                document.c.id,
                document.c.customer,
                document.c.system,
                document.c.source_id,
                document.c.number,
                document.c.confidential,
                decision.c.decided_at,
            )
            .join(decision, decision.c.document_id == document.c.id)
            .join(finding, finding.c.decision_id == decision.c.id)
            .where(decision.c.decided_at >= start, finding.c.role == "note")
            .where(finding.c.code == code)
            .order_by(decision.c.id)
        )
        found: dict[int, NotedDocument] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(statement):
                found.setdefault(
                    row.id,
                    NotedDocument(
                        document=row.id,
                        customer=row.customer,
                        system=row.system,
                        source_id=row.source_id,
                        number=row.number,
                        confidential=row.confidential,
                        decided_at=row.decided_at,
                    ),
                )
        return list(found.values())
