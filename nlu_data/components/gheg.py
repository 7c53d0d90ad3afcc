"""Gheg, as people write it in Kosovo*, in the standard Albanian that an encoder has read more of."""

from __future__ import annotations

import re

from nlu_data.normalise import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# What is joined to the next word: "s'kam" (I have not), "m'rreh" (beats me), "n'shpi" (at home).
_JOINED = {"s": "nuk", "m": "më", "n": "në", "t": "të", "ç": "çfarë", "c": "çfarë"}


def _table(lines: str) -> dict[str, str]:
    """Read lines of "standard: form form"."""
    return {
        form: standard.strip()
        for standard, _, forms in (line.partition(":") for line in lines.strip().splitlines())
        for form in forms.split()
    }


# Keys are folded: no diacritics. These forms are no words of English or Serbian, so each shows that a text is Albanian.
_GHEG = _table("""
    jam: jom
    është: osht asht esht eshte
    jemi: jena
    janë: jane
    kemi: kena
    nuk mund: smuj
    mund: muj
    duan: dojn
    si: qysh
    çfarë: qka cka cfare qfare qfar
    gjithë: krejt
    tani: tash qitash qetash
    tregoj: kallzoj
    trego: kallxo
    treguar: kallxu
    shtëpi: shpi
    shtëpia: shpija
    shtëpisë: shpise
    paratë: paret
    fëmijë: thmi femije
    fëmijët: kalamajt femijet
    vajzën: ciken
    grua: gru
    vëllai: vllau vellai
    nënës: nanes
    unë: une
    asgjë: kurgjo
    askush: kerkush
    fare: hiq
    pastaj: masnej
    bëjnë: bojn
    lëshon: leshon lshon
    lëshojnë: lshojn
    thonë: thojn
    thotë: thot
    rrahin: rrehin
    ndenjur: nejt
    shkuar: shku
    dhënë: dhan
    këtu: ktu qetu
    jashtë: jasht
    brenda: mrena mbrena
    nesër: neser
    natën: naten
    ndihmë: ndihme nimo
    punën: punen
    letërnjoftim: leternjoftim letrnjoftim
    letërnjoftimin: letrnjoftimin
    paguar: pagu
    çon: qon
    çojnë: cojne cojn qojn
    makinë: kerr
    makinën: kerrin
    makinës: kerrit
""")
# Forms that are words of English or Serbian too: they count only where something else shows that a text is Albanian.
_SHARED = _table("""
    unë: un
    dua: du
    do: don
    mirë: mir
    më: ma um
    mua: mu
    të: te
    në: ne
    që: qe
    duke: tu
    çfarë: ca
    pas: mas
    para: pare
    nëna: nana
    natë: nate
    bërë: bo bon
    lë: len
    marrë: marr
    kanë: kan kane
    janë: jan
    kam: kom
    ndonjë: naj
    vajza: cika
    për: per
    vetëm: vec
    bëj: boj
    derë: dere
    punë: pune
    çon: con
    mbetur: met
    ikur: ik
    folur: fol
""")
# Words of the standard that neither English nor Serbian has.
_ALBANIAN = frozenset(
    "nuk dhe edhe eshte burri gruaja vajza djali mund duhet cfare dua nga kjo ketu ketij kete asnje"
    " shume sepse policia shtepi shtepia shefi punoj leter njeri njerez duhen mos kush".split()
)


def standard(text: str) -> str:
    """The text with Gheg forms as standard Albanian, if it is Albanian at all; otherwise the text as it is.

    `text` is in small letters.
    """
    words = [(found, fold(found.group())) for found in _WORD.finditer(text)]
    if not any(word in _GHEG or word in _ALBANIAN or "ë" in found.group() for found, word in words):
        return text
    return _WORD.sub(lambda found: _standard(found.group()), text)


def _standard(written: str) -> str:
    head, mark, rest = written.replace("’", "'").partition("'")
    if mark and head in _JOINED:
        return f"{_JOINED[head]} {_standard(rest)}"
    word = fold(written)
    return _GHEG.get(word) or _SHARED.get(word) or written
