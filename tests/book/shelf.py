"""The whole book: its pages by name, and the index."""

from __future__ import annotations

from collections.abc import Mapping

from tests.book import answers, page, paths

_ABOUT = """\
What a person can meet in the helpline, step by step, for reviewers who need no code: social workers, native
speakers, lawyers. On each page the same path stands in all four languages: what the person does, what the bot says with
its buttons, and what a counsellor sees then.

How to review: read a page, write down the page's name, the language, the sentence, and what should stand there
instead. A path that is missing can be added to [paths.yml](paths.yml).

The persons are made up. It is a Wednesday, 4 March 2026, 20:07 in Belgrade and Prishtina."""


def pages() -> Mapping[str, str]:
    """Every page, by the name of its file; WrongPath names all that can't be played, not only the first."""
    told = paths.load()
    made: dict[str, str] = {}
    wrong: list[str] = []
    for one in told:
        try:
            made[f"{one.id}.md"] = page.of_path(one)
        except paths.WrongPath as failure:
            wrong.append(str(failure))
    if wrong:
        raise paths.WrongPath("\n".join(wrong))
    made |= {f"answers-{group}.md": answers.of_group(group) for group in answers.groups()}
    return made | {"README.md": _index(told)}


def _index(told: tuple[paths.Path, ...]) -> str:
    parts = [page.MADE, "# Conversations", _ABOUT]
    for chapter in dict.fromkeys(one.chapter for one in told):
        lines = [
            f"* [{page.escaped(one.title)}]({one.id}.md): {page.escaped(one.about)}"
            for one in told
            if one.chapter == chapter
        ]
        parts += [f"## {chapter}", "\n".join(lines)]
    links = [f"* [{answers.TITLES.get(group, group)}](answers-{group}.md)" for group in answers.groups()]
    parts += ["## Answers", "\n".join(links), "---", page.FOOTNOTE]
    return "\n\n".join(parts) + "\n"
