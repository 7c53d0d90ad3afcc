"""The words for what an admin sees: groups, languages, steps, figures; `gettext` speaks the console's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from handoff.trainings import STEPS
from nlu_data.figures import MEASURES
from responses import languages

Gettext = Callable[[str], str]
# The groups in the order in which they are shown: what matters most comes first.
GROUPS: Final = ("risk", "violence", "exploitation", "legal", "services", "talk")


def groups(gettext: Gettext) -> Mapping[str, str]:
    return {
        "risk": gettext("Danger"),
        "violence": gettext("Violence"),
        "exploitation": gettext("Exploitation"),
        "legal": gettext("Law and papers"),
        "services": gettext("Services"),
        "talk": gettext("Talking"),
    }


def written_languages() -> Mapping[str, str]:
    """The languages in which examples are written, each in its own name; Serbian in both scripts is one."""
    return {one: languages.NAMES.get(one, languages.NAMES.get(f"{one}-Latn", one)) for one in languages.WRITTEN}


def evaluation_languages(gettext: Gettext) -> Mapping[str, str]:
    """The languages of the evaluation messages: here the two scripts of Serbian are told apart."""
    return {
        **languages.NAMES,
        "sr-Latn": gettext("Serbian, Latin script"),
        "sr-Cyrl": gettext("Serbian, Cyrillic script"),
    }


def problems(gettext: Gettext) -> Mapping[str, str]:
    """Why a line can't be an example."""
    return {
        "empty": gettext("It has no letters."),
        "long": gettext("It is too long. An example has at most 600 characters."),
        "lines": gettext("It has characters in it that cannot be seen. Type it again instead of copying it."),
        "marks": gettext("It has square or curly brackets in it: [ ] { }. Take them out."),
    }


def steps(gettext: Gettext) -> tuple[tuple[str, str], ...]:
    """What a training does, in its order."""
    names = {
        "waiting": gettext("Waiting to begin"),
        "reading": gettext("Reading the examples"),
        "learning": gettext("Learning from them"),
        "measuring": gettext("Trying it out on messages that it has never seen"),
        "ready": gettext("Ready"),
    }
    return tuple((step, names[step]) for step in STEPS)


def measures(gettext: Gettext) -> Mapping[str, str]:
    names = {
        "risk_recall": gettext("dangers recognised"),
        "risk_recall_high": gettext("dangers recognised as high"),
        "top1": gettext("right at the first guess"),
        "top3": gettext("right among the first three"),
        "idiom": gettext("false alarms: sayings"),
        "off_topic": gettext("false alarms: off topic"),
        "talk": gettext("false alarms: talk"),
    }
    return {measure: names[measure] for measure in MEASURES}
