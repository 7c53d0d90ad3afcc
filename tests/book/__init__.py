"""The transcript book: each path through the helpline, in each language, for reviewers who are no engineers.

`python -m tests.book` (make book) plays docs/conversations/paths.yml through the dialogue itself and writes the pages
beside it. `paths` reads them, `telling` plays one, `page` and `answers` write what comes of it.
"""
