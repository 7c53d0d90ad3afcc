"""The catalogues of texts, read as they are written: no compiled file that could be older than its source."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from responses.languages import KNOWN
from responses.script import to_cyrillic


def read(folder: Path, language: str, domain: str) -> Mapping[str, str]:
    """All texts of one domain (bot, console) in one language, by message id; empty where there is no catalogue."""
    place = KNOWN[language].folder if language in KNOWN else language.replace("-", "_")
    path = folder / place / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, domain=domain)
    shown = to_cyrillic if language == "sr-Cyrl" else str
    return {str(one.id): shown(str(one.string)) for one in catalogue if one.id and one.string}


def translations(folder: Path, language: str, domain: str) -> NullTranslations:
    """The same as gettext's object, for templates; a message without translation stays English."""
    texts = read(folder, language, domain)
    if not texts:
        return NullTranslations()
    catalogue = Catalog(domain=domain)
    for key, text in texts.items():
        catalogue.add(key, text)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=domain)
