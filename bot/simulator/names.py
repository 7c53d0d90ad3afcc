"""Plausible people: names that the bot receives and must never keep."""

from __future__ import annotations

from random import Random
from typing import Final

_FIRST: Final = {
    "sr": ("Jelena", "Milica", "Ivana", "Marko", "Snežana", "Nikola", "Dragana", "Teodora"),
    "sq": ("Arta", "Blerta", "Drita", "Besnik", "Fatime", "Liridon", "Vjosa", "Mirjeta"),
    "en": ("Emma", "Grace", "Hannah", "Daniel", "Ruth", "Amara", "Leila", "Samuel"),
    "ru": ("Olga", "Irina", "Anna", "Darya", "Svetlana", "Pavel"),
    "tr": ("Elif", "Zeynep", "Ayşe", "Deniz", "Emine", "Can"),
    "ar": ("Amina", "Noor", "Salma", "Yusuf", "Rania", "Huda"),
    "fa": ("Parisa", "Shirin", "Mina", "Navid", "Laleh", "Zahra"),
    "fr": ("Aline", "Claire", "Fatou", "Julien", "Inès", "Manon"),
}
_LAST: Final = {
    "sr": ("Petrović", "Savić", "Ilić", "Lukić", "Mitić", "Stojanović"),
    "sq": ("Krasniqi", "Gashi", "Berisha", "Hoti", "Shala", "Morina"),
    "ru": ("Orlova", "Lebedeva", "Belov", "Sokolova"),
    "tr": ("Yılmaz", "Kaya", "Demir", "Aydın"),
    "ar": ("Haddad", "Nasser", "Khalil", "Mansour"),
    "fa": ("Karimi", "Rahimi", "Ahmadi", "Tehrani"),
    "fr": ("Moreau", "Lambert", "Diallo", "Girard"),
    "en": ("Walker", "Okafor", "Reed", "Novak", "Bennett", "Hayes"),
}


def invented(language: str, random: Random) -> tuple[str, str, str]:
    """First name, last name and user name of somebody who does not exist."""
    base = language.split("-", maxsplit=1)[0]
    first = random.choice(_FIRST.get(base, _FIRST["en"]))
    last = random.choice(_LAST.get(base, _LAST["en"]))
    letters = first.lower().translate(str.maketrans("šžćčđşèëüö", "szccdseeuo"))
    return first, last, f"{letters}_{random.randrange(1000, 99999)}"
