"""Trains a model on mails that people have named; needs scikit-learn, which using it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from robot.adapters.topics.features import features
from robot.adapters.topics.model import LinearTopics, ranking
from robot.domain.topic_quality import LEAST_MAILS, HeldOut, LabelledMail
from robot.errors import SettingsError

#: Every part of the data has some of each code.
_FOLDS: Final = LEAST_MAILS
_MOST_FEATURES: Final = 30_000
#: A feature that only one mail has says nothing about others, and may be a name.
_LEAST_DOCUMENTS: Final = 2
_INVERSE_PENALTY: Final = 20.0
_MOST_ITERATIONS: Final = 300
#: Where the temperature is looked for. Not below 1: mails of one person resemble each other, so
#: that unseen ones look easier than next year's will be, and nothing may make the model surer.
_TEMPERATURES: Final = np.geomspace(1, 10, 60)
_SEED: Final = 20261124


def train(mails: Sequence[LabelledMail]) -> tuple[LinearTopics, list[HeldOut]]:
    """Train on all mails; beside the model what models said that had not seen the mail.

    The data is cut into five parts, and each part is guessed by a model of the other four, with
    the temperature that suits the guesses of those four. The same mails give the same model.

    Args:
        mails: At least two codes, at least `LEAST_MAILS` of each.

    Raises:
        SettingsError: scikit-learn is not installed.
    """
    whole = _fitted(mails)
    guessed = [_guessed(mails, seen, unseen, whole.classes) for seen, unseen in _parts(mails)]
    held_out = []
    for number, part in enumerate(guessed):
        others = [other for place, other in enumerate(guessed) if place != number]
        temperature = _temperature(others)
        for place, scores in zip(part.places, part.scores, strict=True):
            ranked = ranking(whole.classes, scores / temperature)
            held_out.append(HeldOut(mail=mails[place], guesses=tuple(ranked)))
    return replace(whole, temperature=_temperature(guessed)), held_out


@dataclass(frozen=True, slots=True)
class _Guessed:
    """The scores that one part of the mails got from a model of the others."""

    places: list[int]
    #: Mails x classes.
    scores: NDArray[np.float64]
    #: The column of the right class.
    right: NDArray[np.int64]


def _guessed(
    mails: Sequence[LabelledMail], seen: list[int], unseen: list[int], classes: Sequence[str]
) -> _Guessed:
    model = _fitted([mails[place] for place in seen])
    order = [model.classes.index(code) for code in classes]
    return _Guessed(
        unseen,
        np.array([model.scores(mails[place].whole)[order] for place in unseen]),
        np.array([classes.index(mails[place].code) for place in unseen]),
    )


def _temperature(guessed: Sequence[_Guessed]) -> float:
    """The one that makes what was right likeliest (Guo et al., 2017)."""
    scores = np.concatenate([part.scores for part in guessed])
    right = np.concatenate([part.right for part in guessed])

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        likely = scaled[np.arange(len(right)), right] - np.log(np.exp(scaled).sum(axis=1))
        return float(-likely.mean())

    return float(min(_TEMPERATURES, key=surprise))


def _fitted(mails: Sequence[LabelledMail]) -> LinearTopics:
    learn = _scikit_learn()
    vectorizer = learn.vectorizer(
        analyzer=features,
        sublinear_tf=True,
        min_df=_LEAST_DOCUMENTS,
        max_features=_MOST_FEATURES,
    )
    matrix = vectorizer.fit_transform([mail.whole for mail in mails])
    regression = learn.regression(C=_INVERSE_PENALTY, max_iter=_MOST_ITERATIONS)
    regression.fit(matrix, [mail.code for mail in mails])
    weights, intercept = regression.coef_, regression.intercept_
    classes = tuple(map(str, regression.classes_))
    if len(classes) == 2:  # noqa: PLR2004 - scikit-learn keeps one score for two classes
        weights = np.vstack((-weights, weights)) / 2
        intercept = np.concatenate((-intercept, intercept)) / 2
    return LinearTopics(
        vocabulary=tuple(vectorizer.get_feature_names_out()),
        idf=vectorizer.idf_,
        weights=weights,
        intercept=intercept,
        classes=classes,
    )


def _parts(mails: Sequence[LabelledMail]) -> list[tuple[list[int], list[int]]]:
    cutter = _scikit_learn().folds(_FOLDS, shuffle=True, random_state=_SEED)
    codes = [mail.code for mail in mails]
    return [(list(seen), list(unseen)) for seen, unseen in cutter.split(codes, codes)]


@dataclass(frozen=True, slots=True)
class _ScikitLearn:
    """What is used of it."""

    vectorizer: Any
    regression: Any
    folds: Any


def _scikit_learn() -> _ScikitLearn:
    """Load it when it is needed: it takes a second, and guessing goes without."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "training needs scikit-learn, which is not installed",
            hint="install it: pip install 'invoice-robot[model]'",
        ) from error
    return _ScikitLearn(TfidfVectorizer, LogisticRegression, StratifiedKFold)
