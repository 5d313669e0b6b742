"""The events of one invented version, as its journey tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from robot.domain.calendar import COPENHAGEN
from robot.domain.journey import Actor, EventName, JourneyEvent, Precision
from robot.flow.journey import SOURCE_STEPS
from robot.flow.records import DocumentCore


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """Makes the events of one version."""

    core: DocumentCore
    document: int

    def event(
        self,
        event: EventName,
        at: datetime,
        actor: Actor = Actor.ROBOT,
        system: str = "robot",
        name: str = "",
        **detail: Any,  # noqa: ANN401 - what events carry
    ) -> JourneyEvent:
        """One event; at midnight only its day is known."""
        local = at.astimezone(COPENHAGEN)
        only_day = (local.hour, local.minute, local.second) == (0, 0, 0)
        return JourneyEvent(
            document_key=self.core.document_key,
            document=self.document,
            at=at.astimezone(UTC),
            event=event,
            system=system,
            actor=actor,
            actor_name=name,
            precision=Precision.DAY if only_day else Precision.SECOND,
            source_ref=f"past:{self.document}:{event.value}",
            detail={key: value for key, value in detail.items() if value},
        )

    def approved(self, steps: Sequence[tuple[str, str, datetime]]) -> list[JourneyEvent]:
        """The source's steps."""
        return [
            self.event(name, at, actor, self.core.system, by)
            for step, by, at in steps
            for name, actor in [SOURCE_STEPS[step]]
        ]
