"""The trained model, served by Rasa, understands each language and both scripts, and writes nothing down."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nlu_data import model
from nlu_data.client import NLU, NLUDown
from tests.nlu.conftest import DATA_DIR, Server

pytestmark = pytest.mark.rasa

MESSAGES = [
    ("somebody took my passport and won't give it back", "documents_taken"),
    ("uzeo mi je pasos i ne vraca ga", "documents_taken"),
    ("Узео ми је пасош и не враћа га", "documents_taken"),
    ("ma ka marr pasaporten edhe s'po ma kthen", "documents_taken"),
    ("I want to talk to a real person", "ask_human"),
    ("hocu da pricam sa pravom osobom", "ask_human"),
    ("Хоћу да причам са правом особом", "ask_human"),
    ("dua te flas me nje njeri te vertete", "ask_human"),
    ("the boss has not paid me for three months", "withheld_wages"),
    ("gazda mi nije dao platu tri meseca", "withheld_wages"),
    ("shefi s'ma ka dhan rrogen qe tre muaj", "withheld_wages"),
]


@pytest.mark.parametrize(("text", "intent"), MESSAGES)
async def test_it_understands(nlu_server: Server, text: str, intent: str) -> None:
    nlu = NLU(nlu_server.url, nlu_server.token, timeout=10)
    understood = await nlu.parse(text)
    await nlu.aclose()
    assert intent in [guess.name for guess in understood.intents[:3]]
    assert len(understood.intents) == 65
    assert sum(guess.confidence for guess in understood.intents) == pytest.approx(1, abs=0.01)


async def test_the_served_model_is_the_one_of_this_data(nlu_server: Server) -> None:
    nlu = NLU(nlu_server.url, nlu_server.token, timeout=10)
    assert await nlu.status() == model.fingerprint()
    await nlu.aclose()


@pytest.mark.parametrize(("cyrillic", "plain"), [("Узео ми је пасош!", "uzeo mi je pasoš!"), ("ПОМОЋ", "pomoć")])
async def test_scripts_mean_the_same(nlu_server: Server, cyrillic: str, plain: str) -> None:
    nlu = NLU(nlu_server.url, nlu_server.token, timeout=10)
    one, other = await nlu.parse(cyrillic), await nlu.parse(plain)
    await nlu.aclose()
    assert [guess.name for guess in one.intents[:5]] == [guess.name for guess in other.intents[:5]]
    assert one.intents[0].confidence == pytest.approx(other.intents[0].confidence, abs=0.01)


@pytest.mark.parametrize("text", ["中文", "مساعدة", "a" * 4096, "ne smem kuci, " * 290, "x\x00y", "🆘", "192"])
async def test_any_text_gets_an_answer(nlu_server: Server, text: str) -> None:
    nlu = NLU(nlu_server.url, nlu_server.token, timeout=10)
    understood = await nlu.parse(text)
    await nlu.aclose()
    assert len(understood.intents) in {0, 65}


async def test_another_token_is_refused(nlu_server: Server) -> None:
    nlu = NLU(nlu_server.url, "another", timeout=10)
    with pytest.raises(NLUDown):
        await nlu.parse("help")
    await nlu.aclose()


async def test_what_a_person_writes_is_in_no_file(nlu_server: Server) -> None:
    marker = "zvezdoznanac xq17"
    nlu = NLU(nlu_server.url, nlu_server.token, timeout=10)
    before = {path: path.stat().st_mtime_ns for path in (DATA_DIR / "nlu").rglob("*") if path.is_file()}
    await nlu.parse(f"{marker} took my passport")
    await nlu.aclose()
    after = {path: path.stat().st_mtime_ns for path in (DATA_DIR / "nlu").rglob("*") if path.is_file()}
    assert after == before
    open_files = Path(f"/proc/{nlu_server.process}/fd")
    for link in open_files.iterdir():
        target = Path(link).resolve()
        if target.is_file() and target.stat().st_size < 1_000_000:
            assert marker.encode() not in target.read_bytes()


def test_a_sample_of_the_shipped_vectors_is_what_the_encoder_says() -> None:
    """Recomputed in Rasa's own Python: 30 sentences from all over the data."""
    code = """
import numpy as np
from pathlib import Path
from nlu_data.components import library
from nlu_data.components.encoder import E5
from nlu_data.vectors.__main__ import examples
encoder, shipped = E5(), library.read(library.SHIPPED)
texts = examples(Path("nlu_data/nlu"))
assert all(library.key(text, encoder) in shipped for text in texts), "run: make vectors"
sample = texts[:: len(texts) // 30]
kept = library.grow(np.array([shipped[library.key(text, encoder)] for text in sample]))
print(float((kept * library.grow(encoder.encode(sample))).sum(axis=1).min()))
"""
    done = subprocess.run(
        [str(model.PYTHON), "-c", code],
        cwd=model.ROOT,
        env={**model.environment(DATA_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout.strip().splitlines()[-1]) > 0.995
