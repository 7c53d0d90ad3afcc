"""The spelling of a message as a sparse feature: which pieces of words it has, however they were bent or mistyped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

UNITS: dict[str, dict[str, Any]] = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\b\w+\b"},
}


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class Spelling(SparseFeaturizer, GraphComponent):
    """Pieces of 2 to 5 letters, or words and pairs of words, rare ones weighing more.

    Every row is equally long: many words make nothing surer.
    """

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._pieces = self._counting(config["unit"], min_df=config["least"], max_features=config["most"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`unit`: letters or words. `weight`: how long a row is. `least`: in how many examples a piece must stand.

        `most`: pieces kept.
        """
        return {**SparseFeaturizer.get_default_config(), "unit": "letters", "weight": 4.0, "least": 2, "most": 20000}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses a weight that makes the spelling vanish, and a unit that isn't one."""
        if float(config["weight"]) <= 0:
            raise ValueError("Spelling: weight must be above 0")
        if config["unit"] not in UNITS:
            raise ValueError(f"Spelling: unit is one of {', '.join(UNITS)}")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Spelling:
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        self._pieces.fit([one.get(TEXT) for one in _with_text(training_data.training_examples)])
        rarity = self._pieces.idf_
        with self._storage.write_to(self._resource) as folder:
            kept = {piece: float(rarity[column]) for piece, column in self._pieces.vocabulary_.items()}
            (folder / "pieces.json").write_text(json.dumps(kept), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Spelling:
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / "pieces.json").read_text(encoding="utf-8"))
        # In the order of the alphabet, as the vectorizer numbers its columns when it learns them.
        component._pieces = cls._counting(component._config["unit"], vocabulary=sorted(kept))
        component._pieces.idf_ = np.array([kept[piece] for piece in sorted(kept)])
        return component

    @staticmethod
    def _counting(unit: str, **settings: Any) -> TfidfVectorizer:
        return TfidfVectorizer(**UNITS[unit], sublinear_tf=True, lowercase=False, **settings)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        heard = _with_text(messages)
        if heard:
            rows = self._pieces.transform([one.get(TEXT) for one in heard]) * float(self._config["weight"])
            for message, row in zip(heard, rows, strict=True):
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages


def _with_text(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.get(TEXT)]
