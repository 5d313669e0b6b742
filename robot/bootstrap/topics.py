"""What customers' own mails are about, and the daily list of what nobody would read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from robot.adapters.topics.labelled import read_labelled as labelled_in
from robot.adapters.wording import quotable
from robot.checks.remark import looks_meant_for_centre
from robot.domain.topic_quality import LEAST_MAILS, HeldOut, LabelledMail
from robot.errors import SettingsError
from robot.flow.context import Observer, Ports
from robot.flow.radar import Radar
from robot.flow.topics import MailTopics
from robot.rulebook.book import RuleBook
from robot.settings import Settings

#: How much of what others wrote the daily list shows, in characters.
_RADAR_WORDS: Final = 120


def mail_topics(settings: Settings, book: RuleBook, observer: Observer) -> MailTopics:
    """What says what customers' own mails are about; a model that is broken stops no invoice."""
    path, model = settings.mail.model, None
    if path.is_file():
        from robot.adapters.topics.model import load  # noqa: PLC0415 - NumPy takes its time, too

        try:
            model = load(path)
        except SettingsError as error:
            observer.fault(error, "what customers' mails are about")
    return MailTopics(
        words=book.error_types_in, model=model, least_confidence=settings.mail.least_confidence
    )


def radar(ports: Ports) -> Radar:
    """What makes the daily list of what nobody would read otherwise."""
    return Radar(
        ports=ports,
        speaks_to_centre=looks_meant_for_centre,
        quotable=partial(quotable, limit=_RADAR_WORDS),
    )


def read_labelled(path: Path, codes: Collection[str]) -> list[LabelledMail]:
    """Mails with what people said that they are about, enough of them to learn from.

    Raises:
        RuleFileError: What is wrong, a line each with its place.
    """
    return labelled_in(path, codes, LEAST_MAILS)


def train_topics(mails: Sequence[LabelledMail], path: Path | None) -> list[HeldOut]:
    """Train a model of what mails are about, and keep it unless there is no path.

    Returns:
        What models that had not seen a mail said of it.

    Raises:
        SettingsError: scikit-learn is not installed, or the model can't be written.
    """
    from robot.adapters.topics.model import save  # noqa: PLC0415 - as above
    from robot.adapters.topics.training import train  # noqa: PLC0415

    model, held_out = train(mails)
    if path is not None:
        save(model, path)
    return held_out
