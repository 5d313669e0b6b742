"""A trained model: kept as plain arrays, so that reading one never runs anything."""

from __future__ import annotations

import io
import json
import math
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from robot.adapters.topics.features import VERSION, features
from robot.errors import SettingsError

_KIND: Final = "invoice-robot mail topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearTopics:
    """TF-IDF weights into one linear score a class, with calibrated confidence.

    Implements `robot.flow.reported_port.TopicModel`.
    """

    #: F features, in the order of the columns.
    vocabulary: tuple[str, ...]
    #: F.
    idf: NDArray[np.float64]
    #: C x F.
    weights: NDArray[np.float64]
    #: C.
    intercept: NDArray[np.float64]
    #: C codes.
    classes: tuple[str, ...]
    #: Scores are divided by it, so that of mails guessed with 0.8 eight in ten are right.
    temperature: float = 1.0
    _columns: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        columns = {feature: column for column, feature in enumerate(self.vocabulary)}
        object.__setattr__(self, "_columns", columns)

    def guess(self, text: str, /) -> list[tuple[str, float]]:
        """Codes with how sure it is of each, from 0 to 1, the likeliest first."""
        return ranking(self.classes, self.scores(text) / self.temperature)

    def scores(self, text: str) -> NDArray[np.float64]:
        """One score a class, before calibration."""
        counted = Counter(
            self._columns[feature] for feature in features(text) if feature in self._columns
        )
        if not counted:
            return self.intercept
        columns = np.fromiter(counted.keys(), dtype=np.int64)
        weights = np.array([1 + math.log(many) for many in counted.values()]) * self.idf[columns]
        weights /= np.linalg.norm(weights)
        scores: NDArray[np.float64] = self.weights[:, columns] @ weights + self.intercept
        return scores


def ranking(classes: Sequence[str], scores: NDArray[np.float64]) -> list[tuple[str, float]]:
    """Classes with how sure these scores (as many) are of each, the likeliest first."""
    odds = np.exp(scores - scores.max())
    sure = odds / odds.sum()
    order = np.argsort(-sure, kind="stable")
    return [(classes[place], float(sure[place])) for place in order]


def save(model: LinearTopics, path: Path) -> None:
    """Write a model so that the file is the old one or the new one at any moment.

    Raises:
        SettingsError: It can't be written.
    """
    head = {
        "kind": _KIND,
        "features": VERSION,
        "classes": list(model.classes),
        "temperature": model.temperature,
        "vocabulary": list(model.vocabulary),
    }
    content = io.BytesIO()
    np.savez_compressed(
        content,
        head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8),
        idf=model.idf,
        weights=model.weights,
        intercept=model.intercept,
    )
    try:
        _replace(path, content.getvalue())
    except OSError as error:
        raise SettingsError(f"{path}: the model can't be written: {error.strerror}") from error


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(content)
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).replace(path)


def load(path: Path) -> LinearTopics:
    """Read a model.

    Raises:
        SettingsError: It is not there, is none, or was trained for other features.
    """
    again = "train it again: invoice-robot mail train LABELLED.csv"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            head: dict[str, Any] = json.loads(kept["head"].tobytes())
            if head["kind"] != _KIND or head["features"] != VERSION:
                raise SettingsError(f"{path}: the model is of another version", hint=again)
            model = LinearTopics(
                vocabulary=tuple(map(str, head["vocabulary"])),
                idf=kept["idf"].astype(np.float64),
                weights=kept["weights"].astype(np.float64),
                intercept=kept["intercept"].astype(np.float64),
                classes=tuple(map(str, head["classes"])),
                temperature=float(head["temperature"]),
            )
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no model", hint=again) from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise SettingsError(f"{path}: the model can't be read", hint=again) from error
    _refuse_misfits(model, path, again)
    return model


def _refuse_misfits(model: LinearTopics, path: Path, hint: str) -> None:
    columns, classes = len(model.vocabulary), len(model.classes)
    fits = (
        model.idf.shape == (columns,)
        and model.weights.shape == (classes, columns)
        and model.intercept.shape == (classes,)
        and classes > 1
        and model.temperature > 0
        and all(np.isfinite(part).all() for part in (model.idf, model.weights, model.intercept))
    )
    if not fits:
        raise SettingsError(f"{path}: the model's parts don't fit together", hint=hint)
