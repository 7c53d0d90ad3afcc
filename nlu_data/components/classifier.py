"""Which intent a message has: one linear layer over its spelling and its meaning, learnt in small steps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

_SLOWEST = 1e-4
_SMALL = 1e-8


@dataclass(frozen=True)
class Linear:
    """The weights of a multinomial logistic regression: of sparse features, and of dense ones.

    Kept apart, they are learnt four times as fast as together.
    """

    sparse: np.ndarray
    dense: np.ndarray

    @classmethod
    def learnt(
        cls,
        spelling: sparse.csr_matrix,
        meaning: np.ndarray,
        wanted: np.ndarray,
        kinds: int,
        texts: Sequence[str],
        *,
        rounds: int,
        batch: int,
        step: float,
        shrink: float,
    ) -> Linear:
        """Learns by Adam in small batches.

        Their order follows from the `texts` alone, so that one example more leaves the others where they were: with
        any other order it would move probabilities by three times as much.
        """
        spelling, meaning = spelling.tocsr().astype(np.float32), meaning.astype(np.float32)
        number, steps, taken = len(wanted), rounds * -(-len(wanted) // batch), 0
        weights = [np.zeros((width, kinds), dtype=np.float32) for width in (spelling.shape[1], meaning.shape[1])]
        means, squares = ([np.zeros_like(one) for one in weights] for _ in range(2))
        for turn in range(rounds):
            shuffled = np.argsort([_place(text, turn) for text in texts], kind="stable")
            for start in range(0, number, batch):
                rows = shuffled[start : start + batch]
                parts = (spelling[rows], meaning[rows])
                wrong = _softmax(parts[0] @ weights[0] + parts[1] @ weights[1])
                wrong[np.arange(len(rows)), wanted[rows]] -= 1
                wrong /= len(rows)
                taken += 1
                rate = step * (1 - taken / steps) + _SLOWEST
                for n, part in enumerate(parts):
                    slope = np.asarray(part.T @ wrong, dtype=np.float32) + shrink / number * weights[n]
                    means[n] += 0.1 * (slope - means[n])
                    squares[n] += 0.001 * (slope * slope - squares[n])
                    size = np.sqrt(squares[n] / (1 - 0.999**taken)) + _SMALL
                    weights[n] -= rate / (1 - 0.9**taken) * means[n] / size
        return cls(*weights)

    def probabilities(self, spelling: sparse.csr_matrix, meaning: np.ndarray) -> np.ndarray:
        """A row of probabilities for each row of features."""
        return _softmax(spelling.astype(np.float32) @ self.sparse + meaning.astype(np.float32) @ self.dense)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearClassifier(IntentClassifier, GraphComponent):
    """Says how probable each intent is: a multinomial logistic regression over all features of the message."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        default = self.get_default_config()
        self._config = {name: config.get(name, value) for name, value in default.items()}
        self._storage = model_storage
        self._resource = resource
        self._intents: list[str] = []
        self._linear: Linear | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rounds` over all examples; `shrink`: how strongly weights are held near 0; `step`: the size of the first."""
        return {"rounds": 8, "batch": 256, "step": 0.03, "shrink": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        self._intents = sorted({str(one.get(INTENT)) for one in examples})
        wanted = np.array([self._intents.index(str(one.get(INTENT))) for one in examples])
        texts = [str(one.get(TEXT)) for one in examples]
        self._linear = Linear.learnt(*_features(examples), wanted, len(self._intents), texts, **self._config)
        with self._storage.write_to(self._resource) as folder:
            # half as large, and the third digit of a probability is nobody's concern
            halves = {"sparse": self._linear.sparse.astype(np.float16), "dense": self._linear.dense.astype(np.float16)}
            np.savez_compressed(folder / "weights.npz", intents=np.array(self._intents), **halves)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearClassifier:
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder, np.load(folder / "weights.npz") as kept:
            component._intents = [str(one) for one in kept["intents"]]
            component._linear = Linear(kept["sparse"].astype(np.float32), kept["dense"].astype(np.float32))
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        heard = [one for one in messages if one.get_sparse_features(TEXT)[1] is not None]
        if heard and self._linear is not None:
            for message, row in zip(heard, self._linear.probabilities(*_features(heard)), strict=True):
                ranking = [{"name": self._intents[n], "confidence": float(row[n])} for n in np.argsort(-row)]
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _place(text: str, turn: int) -> int:
    """Where a text stands in a round: anywhere, but always there."""
    return int.from_bytes(hashlib.blake2b(f"{turn} {text}".encode(), digest_size=7).digest(), "big")


def _features(messages: Sequence[Message]) -> tuple[sparse.csr_matrix, np.ndarray]:
    """The spelling of each message, and its meaning with a 1 behind it, by which an intent may be common or rare."""
    spelling = sparse.vstack([one.get_sparse_features(TEXT)[1].features for one in messages]).tocsr()
    meaning = np.vstack([one.get_dense_features(TEXT)[1].features for one in messages])
    ones = np.ones((len(messages), 1))
    return spelling.astype(np.float32), np.hstack([meaning, ones]).astype(np.float32)


def _softmax(scores: np.ndarray) -> np.ndarray:
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)
