"""Makes the shipped vectors anew from the training examples: `python -m nlu_data.vectors` in Rasa's environment."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import yaml

from nlu_data.components import library
from nlu_data.components.encoder import E5


def examples(folder: Path) -> list[str]:
    """Every training example of every language."""
    found: list[str] = []
    for path in sorted(folder.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
    return found


def main() -> int:
    started = time.monotonic()
    encoder = E5()
    texts = examples(Path(__file__).parents[1] / "nlu")
    known = {**library.read(library.cache_path()), **library.read(library.SHIPPED)}
    wanted = {library.key(text, encoder) for text in texts}
    missing = [text for text in texts if library.key(text, encoder) not in known]
    made = library.encode_all(missing, encoder)
    kept = {one: vector for one, vector in {**known, **made}.items() if one in wanted}
    small = library.shrink(library.grow(np.array(list(kept.values()))))
    library.write(library.SHIPPED, dict(zip(kept, small, strict=True)))
    size = library.SHIPPED.stat().st_size / 1e6
    print(f"{len(wanted)} vectors, {len(missing)} of them new, {size:.1f} MB, {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
