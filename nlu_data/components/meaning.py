"""The sentence's meaning as a dense feature of the whole message."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_data.components import library
from nlu_data.components.encoder import E5
from nlu_data.components.normaliser import AS_WRITTEN


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class SentenceMeaning(DenseFeaturizer, GraphComponent):
    """Vectors of all sentences lie in a narrow cone: the mean of the training data is taken away, the length made 1."""

    # Who measures with the same texts again and again puts an encoder here that remembers them.
    make_encoder = staticmethod(E5)

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._weight = float(config["weight"])
        self._storage = model_storage
        self._resource = resource
        self._encoder = self.make_encoder()
        self._mean = np.zeros(self._encoder.dimensions, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weight`: how long a vector is, beside other features."""
        return {**DenseFeaturizer.get_default_config(), "weight": 5.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses a weight that makes the meaning vanish."""
        if float(config["weight"]) <= 0:
            raise ValueError("SentenceMeaning: weight must be above 0")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceMeaning:
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        vectors = library.vectors_for_training(
            [_written(one) for one in training_data.training_examples if one.get(TEXT)], self._encoder
        )
        self._mean = vectors.mean(axis=0)
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "mean.npy", self._mean)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceMeaning:
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._mean = np.load(folder / "mean.npy")
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [one for one in training_data.training_examples if one.get(TEXT)]
        self._add(messages, library.vectors_for_training([_written(one) for one in messages], self._encoder))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        heard = [one for one in messages if one.get(TEXT)]
        if heard:
            self._add(heard, self._encoder.encode([_written(one) for one in heard]))
        return messages

    def _add(self, messages: list[Message], vectors: np.ndarray) -> None:
        centred = vectors - self._mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        rows = self._weight * centred / np.where(lengths == 0, 1, lengths)
        for message, row in zip(messages, rows, strict=True):
            message.add_features(
                Features(row[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
            )


def _written(message: Message) -> str:
    return message.get(AS_WRITTEN) or message.get(TEXT)
