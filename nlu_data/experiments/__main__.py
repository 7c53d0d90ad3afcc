"""Pipelines side by side, as tables: `python -m nlu_data.experiments`, in Rasa's environment (`make experiments`).

Every fifth training example (by a hash of its text) is held out; each pipeline learns from the others. First guess,
among three, dangers seen (the seven together 0.20 or more) and alarms about other examples, each for en, sr and sq.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu_data.components import library
from nlu_data.components.classifier import Linear
from nlu_data.components.encoder import E5
from nlu_data.components.spelling import UNITS
from nlu_data.examples import Examples
from nlu_data.judgement import ELEVATED_FROM, is_risk
from nlu_data.normalise import fold

Features = tuple[sparse.csr_matrix, np.ndarray]
Learn = Callable[[Features, np.ndarray, Features, list[str]], np.ndarray]
_LANGUAGES = ("en", "sr", "sq")


def pieces(unit: str, weight: float, learnt: list[str], held: list[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Rows of letters or words, `weight` long."""
    counting = TfidfVectorizer(**UNITS[unit], sublinear_tf=True, lowercase=False, min_df=2, max_features=20000)
    return counting.fit_transform(learnt) * weight, counting.transform(held) * weight


def ours(learnt: Features, wanted: np.ndarray, held: Features, texts: list[str]) -> np.ndarray:
    """The classifier of the pipeline."""
    kinds = int(wanted.max()) + 1
    return Linear.learnt(*learnt, wanted, kinds, texts, rounds=8, batch=256, step=0.03, shrink=1.0).probabilities(*held)


def rasas(learnt: Features, wanted: np.ndarray, held: Features, texts: list[str]) -> np.ndarray:
    """What Rasa's LogisticRegressionClassifier does."""
    model = LogisticRegression(class_weight="balanced", max_iter=60)
    model.fit(_together(learnt), wanted)
    return model.predict_proba(_together(held))


def lda(learnt: Features, wanted: np.ndarray, held: Features, texts: list[str]) -> np.ndarray:
    """Linear discriminants with a shrunken covariance, on the meaning alone."""
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3)
    model.fit(learnt[1][:, :-1], wanted)
    return model.predict_proba(held[1][:, :-1])


def with_middles(learnt: Features, wanted: np.ndarray, held: Features, texts: list[str]) -> np.ndarray:
    """Ours, times how near a text is to the middle of each intent's examples."""
    middles = np.array([learnt[1][wanted == kind, :-1].mean(axis=0) for kind in range(int(wanted.max()) + 1)])
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    texts = held[1][:, :-1] / np.maximum(np.linalg.norm(held[1][:, :-1], axis=1, keepdims=True), 1e-9)
    scores = np.log(ours(learnt, wanted, held, texts) + 1e-9) + 3 * texts @ middles.T
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def main() -> int:
    listed = tuple(Examples.read(Path(__file__).parents[1] / "nlu"))
    vectors = library.vectors_for_training([one.text for one in listed], E5())
    centred = vectors - vectors.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    intents = sorted({one.intent for one in listed})
    wanted = np.array([intents.index(one.intent) for one in listed])
    held = np.array([int(hashlib.sha256(one.text.encode()).hexdigest()[:4], 16) % 5 == 0 for one in listed])
    folded = [fold(one.text) for one in listed]
    learnt_texts = [text for text, out in zip(folded, held, strict=True) if not out]
    held_texts = [text for text, out in zip(folded, held, strict=True) if out]
    letters, words = (pieces(unit, weight, learnt_texts, held_texts) for unit, weight in (("letters", 4), ("words", 3)))
    both = tuple(sparse.hstack(pair).tocsr() for pair in zip(letters, words, strict=True))
    nothing = tuple(sparse.csr_matrix((one.shape[0], 1)) for one in letters)

    def meaning(weight: float) -> tuple[np.ndarray, np.ndarray]:
        rows = np.hstack([weight * centred, np.ones((len(listed), 1))])
        return rows[~held], rows[held]

    without = tuple(one * 0 for one in meaning(1))
    tried: list[tuple[str, tuple[sparse.csr_matrix, ...], tuple[np.ndarray, ...], Learn]] = [
        ("letters alone", letters, without, ours),
        ("meaning alone", nothing, meaning(5), ours),
        ("meaning alone, shrunken LDA", nothing, meaning(5), lda),
        ("letters and meaning, Rasa's logistic regression", letters, meaning(5), rasas),
        ("letters and meaning", letters, meaning(5), ours),
        ("letters, words and meaning (shipped)", both, meaning(5), ours),
        ("the same, meaning weighs 3", both, meaning(3), ours),
        ("the same, meaning weighs 8", both, meaning(8), ours),
        ("shipped, times nearness to the intent's middle", both, meaning(5), with_middles),
    ]
    languages = np.array([one.language for one in listed])[held]
    print(f"{len(listed)} examples, {int(held.sum())} of them held out\n")
    print("| pipeline | first guess | among three | dangers seen | alarms | s |\n|---|---|---|---|---|---|")
    for name, spelt, meant, learn in tried:
        began = time.monotonic()
        found = learn((spelt[0], meant[0]), wanted[~held], (spelt[1], meant[1]), learnt_texts)
        cells = _shares(found, wanted[held], languages, intents)
        print(f"| {name} | {' | '.join(cells)} | {time.monotonic() - began:.0f} |", flush=True)
    return 0


def _shares(found: np.ndarray, wanted: np.ndarray, languages: np.ndarray, intents: list[str]) -> list[str]:
    first = np.argsort(-found, axis=1)[:, :3]
    risky = np.array([is_risk(intent) for intent in intents])
    danger = found[:, risky].sum(axis=1) >= ELEVATED_FROM
    hits = [first[:, 0] == wanted, (first == wanted[:, None]).any(axis=1), danger, danger]
    which = [np.full(len(wanted), True)] * 2 + [risky[wanted], ~risky[wanted]]
    return [
        " / ".join(f"{100 * hit[those & (languages == language)].mean():.1f}" for language in _LANGUAGES)
        for hit, those in zip(hits, which, strict=True)
    ]


def _together(features: Features) -> sparse.csr_matrix:
    return sparse.hstack([features[0], sparse.csr_matrix(features[1])]).tocsr()


if __name__ == "__main__":
    sys.exit(main())
