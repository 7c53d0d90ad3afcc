"""Writes the transcript book, and removes pages of paths that are no more."""

from __future__ import annotations

import sys

from tests.book import paths, shelf


def main() -> None:
    """Makes docs/conversations/ what it should be."""
    try:
        made = shelf.pages()
    except paths.WrongPath as failure:
        sys.exit(f"docs/conversations/paths.yml no longer fits what the helpline does:\n{failure}")
    changed = 0
    for name, text in made.items():
        file = paths.FOLDER / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed += 1
    gone = [file for file in paths.FOLDER.glob("*.md") if file.name not in made]
    for file in gone:
        file.unlink()
    print(f"{paths.FOLDER}: {len(made)} pages, {changed} changed, {len(gone)} removed.")


if __name__ == "__main__":
    main()
